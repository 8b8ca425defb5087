// SPDX-License-Identifier: MIT
/// The methods of the Memory interface.
#include "components/memory/memory.hpp"

namespace memory {
namespace {

auto error(Refusal refusal) -> std::unexpected<idl::memory::MemoryError> {
    switch (refusal) {
    case Refusal::Quota: return std::unexpected{idl::memory::MemoryError::Quota};
    case Refusal::Exhausted: return std::unexpected{idl::memory::MemoryError::Exhausted};
    case Refusal::BadBlock: break;
    }
    return std::unexpected{idl::memory::MemoryError::BadBlock};
}

} // namespace

auto MemoryService::allocate_frame(os::Caller const& caller, std::uint8_t size_bits)
    -> std::expected<idl::memory::AllocateFrameAnswer, Error> {
    auto const allocation = store_.allocate(caller.session, Kind::Frame, size_bits);
    if (!allocation.has_value()) {
        return error(allocation.error());
    }
    return idl::memory::AllocateFrameAnswer{.block = allocation->block,
                                            .frame = os::object::Frame{allocation->object}};
}

auto MemoryService::allocate_untyped(os::Caller const& caller, std::uint8_t size_bits)
    -> std::expected<idl::memory::AllocateUntypedAnswer, Error> {
    auto const allocation = store_.allocate(caller.session, Kind::Untyped, size_bits);
    if (!allocation.has_value()) {
        return error(allocation.error());
    }
    return idl::memory::AllocateUntypedAnswer{.block = allocation->block,
                                              .memory = os::object::Untyped{allocation->object}};
}

auto MemoryService::free(os::Caller const& caller, std::uint32_t block) -> std::expected<void, Error> {
    auto const freed = store_.free(caller.session, block);
    if (!freed.has_value()) {
        return error(freed.error());
    }
    return {};
}

auto MemoryService::usage(os::Caller const& caller) -> idl::memory::Usage {
    Account const& account = store_.account(caller.session);
    return {.used = account.used, .quota = account.quota, .blocks = account.blocks};
}

auto MemoryService::holder(std::uint16_t index) -> idl::memory::HolderResult {
    if (index >= sessions_.size()) {
        return {};
    }
    Account const& account = store_.account(index);
    os::Session const& session = sessions_[index];
    return {.found = true,
            .holder = {.own = session.own, .used = account.used, .quota = account.quota},
            .name = sessions_.client(session)};
}

} // namespace memory
