// SPDX-License-Identifier: MIT
/// A walk through the tokens of the flattened tree, every step of it checked.
#include "kernel/boot/device_tree.hpp"

#include "base/result.hpp"
#include "kernel/boot/tree_bytes.hpp"

#include <string_view>

namespace kernel::boot {

namespace {

using tree::Damaged;
using tree::kCell;
using tree::number;
using tree::Parsed;
using tree::text;
using tree::word;

constexpr std::uint32_t kMagic = 0xD00D'FEED;
// Offsets in the header.
constexpr std::size_t kTotalSize = 4;
constexpr std::size_t kStructureOffset = 8;
constexpr std::size_t kStringsOffset = 12;
constexpr std::size_t kReservationsOffset = 16;
// Tokens of the structure.
constexpr std::uint32_t kBeginNode = 1;
constexpr std::uint32_t kEndNode = 2;
constexpr std::uint32_t kProperty = 3;
constexpr std::uint32_t kNothing = 4;
constexpr std::uint32_t kEnd = 9;

/// How many cells an address or a size has, where its node does not say.
constexpr std::uint32_t kDefaultAddressCells = 2;
constexpr std::uint32_t kDefaultSizeCells = 1;
constexpr std::uint32_t kMaxCells = 2;
auto is_processor(std::string_view node) -> bool { return node == "cpu" || node.starts_with("cpu@"); }
auto is_memory(std::string_view node) -> bool { return node == "memory" || node.starts_with("memory@"); }

/// Goes through the structure once, from its first token to its last.
class Walk {
public:
    /// `found`: what is found goes there. It is too large for every function to have one on its stack.
    Walk(std::span<std::byte const> bytes, ExpectedDevice const& expected, TreeContents& found)
        : bytes_{bytes}, expected_{expected}, found_{found} {}

    auto run() -> Parsed<void> {
        at_ = TRY(word(bytes_, kStructureOffset));
        strings_ = TRY(word(bytes_, kStringsOffset));
        TRY(reservations());
        while (true) {
            std::uint32_t const token = TRY(next());
            if (token == kEnd) {
                return depth_ == 0 ? Parsed<void>{} : std::unexpected(Damaged{});
            }
            TRY(handle(token));
        }
    }

private:
    /// The node that is of interest, with all that is below it.
    enum class Place : std::uint8_t { Elsewhere, Memory, Processors, Processor, Reservations, Reservation };
    /// How deep nodes below the root are, and those below them.
    static constexpr std::size_t kTopDepth = 2;
    static constexpr std::size_t kInnerDepth = 3;
    /// How many cells addresses and sizes have.
    struct Cells {
        std::uint32_t address{kDefaultAddressCells};
        std::uint32_t size{kDefaultSizeCells};
    };

