// SPDX-License-Identifier: MIT
/// What the trial and one of its workers share: operations to execute, and what they left in the registers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

extern "C" {
extern std::byte const worker_begin; ///< the code, see worker.S
extern std::byte const worker_after; ///< behind each operation
extern std::byte const worker_end;
}

namespace differential {

/// Registers of worker.S, counted from the first argument on: the page's address, and those that messages are
/// in (a few more, where others lie between them).
inline constexpr std::uint8_t kPageRegister = 19;
inline constexpr std::uint8_t kMessageRegisters = 11;

/// What an operation executes: the first are the system calls, by their number.
enum class Kind : std::uint64_t {
    Call = 0,
    ReplyRecv,
    Send,
    NBSend,
    Recv,
    NBRecv,
    SendRecv,
    Reply,
    Yield,
    UnknownSystemCall,
    FarSystemCall,
    Undefined,
    Breakpoint,
    Read, ///< at the address in word 0
    Write,
    Jump,
    FloatingPoint,
    Privileged,
};
inline constexpr std::uint64_t kKinds = 18;

struct Operation {
    Kind kind;
    std::uint64_t capability;
    std::uint64_t tag;
    std::array<std::uint64_t, 8> words;
    std::uint64_t second_capability; ///< SendRecv
    std::array<std::uint64_t, 4> padding;
};

struct Result {
    std::array<std::uint64_t, 30> registers;
    std::array<std::uint64_t, 2> padding;
};

struct Page {
    static constexpr std::size_t kOperations = 20;

    std::uint64_t index; ///< of the operation that is executed
    std::uint64_t count;
    std::uint64_t gate; ///< the notification to wait on when all have been
    std::array<std::uint64_t, 13> padding;
    std::array<Operation, kOperations> operations;
    std::array<Result, kOperations> results;
};
static_assert(sizeof(Operation) == 128 && sizeof(Result) == 256 && offsetof(Page, operations) == 128 &&
              offsetof(Page, results) == 128 + Page::kOperations * 128); // as worker.S has them
inline constexpr std::size_t kPagesOfWorker = 2;
static_assert(sizeof(Page) <= kPagesOfWorker * 4096);

} // namespace differential
