// SPDX-License-Identifier: MIT
/// The Memory interface, on top of the store.
#pragma once

#include "components/memory/store.hpp"
#include "generated/memory.hpp"
#include "os/service.hpp"

#include <cstdint>
#include <expected>

namespace memory {

/// Sessions of the store are those of the server.
class MemoryService {
public:
    using Error = idl::memory::MemoryError;

    MemoryService(Store& store, os::Sessions const& sessions) : store_{store}, sessions_{sessions} {}

    auto allocate_frame(os::Caller const& caller, std::uint8_t size_bits)
        -> std::expected<idl::memory::AllocateFrameAnswer, Error>;
    auto allocate_untyped(os::Caller const& caller, std::uint8_t size_bits)
        -> std::expected<idl::memory::AllocateUntypedAnswer, Error>;
    auto free(os::Caller const& caller, std::uint32_t block) -> std::expected<void, Error>;
    auto usage(os::Caller const& caller) -> idl::memory::Usage;
    auto holder(std::uint16_t index) -> idl::memory::HolderResult;
    auto available() -> std::uint64_t { return store_.free_bytes(); }
    void forget(Session session) { store_.free_all(session); }

private:
    Store& store_;
    os::Sessions sessions_;
};

} // namespace memory
