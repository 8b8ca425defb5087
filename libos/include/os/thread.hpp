// SPDX-License-Identifier: MIT
/// Threads of the component, with a stack of their own.
#pragma once

#include "base/result.hpp"
#include "os/memory.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <new>
#include <optional>
#include <utility>

namespace os {

/// The TCB of the calling thread.
[[nodiscard]] auto current_tcb() -> abi::CPtr;

/// The cores that `ThreadOptions::core` may name: those that the system uses, four at most, if the component
/// has the grant `cores`; otherwise none.
[[nodiscard]] auto core_count() -> std::size_t;

struct ThreadOptions {
    std::size_t stack_size{32768}; ///< bytes, rounded up to pages; all of it is mapped at once
    /// At most the component's own, which is the default.
    std::optional<std::uint8_t> priority{};
    /// Below `core_count()`; by default it is the component's own. A call takes its server along to the core
    /// of its caller.
    std::optional<std::size_t> core{};
};

/// A running thread, or none. It shares everything with its component. Its faults go to the component's
/// pager; below its stack there is a page that is never mapped.
class Thread {
public:
    constexpr Thread() = default;

    /// Starts a thread that calls `function`. The callable is moved to the new thread's stack.
    /// Errors: as for make_object, those of `CoreControl.configure`, and RangeError for a core that it may
    /// not run on.
    template <std::invocable Function>
    [[nodiscard]] static auto create(Function function, ThreadOptions const& options = {})
        -> std::expected<Thread, abi::Error>;

    Thread(Thread&& other) noexcept = default;
    auto operator=(Thread&& other) noexcept -> Thread&;
    Thread(Thread const&) = delete;
    auto operator=(Thread const&) -> Thread& = delete;
    /// Joins.
    ~Thread() { join(); }

    /// Waits until the function has returned; then nothing is left of the thread. Nothing happens if there is
    /// none.
    void join();

    [[nodiscard]] auto tcb() const -> object::Tcb { return *tcb_; }
    [[nodiscard]] explicit operator bool() const { return static_cast<bool>(tcb_); }

    /// What a new thread finds out about itself; at the very top of its stack.
    struct Record {
        void (*run)(void* callable);
        void* callable;
        abi::CPtr tcb;
        abi::CPtr finished; ///< notification
    };

private:
    /// Everything but the callable.
    [[nodiscard]] static auto prepare(ThreadOptions const& options) -> std::expected<Thread, abi::Error>;
    [[nodiscard]] auto configure() const -> std::expected<void, abi::Error>;
    /// Takes room on the stack, below what was taken before.
    [[nodiscard]] auto reserve(std::size_t size, std::size_t alignment) -> void*;
    [[nodiscard]] auto start(void (*run)(void*), void* callable) -> std::expected<void, abi::Error>;

    Cap<object::Tcb> tcb_;
    Cap<object::SchedContext> context_;
    Cap<object::Notification> finished_;
    Mapping stack_;
    std::uint64_t stack_top_{}; ///< what is above is taken
};

template <std::invocable Function>
auto Thread::create(Function function, ThreadOptions const& options) -> std::expected<Thread, abi::Error> {
    auto thread = TRY(prepare(options));
    auto* const place = thread.reserve(sizeof(Function), alignof(Function));
    auto* const callable = new (place) Function{std::move(function)};
    auto const run = [](void* pointer) {
        auto* const own = static_cast<Function*>(pointer);
        (*own)();
        std::destroy_at(own);
    };
    TRY(thread.start(run, callable));
    return thread;
}

} // namespace os
