// SPDX-License-Identifier: MIT
/// Faults of a thread that the other side handles.
#include "base/result.hpp"
#include "os/startup_info.hpp"
#include "rig.hpp"

namespace bench {
namespace {

using idl::bench::Role;

/// Where nothing of libos is.
constexpr std::uint64_t kPageAddress = 0x1C'0000'0000;

/// Executes `once` in a thread whose faults go to `handler`.
template <typename Once>
auto sample_in_thread(abi::CPtr handler, Once const& once) -> std::expected<Samples, std::string_view> {
    auto const go = os::make_object<os::object::Notification>();
    TRY(must(go, "there is no memory for a notification"));
    Samples samples;
    // Its priority is above this thread's: it has come to its wait when it has been made.
    auto const run = [&] {
        (void)(*go)->wait();
        samples = sample(once);
    };
    auto thread = os::Thread::create(run, {.priority = kMainPriority + 1});
    TRY(must(thread, "a thread cannot be made"));
    TRY(must(thread->tcb().configure(os::slot::kCNode, os::slot::kVSpace, handler),
             "a thread refuses its fault handler"));
    (*go)->signal();
    thread->join();
    return samples;
}

} // namespace

auto measure_faults(Rig const& rig) -> Outcome {
    auto const undefined = TRY(rig.start(Role::UndefinedInstruction));
    TRY(sample_in_thread(undefined, [] { return length(arch::undefined()); })).report("fault_undef");

    // Its tables stay when it is unmapped.
    auto const frame = os::make_object<os::object::Frame>(abi::kSmallFrameBits);
    TRY(must(frame, "there is no memory for a page"));
    constexpr auto kReadWrite = abi::rights::kRead | abi::rights::kWrite;
    TRY(must(os::map_frame(**frame, base::VirtAddr{kPageAddress}, kReadWrite), "a page cannot be mapped"));
    TRY(must((*frame)->unmap(), "a page cannot be unmapped"));
    TRY(must(rig.peer.set_frame(**frame), "the pager gets no frame"));
    TRY(must(rig.peer.set_space(os::object::VSpace{os::slot::kVSpace}, kPageAddress),
             "the pager gets no address space"));
    auto const pager = TRY(rig.start(Role::Pager));
    TRY(sample_in_thread(pager, [pager] {
        auto const taken =
            arch::read(reinterpret_cast<std::uint64_t const*>(kPageAddress)); // the pager maps it
        (void)os::call(pager, {});                                            // unmaps it
        return length(taken);
    })).report("fault_vm_pager");
    return {};
}

} // namespace bench
