// SPDX-License-Identifier: MIT
/// Checks what the memory component gives, and that it takes it back. Its quota is 4 MiB.
#include "generated/env.hpp"

#include "generated/object/cnode.hpp"
#include "os/capability.hpp"
#include "os/log.hpp"
#include "os/memory.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace {

using Client = idl::memory::Client;
using Error = idl::memory::MemoryError;

constexpr std::uint8_t kPage = 12;
constexpr std::uint8_t kLargePage = 21;
constexpr std::uint8_t kReadWrite = abi::rights::kRead | abi::rights::kWrite;
constexpr std::string_view kGood;

auto type_of(abi::CPtr slot) -> abi::ObjectType {
    auto const what = os::object::CNode{os::slot::kCNode}.identify(os::kSlotDepth, slot);
    return what.has_value() ? static_cast<abi::ObjectType>(what->type) : abi::ObjectType::Null;
}

auto used(Client const& memory) -> std::uint64_t {
    auto const usage = memory.usage();
    return usage.has_value() ? usage->used : ~std::uint64_t{0};
}

/// Frames are zero, can be written, and come back clean after someone has written to them.
auto frames_are_zero(Client const& memory) -> std::string_view {
    for (int round = 0; round < 20; ++round) {
        auto frame = memory.allocate_frame(kPage);
        if (!frame.has_value()) {
            return "no frame";
        }
        {
            auto const mapping = os::Mapping::of(std::move(frame->frame), kReadWrite);
            if (!mapping.has_value()) {
                return "the frame cannot be mapped";
            }
            auto const bytes = mapping->bytes();
            if (std::ranges::any_of(bytes, [](std::byte byte) { return byte != std::byte{0}; })) {
                return "the frame is not zero";
            }
            std::ranges::fill(bytes, std::byte{0xA5});
        }
        if (!memory.free(frame->block).has_value()) {
            return "it does not take the frame back";
        }
    }
    return used(memory) == 0 ? kGood : "something is still counted";
}

/// What is made of borrowed memory goes with it.
auto untyped_makes_objects(Client const& memory) -> std::string_view {
    auto const block = memory.allocate_untyped(16);
    if (!block.has_value()) {
        return "no untyped memory";
    }
    auto const slot = os::allocate_slot();
    if (!slot.has_value()) {
        return "no slot";
    }
    auto const made = block->memory->retype(static_cast<std::uint8_t>(abi::ObjectType::Frame), kPage, 0, 1,
                                            os::slot::kCNode, 0, *slot);
    if (!made.has_value() || type_of(*slot) != abi::ObjectType::Frame) {
        return "no frame can be made of it";
    }
    if (!memory.free(block->block).has_value()) {
        return "it does not take the block back";
    }
    if (type_of(*slot) != abi::ObjectType::Null) {
        return "the frame has survived its memory";
    }
    os::free_slot(*slot);
    return kGood;
}

auto quota_is_kept(Client const& memory) -> std::string_view {
    auto const large = memory.allocate_frame(kLargePage);
    if (!large.has_value()) {
        return "no large frame";
    }
    auto const second = memory.allocate_untyped(kLargePage);
    if (!second.has_value()) {
        return "no second block";
    }
    auto const third = memory.allocate_frame(kPage);
    if (third.has_value() || !(third.error() == Error::Quota)) {
        return "the quota is exceeded";
    }
    if (!memory.free(large->block).has_value() || !memory.free(second->block).has_value()) {
        return "it does not take blocks back";
    }
    return used(memory) == 0 ? kGood : "something is still counted";
}

auto mistakes_are_refused(Client const& memory) -> std::string_view {
    auto const size = memory.allocate_frame(13);
    if (size.has_value() || !(size.error() == Error::BadBlock)) {
        return "a size that is none was taken";
    }
    auto const block = memory.free(4711);
    if (block.has_value() || !(block.error() == Error::BadBlock)) {
        return "a block that is none was freed";
    }
    return kGood;
}

/// Many blocks of mixed sizes, freed in another order: the server must be able to put them together again.
auto memory_comes_back(Client const& memory) -> std::string_view {
    auto const before = memory.available();
    for (int round = 0; round < 5; ++round) {
        std::vector<std::uint32_t> blocks;
        for (std::uint8_t bits = kPage; bits <= 18; ++bits) {
            for (int count = 0; count < 4; ++count) {
                auto const block = memory.allocate_untyped(bits);
                if (!block.has_value()) {
                    return "no block";
                }
                blocks.push_back(block->block);
            }
        }
        std::ranges::reverse(blocks);
        for (std::uint32_t const block : blocks) {
            if (!memory.free(block).has_value()) {
                return "it does not take a block back";
            }
        }
    }
    auto const after = memory.available();
    return before.has_value() && before == after ? kGood : "some is lost";
}

struct Check {
    std::string_view name;
    std::string_view (*run)(Client const&);
};

} // namespace

void os::main(Env& env) {
    constexpr std::array kChecks{
        Check{"frames_are_zero", frames_are_zero}, Check{"untyped_makes_objects", untyped_makes_objects},
        Check{"quota_is_kept", quota_is_kept}, Check{"mistakes_are_refused", mistakes_are_refused},
        Check{"memory_comes_back", memory_comes_back}};
    auto const memory = env.memory();
    unsigned failed = 0;
    for (Check const& check : kChecks) {
        auto const wrong = check.run(memory);
        failed += wrong.empty() ? 0U : 1U;
        base::log("TEST ", check.name, wrong.empty() ? " PASS" : " FAIL ", wrong);
    }
    base::log("SUITE DONE ", kChecks.size() - failed, " ", failed);
}
