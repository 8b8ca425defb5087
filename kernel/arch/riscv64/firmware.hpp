// SPDX-License-Identifier: MIT
/// What runs below the kernel: the supervisor binary interface (SBI), version 0.2 or later. The numbers are
/// those of the RISC-V Supervisor Binary Interface Specification, which has a chapter for each extension.
#pragma once

#include <array>
#include <cstdint>

namespace kernel::arch::firmware {

/// Extensions, each with functions of its own.
enum class Extension : std::uint32_t {
    Base = 0x10,
    HartState = 0x48'534D,
    Interrupt = 0x73'5049,
    RemoteFence = 0x5246'4E43,
    Time = 0x5449'4D45,
};

struct Answer {
    std::int64_t error; ///< 0: none
    std::uint64_t value;
};

/// A function of an extension. Everything but the two registers that it answers in stays as it is.
inline auto call(Extension extension, std::uint64_t function, std::array<std::uint64_t, 5> const& arguments)
    -> Answer {
    // The firmware takes and answers in exactly these registers.
    register std::uint64_t a0 asm("a0") = arguments[0];
    register std::uint64_t a1 asm("a1") = arguments[1];
    register std::uint64_t a2 asm("a2") = arguments[2];
    register std::uint64_t a3 asm("a3") = arguments[3];
    register std::uint64_t a4 asm("a4") = arguments[4];
    register std::uint64_t a6 asm("a6") = function;
    register std::uint64_t a7 asm("a7") = static_cast<std::uint32_t>(extension);
    asm volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a3), "r"(a4), "r"(a6), "r"(a7) : "memory");
    return {static_cast<std::int64_t>(a0), a1};
}

/// Whether the firmware has an extension.
[[nodiscard]] inline auto has(Extension extension) -> bool {
    constexpr std::uint64_t kProbe = 3;
    auto const [error, value] = call(Extension::Base, kProbe, {static_cast<std::uint32_t>(extension)});
    return error == 0 && value != 0;
}

inline void set_timer(std::uint64_t ticks) { (void)call(Extension::Time, 0, {ticks}); }

/// Has a hart begin at a physical address, MMU off, its number in a0 and `argument` in a1. False: there is
/// none.
[[nodiscard]] inline auto start_hart(std::uint64_t number, std::uint64_t address, std::uint64_t argument)
    -> bool {
    return call(Extension::HartState, 0, {number, address, argument}).error == 0;
}

/// Harts are a mask of their numbers, which are below this.
inline constexpr std::uint64_t kMaskBits = 64;

// These cannot fail on harts that run, where there are these extensions.
inline void send_interrupt(std::uint64_t mask) { (void)call(Extension::Interrupt, 0, {mask}); }
inline void fence_instructions(std::uint64_t mask) { (void)call(Extension::RemoteFence, 0, {mask}); }

/// Drops translations of `size` bytes at `address`, or all where both are 0; for every ASID.
inline void fence_translations(std::uint64_t mask, std::uint64_t address, std::uint64_t size) {
    (void)call(Extension::RemoteFence, 1, {mask, 0, address, size});
}
inline void fence_translations(std::uint64_t mask, std::uint64_t address, std::uint64_t size,
                               std::uint64_t asid) {
    (void)call(Extension::RemoteFence, 2, {mask, 0, address, size, asid});
}

} // namespace kernel::arch::firmware
