// SPDX-License-Identifier: MIT
/// The one who makes the component's objects and page tables. Once the pager runs, it alone uses the manager,
/// and all others ask it with messages: so no lock is needed that a fault could find held.
#pragma once

#include "base/address.hpp"
#include "object_allocator.hpp"
#include "os/message.hpp"

#include <expected>

namespace os {

/// What a manager is asked for: the label of a message to it. The answer's label is an `abi::Error`.
enum class MemoryRequest : std::uint8_t {
    Make = 1,      ///< words: type, size bits, count; answer: first slot, block
    Release = 2,   ///< words: block, count
    AddTable = 3,  ///< words: address; adds the first page table that is missing there
    AddMemory = 4, ///< words: slot of an untyped, size bits
};

/// The kernel as the object allocator wants it.
class UntypedInvoker {
public:
    [[nodiscard]] auto retype(abi::CPtr untyped, ObjectRequest const& request, abi::CPtr first_slot) const
        -> std::expected<void, abi::Error>;
    [[nodiscard]] auto allocate_slot(std::size_t count) const -> std::expected<abi::CPtr, abi::Error>;
    void free_slot(abi::CPtr first, std::size_t count) const;
};

class MemoryManager {
public:
    constexpr MemoryManager() = default;
    constexpr MemoryManager(abi::CPtr untyped, unsigned untyped_bits)
        : objects_{UntypedInvoker{}, untyped, untyped_bits} {}

    /// Does what a message asks for.
    [[nodiscard]] auto answer(Message const& request) -> Message;

    /// Maps a new zeroed page, readable and writable. That there is one already is fine: another thread was
    /// faster.
    [[nodiscard]] auto map_zeroed_page(base::VirtAddr address) -> std::expected<void, abi::Error>;

private:
    [[nodiscard]] auto make(Message const& request) -> std::expected<Message, abi::Error>;
    [[nodiscard]] auto add_table(base::VirtAddr address) -> std::expected<void, abi::Error>;
    void discard(ObjectAllocator<UntypedInvoker>::Made const& made);

    ObjectAllocator<UntypedInvoker> objects_;
};

/// Asks the manager: directly as long as the program has one thread, with a message from then on.
[[nodiscard]] auto ask_memory_manager(MemoryRequest request, abi::Words const& words)
    -> std::expected<Message, abi::Error>;

extern constinit MemoryManager memory_manager;
/// The pager's endpoint; 0 until it runs.
extern constinit abi::CPtr memory_endpoint;

} // namespace os
