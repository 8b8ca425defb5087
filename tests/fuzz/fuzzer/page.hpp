// SPDX-License-Identifier: MIT
/// The page of a worker: the operations that it is to execute, and what came of them. worker.S knows the
/// layout.
#pragma once

#include "kernel/abi/message.hpp"
#include "kernel/abi/syscall.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace fuzz {

/// Numbers of entries in the table of worker.S: system calls, then what else there is.
namespace kind {
inline constexpr std::uint64_t kUndefined = abi::kSyscallCount;
} // namespace kind

struct Operation {
    abi::CPtr capability;
    std::uint64_t tag;
    abi::Words words;
    abi::CPtr second;
    std::uint64_t kind;
};
static_assert(sizeof(Operation) == 96);

struct Result {
    std::uint64_t badge;
    std::uint64_t tag;
    abi::Words words;
    std::uint64_t scratch;
    std::uint64_t done; ///< 1: the operation has come to its end
};
static_assert(sizeof(Result) == sizeof(Operation));

struct Page {
    static constexpr std::size_t kOperations = 20;

    std::uint64_t index; ///< of the next operation
    std::uint64_t count;
    std::array<std::uint64_t, 6> padding;
    std::array<Operation, kOperations> operations;
    std::array<Result, kOperations> results;
};
static_assert(offsetof(Page, operations) == 64 && sizeof(Page) <= 4096);

} // namespace fuzz
