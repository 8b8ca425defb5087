// SPDX-License-Identifier: MIT
/// Makes kernel objects: finds the memory, the slots, and remembers whom they belong to.
#pragma once

#include "components/init/device_memory.hpp"
#include "components/init/failure.hpp"
#include "components/init/manifest.hpp"
#include "components/init/untyped_pool.hpp"
#include "generated/object/cnode.hpp"
#include "kernel/abi/boot_info.hpp"
#include "kernel/abi/object.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace init {

/// How many bits of a small CPtr init's CNode resolves: all.
inline constexpr std::uint8_t kDepth = 64;

/// init's CNode.
inline constexpr os::object::CNode kRoot{abi::init_slot::kCNode};

class Objects {
public:
    static constexpr std::size_t kWorkSlots = 16;

    /// Takes over all untyped memory and all free slots that the kernel has given to init.
    explicit Objects(abi::BootInfo const& boot);

    /// Consecutive empty slots of init's CNode; the first of them.
    auto take_slots(std::size_t count = 1) -> Result<abi::CPtr>;

    /// Slots for capabilities that are put away or deleted before the next call of this.
    /// Pre: `count` <= kWorkSlots.
    auto take_work_slots(std::size_t count) -> Result<abi::CPtr>;

    /// Makes `count` objects in new slots of init; the first of them. `size_bits` as in `Untyped.retype`.
    auto make(Owner owner, abi::ObjectType type, unsigned size_bits = 0, std::uint16_t count = 1)
        -> Result<abi::CPtr>;
    /// The same in slots that are there and empty, `first` and those behind it.
    auto make_in(abi::CPtr first, Owner owner, abi::ObjectType type, unsigned size_bits, std::uint16_t count)
        -> Result<>;

    /// An untyped block for `owner` to use; destroyed with everything else that is its.
    auto make_block(Owner owner, unsigned size_bits) -> Result<abi::CPtr>;

    /// A small frame of the device's page at `address`, which is the owner's from then on.
    auto device_frame(Owner owner, std::uint64_t address) -> Result<abi::CPtr>;

    /// Moves a capability to a table that belongs to `owner`: it stays, but its slot in init is empty again.
    auto put_away(Owner owner, abi::CPtr slot) -> Result<>;

    /// Destroys every object of `owner`, with all capabilities to it, wherever they are. Its memory and its
    /// devices stay its own, to make it of them once more.
    void destroy(Owner owner);

    [[nodiscard]] auto pool() const -> UntypedPool const& { return pool_; }

private:
    static constexpr unsigned kBlockBits = 17; ///< smallest block an owner gets
    static constexpr unsigned kStoreBits = 8;  ///< slots of one table for capabilities put away
    static constexpr std::size_t kMaxOwnedSlots = 2048;
    static constexpr std::size_t kMaxDeviceFrames = 512;

    /// A table for capabilities that only have to exist.
    struct Store {
        abi::CPtr cnode;
        std::uint64_t used;
    };

    /// A slot of init's with an object that a component is made of.
    struct OwnedSlot {
        Owner owner; ///< kCommon: nobody's, empty
        abi::CPtr slot;
    };

    struct DeviceFrame {
        Owner owner;
        std::uint64_t address;
        abi::CPtr slot;
    };

    auto find_memory(Owner owner, unsigned bits, std::uint16_t count) -> Result<abi::CPtr>;
    /// A slot that is empty again when its owner is destroyed.
    auto take_owned_slot(Owner owner) -> Result<abi::CPtr>;

    UntypedPool pool_;
    DeviceMemory devices_;
    abi::CPtr work_slots_ = abi::kNullCPtr; ///< the first, once they are taken
    abi::CPtr next_slot_;
    abi::CPtr end_of_slots_;
    std::array<Store, Manifest::kMaxComponents> stores_{}; ///< by owner
    // Invariant: of these tables the first `..._count_` entries are in use.
    std::array<OwnedSlot, kMaxOwnedSlots> owned_slots_{};
    std::size_t owned_count_ = 0;
    std::array<DeviceFrame, kMaxDeviceFrames> device_frames_{};
    std::size_t device_frame_count_ = 0;
};

} // namespace init
