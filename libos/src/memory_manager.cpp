// SPDX-License-Identifier: MIT
/// Makes objects, page tables and demand-zero pages.
#include "memory_manager.hpp"

#include "base/result.hpp"
#include "os/memory.hpp"
#include "os/startup_info.hpp"

namespace os {

constinit MemoryManager memory_manager;
constinit abi::CPtr memory_endpoint = abi::kNullCPtr;

/// A frame that is being mapped can miss one table of each level below the root.
constexpr int kTableLevels = 2;

auto UntypedInvoker::retype(abi::CPtr untyped, ObjectRequest const& request, abi::CPtr first_slot) const
    -> std::expected<void, abi::Error> {
    constexpr std::uint8_t kIntoRoot = 0;
    return object::Untyped{untyped}.retype(
        static_cast<std::uint8_t>(request.type), static_cast<std::uint8_t>(request.size_bits), kIntoRoot,
        static_cast<std::uint16_t>(request.count), slot::kCNode, 0, first_slot);
}

auto UntypedInvoker::allocate_slot(std::size_t count) const -> std::expected<abi::CPtr, abi::Error> {
    return os::allocate_slot(count);
}

void UntypedInvoker::free_slot(abi::CPtr first, std::size_t count) const { os::free_slot(first, count); }

auto MemoryManager::answer(Message const& request) -> Message {
    auto const refuse = [](abi::Error error) {
        return Message{abi::MessageTag{static_cast<std::uint64_t>(error), 0}, {}};
    };
    switch (static_cast<MemoryRequest>(request.tag.label())) {
    case MemoryRequest::Make: {
        auto const made = make(request);
        return made ? *made : refuse(made.error());
    }
    case MemoryRequest::Release:
        objects_.release(static_cast<MemoryBlock>(request.words[0]), request.words[1]);
        return {};
    case MemoryRequest::AddMemory: {
        auto const added = objects_.add(request.words[0], static_cast<unsigned>(request.words[1]));
        return added ? Message{} : refuse(added.error());
    }
    case MemoryRequest::AddTable: {
        auto const added = add_table(base::VirtAddr{request.words[0]});
        return added ? Message{} : refuse(added.error());
    }
    }
    return refuse(abi::Error::IllegalOperation);
}

auto MemoryManager::make(Message const& request) -> std::expected<Message, abi::Error> {
    auto const made = TRY(objects_.make({.type = static_cast<abi::ObjectType>(request.words[0]),
                                         .size_bits = static_cast<unsigned>(request.words[1]),
                                         .count = request.words[2]}));
    return Message{abi::MessageTag{0, 2}, {made.first_slot, made.block}};
}

void MemoryManager::discard(ObjectAllocator<UntypedInvoker>::Made const& made) {
    delete_capability(made.first_slot);
    free_slot(made.first_slot);
    objects_.release(made.block, 1);
}

auto MemoryManager::add_table(base::VirtAddr address) -> std::expected<void, abi::Error> {
    auto const made = TRY(objects_.make({.type = abi::ObjectType::PageTable, .size_bits = 0, .count = 1}));
    auto const mapped = object::PageTable{made.first_slot}.map(slot::kVSpace, address.value());
    if (mapped) {
        return {};
    }
    discard(made);
    // None is missing: another thread has asked for the same table before.
    if (mapped.error() == abi::Error::DeleteFirst) {
        return {};
    }
    return mapped;
}

auto MemoryManager::map_zeroed_page(base::VirtAddr address) -> std::expected<void, abi::Error> {
    auto const made =
        TRY(objects_.make({.type = abi::ObjectType::Frame, .size_bits = abi::kSmallFrameBits, .count = 1}));
    object::Frame const frame{made.first_slot};
    constexpr auto kCached = static_cast<std::uint8_t>(Caching::Cached);
    auto mapped =
        frame.map(abi::rights::kRead | abi::rights::kWrite, kCached, slot::kVSpace, address.value());
    for (int level = 0; level < kTableLevels && !mapped && mapped.error() == abi::Error::FailedLookup;
         ++level) {
        auto const added = add_table(address);
        mapped = added ? frame.map(abi::rights::kRead | abi::rights::kWrite, kCached, slot::kVSpace,
                                   address.value())
                       : added;
    }
    if (mapped) {
        return {};
    }
    discard(made);
    if (mapped.error() == abi::Error::DeleteFirst) {
        return {};
    }
    return mapped;
}

auto ask_memory_manager(MemoryRequest request, abi::Words const& words)
    -> std::expected<Message, abi::Error> {
    Message const message{abi::MessageTag{static_cast<std::uint64_t>(request), 3}, words};
    auto const answer =
        memory_endpoint == abi::kNullCPtr ? memory_manager.answer(message) : call(memory_endpoint, message);
    if (answer.tag.label() != 0) {
        return std::unexpected(static_cast<abi::Error>(answer.tag.label()));
    }
    return answer;
}

} // namespace os