    auto next() -> Parsed<std::uint32_t> {
        std::uint32_t const value = TRY(word(bytes_, at_));
        at_ += kCell;
        return value;
    }
    auto handle(std::uint32_t token) -> Parsed<void> {
        switch (token) {
        case kBeginNode: return begin_node();
        case kProperty: return property();
        case kNothing: return {};
        case kEndNode:
            if (depth_ == 0) {
                return std::unexpected(Damaged{});
            }
            if (place_ == Place::Processor && depth_ == kInnerDepth) {
                add_processor();
            }
            --depth_;
            is_expected_place_ = false;
            leave();
            return {};
        default: return std::unexpected(Damaged{});
        }
    }
    auto begin_node() -> Parsed<void> {
        std::string_view const name = TRY(text(bytes_, at_));
        skip(name.size() + 1);
        is_expected_place_ = tree::unit_address(name) == expected_.address;
        ++depth_;
        enter(name);
        return {};
    }
    /// Of a node below the root.
    static auto place_of(std::string_view name) -> Place {
        if (is_memory(name)) {
            return Place::Memory;
        }
        if (name == "reserved-memory") {
            return Place::Reservations;
        }
        return name == "cpus" ? Place::Processors : Place::Elsewhere;
    }
    void enter(std::string_view name) {
        if (depth_ == kTopDepth) {
            place_ = place_of(name);
            inner_cells_ = place_ == Place::Reservations ? cells_ : Cells{};
        } else if (depth_ != kInnerDepth) {
            return;
        } else if (place_ == Place::Processors && is_processor(name)) {
            place_ = Place::Processor;
            processor_ = {};
            is_enabled_ = true;
        } else if (place_ == Place::Reservations) {
            place_ = Place::Reservation;
        }
    }
    /// What is below a processor or a reservation belongs to it, and is not looked at.
    void leave() {
        if (depth_ < kTopDepth) {
            place_ = Place::Elsewhere;
        } else if (depth_ == kTopDepth && place_ == Place::Processor) {
            place_ = Place::Processors;
        } else if (depth_ == kTopDepth && place_ == Place::Reservation) {
            place_ = Place::Reservations;
        }
    }
    void add_processor() {
        auto& [frequency, count, all] = found_.processors;
        if (is_enabled_ && count < all.size()) {
            all[count++] = processor_;
        }
    }
    auto property() -> Parsed<void> {
        std::uint32_t const size = TRY(next());
        std::uint32_t const name_offset = TRY(next());
        std::string_view const name = TRY(text(bytes_, strings_ + std::size_t{name_offset}));
        if (size > bytes_.size() - at_) {
            return std::unexpected(Damaged{});
        }
        auto const value = bytes_.subspan(at_, size);
        skip(size);
        if (is_expected_place_ && name == "compatible") {
            compare(value);
        }
        switch (depth_) {
        case 1: return property_of_cells(name, value, cells_);
        case kTopDepth: return property_of_top(name, value);
        case kInnerDepth: return property_of_inner(name, value);
        default: return {};
        }
    }
    void compare(std::span<std::byte const> names) {
        for (std::string_view const name : expected_.names) {
            found_.has_expected = found_.has_expected || (!name.empty() && tree::lists(names, name));
        }
    }
    auto property_of_top(std::string_view name, std::span<std::byte const> value) -> Parsed<void> {
        if (place_ == Place::Memory && name == "reg") {
            return ranges(value, cells_, found_.memory);
        }
        if (place_ == Place::Processors && name == "timebase-frequency") {
            auto const count = static_cast<std::uint32_t>(value.size() / kCell);
            found_.processors.timer_frequency = TRY(number(value, 0, count == kMaxCells ? count : 1));
        }
        // Processors have numbers, and those no size.
        if (place_ == Place::Reservations || (place_ == Place::Processors && name == "#address-cells")) {
            return property_of_cells(name, value, inner_cells_);
        }
        return {};
    }
    auto property_of_inner(std::string_view name, std::span<std::byte const> value) -> Parsed<void> {
        if (place_ == Place::Processor) {
            return property_of_processor(name, value);
        }
        return place_ == Place::Reservation && name == "reg" ? ranges(value, inner_cells_, found_.reserved)
                                                             : Parsed<void>{};
    }
    auto property_of_processor(std::string_view name, std::span<std::byte const> value) -> Parsed<void> {
        if (name == "reg") {
            processor_.number = TRY(number(value, 0, inner_cells_.address));
        } else if (name == "status") {
            is_enabled_ = TRY(text(value, 0)).starts_with("ok");
        } else if (name == "mmu-type") {
            processor_.translation = TRY(text(value, 0));
        }
        return {};
    }
    static auto property_of_cells(std::string_view name, std::span<std::byte const> value, Cells& cells)
        -> Parsed<void> {
        if (name == "#address-cells") {
            cells.address = TRY(count_of(value));
        } else if (name == "#size-cells") {
            cells.size = TRY(count_of(value));
        }
        return {};
    }
    static auto count_of(std::span<std::byte const> value) -> Parsed<std::uint32_t> {
        std::uint32_t const count = TRY(word(value, 0));
        if (count == 0 || count > kMaxCells) {
            return std::unexpected(Damaged{});
        }
        return count;
    }
    /// In front of the structure: pairs of an address and a size, until both are zero.
    auto reservations() -> Parsed<void> {
        constexpr Cells kLarge{kMaxCells, kMaxCells};
        constexpr std::size_t kPair = std::size_t{2} * kMaxCells * kCell;
        std::size_t offset = TRY(word(bytes_, kReservationsOffset));
        while (true) {
            auto const range = TRY(range_at(bytes_, offset, kLarge));
            if (range.base == 0 && range.size == 0) {
                return {};
            }
            TRY(add(found_.reserved, range));
            offset += kPair;
        }
    }
    static auto range_at(std::span<std::byte const> bytes, std::size_t offset, Cells cells)
        -> Parsed<drivers::Range> {
        std::uint64_t const base = TRY(number(bytes, offset, cells.address));
        std::uint64_t const size = TRY(number(bytes, offset + cells.address * kCell, cells.size));
        return drivers::Range{base, size};
    }
    static auto ranges(std::span<std::byte const> value, Cells cells, RangeSet& set) -> Parsed<void> {
        std::size_t const entry = (cells.address + cells.size) * kCell;
        for (std::size_t offset = 0; offset < value.size(); offset += entry) {
            TRY(add(set, TRY(range_at(value, offset, cells))));
        }
        return {};
    }
    /// A full set leaves out what comes, and of what is reserved nothing may be left out.
    static auto add(RangeSet& set, drivers::Range range) -> Parsed<void> {
        set.add(range);
        return set.ranges().size() < RangeSet::kCapacity ? Parsed<void>{} : std::unexpected(Damaged{});
    }
    /// Past `size` bytes and the padding behind them.
    void skip(std::size_t size) { at_ += (size + kCell - 1) / kCell * kCell; }

    std::span<std::byte const> bytes_;
    std::size_t at_{};
    std::size_t strings_{};
    Cells cells_;       ///< of what is below the root
    Cells inner_cells_; ///< of what is below the node that the walk is in
    std::size_t depth_{};
    Place place_{Place::Elsewhere};
    arch::StatedProcessor processor_{}; ///< the one that the walk is in
    bool is_enabled_{};
    bool is_expected_place_{}; ///< of the node whose properties come
    ExpectedDevice const& expected_;
    TreeContents& found_;
};

} // namespace

auto DeviceTree::stated_size(std::span<std::byte const> header) -> std::uint32_t {
    auto const magic = word(header, 0);
    auto const size = word(header, kTotalSize);
    return magic == kMagic && size.has_value() && *size >= kHeaderSize ? *size : 0;
}

auto DeviceTree::contents(ExpectedDevice const& expected) const -> std::optional<TreeContents> {
    std::optional<TreeContents> found{std::in_place};
    if (!Walk{bytes_, expected, *found}.run().has_value()) {
        found.reset();
    }
    return found;
}

} // namespace kernel::boot
