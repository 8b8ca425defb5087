// SPDX-License-Identifier: MIT
/// The operations on untyped memory as invocations of the kernel, in the component's own CSpace.
#pragma once

#include "components/memory/untyped.hpp"
#include "kernel/abi/object.hpp"

#include <cstdint>
#include <expected>

namespace memory {

class UntypedCapabilities final : public UntypedOperations {
public:
    auto split(Slot whole, unsigned bits) -> std::expected<Slot, Refusal> override;
    void merge(Slot whole, Slot first) override;
    auto make(Slot whole, Kind kind, unsigned bits) -> std::expected<Slot, Refusal> override;
    void destroy(Slot whole, Slot object) override;

private:
    static auto retype(Slot whole, abi::ObjectType type, unsigned bits, std::uint16_t count)
        -> std::expected<Slot, Refusal>;
    static void reset(Slot whole, Slot first, std::uint16_t count);
};

} // namespace memory
