// SPDX-License-Identifier: MIT
/// The other side of the benchmark: a typed service, and threads of which each does one thing for ever.
#include "generated/bench.hpp"
#include "generated/env.hpp"
#include "measure.hpp"
#include "os/memory.hpp"
#include "os/server.hpp"
#include "os/thread.hpp"

#include <array>
#include <utility>

namespace {

using bench::Marks;
using idl::bench::BenchError;
using idl::bench::Role;

/// What the pager maps, and where.
struct Page {
    abi::CPtr frame{};
    abi::CPtr space{};
    std::uint64_t address{};
};

void pass_undefined(abi::CPtr endpoint) {
    auto received = os::receive(endpoint);
    while (true) {
        // Its program counter, behind the instruction.
        received =
            os::reply_receive(endpoint, {.tag = abi::MessageTag{0, 1},
                                         .words = {received.message.words[0] + bench::arch::kUndefinedSize}});
    }
}

void page(abi::CPtr endpoint, Page const& page) {
    os::object::Frame const frame{page.frame};
    auto received = os::receive(endpoint);
    while (true) {
        if (received.message.tag.has(abi::MessageTag::kFault)) {
            (void)frame.map(abi::rights::kRead | abi::rights::kWrite, 0, page.space, page.address);
        } else {
            (void)frame.unmap(); // whether it works is seen by who faults again, or does not
        }
        received = os::reply_receive(endpoint, {});
    }
}

class Peer {
public:
    auto sum(std::uint64_t first, std::uint32_t second, bool third) -> std::uint64_t {
        return first + second + (third ? 1 : 0);
    }
    auto measure(std::string_view text) -> std::uint32_t { return static_cast<std::uint32_t>(text.size()); }

    auto share(os::Cap<os::object::Frame> page) -> std::expected<void, BenchError> {
        auto mapped = os::Mapping::of(std::move(page), abi::rights::kRead | abi::rights::kWrite);
        if (!mapped) {
            return std::unexpected(BenchError::Failed);
        }
        shared_ = std::move(*mapped);
        return {};
    }
    auto set_frame(os::Cap<os::object::Frame> frame) -> std::expected<void, BenchError> {
        page_.frame = frame.release();
        return {};
    }
    auto set_space(os::Cap<os::object::VSpace> space, std::uint64_t address)
        -> std::expected<void, BenchError> {
        page_.space = space.release();
        page_.address = address;
        return {};
    }

    auto start(Role role) -> std::expected<os::object::Endpoint, BenchError> {
        auto& own = endpoints_[std::to_underlying(role)];
        auto made = os::make_object<os::object::Endpoint>();
        if (own || !made) {
            return std::unexpected(BenchError::Failed);
        }
        own = std::move(*made);
        auto const endpoint = own.slot();
        auto const run = [this, role, endpoint] {
            switch (role) {
            case Role::Echo: bench::arch::echo(endpoint);
            case Role::MarkingEcho: bench::arch::marking_echo(endpoint, marks());
            case Role::UndefinedInstruction: pass_undefined(endpoint); break;
            case Role::Pager: page(endpoint, page_); break;
            }
        };
        if (!keep(os::Thread::create(run))) {
            return std::unexpected(BenchError::Failed);
        }
        return os::object::Endpoint{endpoint};
    }

    auto watch(os::Cap<os::object::Notification> signal) -> std::expected<void, BenchError> {
        auto const run = [this, slot = signal.release()] { bench::arch::watch(slot, marks()); };
        if (!keep(os::Thread::create(run))) {
            return std::unexpected(BenchError::Failed);
        }
        return {};
    }

private:
    auto marks() -> Marks& {
        return *static_cast<Marks*>(static_cast<void*>(shared_.bytes().data()));
    } // a page of plain numbers

    auto keep(std::expected<os::Thread, abi::Error> thread) -> bool {
        if (!thread || started_ == threads_.size()) {
            return false;
        }
        threads_[started_++] = std::move(*thread);
        return true;
    }

    os::Mapping shared_;
    Page page_;
    std::array<os::Cap<os::object::Endpoint>, std::to_underlying(Role::Pager) + 1> endpoints_;
    std::array<os::Thread, 8> threads_;
    std::size_t started_{};
};

} // namespace

void os::main(Env& env) { os::serve(env.bench_service(), Peer{}); }
