// SPDX-License-Identifier: MIT
/// Makes a component: its objects, its image, stack and startup page, the slots every component has.
#pragma once

#include "base/cpio.hpp"
#include "components/init/address_space.hpp"
#include "components/init/instance.hpp"
#include "components/init/objects.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace init {

/// Capability rights of one who calls a server.
inline constexpr std::uint8_t kCallerRights =
    abi::rights::kWrite | abi::rights::kGrant | abi::rights::kGrantReply;

/// Badges on init's endpoint: the highest byte says what a message is, the lowest 16 bits who sends it.
inline constexpr std::uint64_t kSupervisorBadge = std::uint64_t{0xFF} << 56U;

/// Puts a capability of init's into a slot of a component.
struct Installation {
    std::uint32_t slot = 0;
    abi::CPtr source = abi::kNullCPtr;
    std::uint8_t rights = abi::rights::kAll;
    std::uint64_t badge = 0; ///< 0: as the source has it
};
auto install(Instance const& instance, Installation const& what) -> Result<>;

class Builder {
public:
    /// `endpoint` is where init receives. Everything referred to must stay.
    Builder(Objects& objects, Manifest const& manifest, abi::BootInfo const& boot, abi::CPtr endpoint);

    /// Fills in `instance` with component `index` of the manifest. When this fails nothing of it is left.
    auto build(std::size_t index, Instance& instance) -> Result<>;

private:
    auto build_parts(std::size_t index, Instance& instance) -> Result<>;
    auto make_objects(std::size_t index, Instance& instance) -> Result<>;
    auto install_slots(std::size_t index, Instance const& instance) -> Result<>;
    auto install_authority(Instance const& instance) const -> Result<>;
    auto load_image(std::size_t index, Instance const& instance) -> Result<std::uint64_t>;
    auto load_startup(AddressSpace& space, Instance const& instance) -> Result<>;
    auto map_initfs(AddressSpace& space) -> Result<>;
    auto prepare_thread(std::size_t index, Instance const& instance, std::uint64_t entry) -> Result<>;

    static constexpr std::size_t kMaxStartup = 16U << 10U;

    Objects* objects_;
    Manifest const* manifest_;
    abi::BootInfo const* boot_;
    abi::CPtr endpoint_;
    std::array<std::byte, kMaxStartup> startup_{}; ///< of the component in work
};

} // namespace init
