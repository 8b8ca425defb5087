// SPDX-License-Identifier: MIT
/// Opens files and takes memory until it is refused, sets an alarm, says how much it has got, and faults.
#include "generated/env.hpp"
#include "generated/file_client.hpp"

#include "os/log.hpp"

#include <vector>

void os::main(Env& env) {
    std::vector<Opened<idl::file::Client>> files;
    while (auto file = env.vfs().open("/dev/null", idl::vfs::Open::Read)) {
        files.push_back(*std::move(file));
    }
    std::vector<idl::memory::AllocateFrameResult> blocks;
    while (auto block = env.memory().allocate_frame(12)) {
        blocks.push_back(*std::move(block));
    }
    constexpr std::uint64_t kPeriod = 1'000'000;
    auto const set = env.timer().set_periodic(0, 0, kPeriod);
    os::log(LogLevel::Info, "has ", files.size(), " files, ", blocks.size(), " blocks and ", set ? 1 : 0,
            " alarm");
    __builtin_trap();
}
