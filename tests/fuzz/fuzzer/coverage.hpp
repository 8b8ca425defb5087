// SPDX-License-Identifier: MIT
/// How often each kind of operation was executed, and how often it succeeded.
#pragma once

#include "kernel/abi/syscall.hpp"
#include "methods.hpp"
#include "page.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fuzz {

/// What an operation counts as. After those named here come the system calls, and then the invocations.
enum class Kind : std::uint8_t { Noise, Undefined, Trap, FirstNamed };

[[nodiscard]] constexpr auto message_kind(abi::Syscall call) -> Kind {
    return static_cast<Kind>(static_cast<std::size_t>(Kind::FirstNamed) + static_cast<std::size_t>(call));
}
[[nodiscard]] constexpr auto invocation_kind(std::size_t method) -> Kind {
    return static_cast<Kind>(static_cast<std::size_t>(Kind::FirstNamed) + abi::kSyscallCount + method);
}

class Coverage {
public:
    struct Count {
        std::uint64_t executed;
        std::uint64_t succeeded;
    };

    void add(Kind kind, Operation const& operation, Result const& result);

    [[nodiscard]] static auto kinds() -> std::size_t;
    [[nodiscard]] static auto name(std::size_t kind) -> std::string_view;
    [[nodiscard]] auto count(std::size_t kind) const -> Count const& { return counts_[kind]; }
    /// System calls altogether.
    [[nodiscard]] auto calls() const -> std::uint64_t { return calls_; }

private:
    static constexpr std::size_t kMaxKinds = 96;

    std::array<Count, kMaxKinds> counts_{};
    std::uint64_t calls_{};
};

} // namespace fuzz
