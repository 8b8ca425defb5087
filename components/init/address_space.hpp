// SPDX-License-Identifier: MIT
/// Fills the address space of a component.
#pragma once

#include "components/init/elf.hpp"
#include "components/init/objects.hpp"

#include <cstddef>
#include <cstdint>

namespace init {

enum class Caching : std::uint8_t { Cached = 0, Uncached = 1 };

/// An address range and what is mapped there.
struct Placement {
    std::uint64_t address = 0;
    std::uint8_t rights = 0;
    Caching caching = Caching::Cached;
};

class AddressSpace {
public:
    /// `vspace` is that of `owner`, who also pays for page tables.
    AddressSpace(Objects& objects, Owner owner, abi::CPtr vspace)
        : objects_{&objects}, owner_{owner}, vspace_{vspace} {}

    /// Maps the frame in a slot of init's, with the page tables it takes.
    auto map(abi::CPtr frame, Placement const& where) -> Result<>;
    /// The same for a copy of the capability; the copy belongs to the owner of the address space.
    auto map_copy(abi::CPtr frame, Placement const& where) -> Result<>;
    /// Makes pages for a segment and fills them: first with zeroes, then with its data.
    auto load(elf::Segment const& segment) -> Result<>;

private:
    static constexpr std::uint16_t kBatch = 16; ///< frames made at a time

    auto fill(abi::CPtr frame, std::uint64_t page, elf::Segment const& segment) -> Result<>;

    Objects* objects_;
    Owner owner_;
    abi::CPtr vspace_;
};

} // namespace init
