// SPDX-License-Identifier: MIT
/// A walk through the tokens of the flattened tree, every step of it checked.
#include "kernel/boot/device_tree.hpp"

#include "base/result.hpp"

#include <algorithm>
#include <expected>
#include <string_view>

namespace kernel::boot {

namespace {

/// The tree ends in the middle of something, or says something impossible.
struct Damaged {};

template <typename T>
using Parsed = std::expected<T, Damaged>;

constexpr std::uint32_t kMagic = 0xD00D'FEED;
// Offsets in the header.
constexpr std::size_t kTotalSize = 4;
constexpr std::size_t kStructureOffset = 8;
constexpr std::size_t kStringsOffset = 12;
// Tokens of the structure.
constexpr std::uint32_t kBeginNode = 1;
constexpr std::uint32_t kEndNode = 2;
constexpr std::uint32_t kProperty = 3;
constexpr std::uint32_t kNothing = 4;
constexpr std::uint32_t kEnd = 9;

constexpr std::size_t kCell = 4;
/// How many cells an address or a size has, where its node does not say.
constexpr std::uint32_t kDefaultAddressCells = 2;
constexpr std::uint32_t kDefaultSizeCells = 1;
constexpr std::uint32_t kMaxCells = 2;

/// A big-endian word, which need not be aligned.
auto word(std::span<std::byte const> bytes, std::size_t offset) -> Parsed<std::uint32_t> {
    if (offset > bytes.size() || bytes.size() - offset < kCell) {
        return std::unexpected(Damaged{});
    }
    std::uint32_t value = 0;
    for (std::size_t index = 0; index < kCell; ++index) {
        value = value << 8U | std::to_integer<std::uint32_t>(bytes[offset + index]);
    }
    return value;
}

/// A zero-terminated text.
auto text(std::span<std::byte const> bytes, std::size_t offset) -> Parsed<std::string_view> {
    if (offset >= bytes.size()) {
        return std::unexpected(Damaged{});
    }
    auto const rest = bytes.subspan(offset);
    auto const end = std::ranges::find(rest, std::byte{0});
    if (end == rest.end()) {
        return std::unexpected(Damaged{});
    }
    auto const size = static_cast<std::size_t>(end - rest.begin());
    // Bytes may be looked at as characters.
    return std::string_view{reinterpret_cast<char const*>(rest.data()), size};
}

auto is_processor(std::string_view node) -> bool { return node == "cpu" || node.starts_with("cpu@"); }
auto is_memory(std::string_view node) -> bool { return node == "memory" || node.starts_with("memory@"); }

/// Goes through the structure once, from its first token to its last.
class Walk {
public:
    explicit Walk(std::span<std::byte const> bytes) : bytes_{bytes} {}

    auto run() -> Parsed<TreeContents> {
        at_ = TRY(word(bytes_, kStructureOffset));
        strings_ = TRY(word(bytes_, kStringsOffset));
        while (true) {
            std::uint32_t const token = TRY(next());
            if (token == kEnd) {
                return found_;
            }
            TRY(handle(token));
        }
    }

private:
    /// The node that is of interest, with all that is below it.
    enum class Place : std::uint8_t { Elsewhere, Memory, Processors, Processor };
    /// How deep nodes below the root are, and those of processors.
    static constexpr std::size_t kTopDepth = 2;
    static constexpr std::size_t kProcessorDepth = 3;

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
            if (place_ == Place::Processor && depth_ == kProcessorDepth) {
                add_processor();
            }
            --depth_;
            leave();
            return {};
        default: return std::unexpected(Damaged{});
        }
    }
    auto begin_node() -> Parsed<void> {
        std::string_view const name = TRY(text(bytes_, at_));
        skip(name.size() + 1);
        ++depth_;
        enter(name);
        return {};
    }
    /// Of a node below the root.
    static auto place_of(std::string_view name) -> Place {
        if (is_memory(name)) {
            return Place::Memory;
        }
        return name == "cpus" ? Place::Processors : Place::Elsewhere;
    }
    void enter(std::string_view name) {
        if (depth_ == kTopDepth) {
            place_ = place_of(name);
        } else if (depth_ == kProcessorDepth && place_ == Place::Processors && is_processor(name)) {
            place_ = Place::Processor;
            processor_ = {};
            is_enabled_ = true;
        }
    }
    /// What is below a processor belongs to it, and is not looked at.
    void leave() {
        if (depth_ < kTopDepth) {
            place_ = Place::Elsewhere;
        } else if (depth_ == kTopDepth && place_ == Place::Processor) {
            place_ = Place::Processors;
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
        if (depth_ == 1 && name == "#address-cells") {
            address_cells_ = TRY(cells(value));
        } else if (depth_ == 1 && name == "#size-cells") {
            size_cells_ = TRY(cells(value));
        } else if (place_ == Place::Memory && depth_ == kTopDepth && name == "reg") {
            return ranges(value);
        } else if (place_ == Place::Processors && depth_ == kTopDepth) {
            return property_of_all(name, value);
        } else if (place_ == Place::Processor && depth_ == kProcessorDepth) {
            return property_of_processor(name, value);
        }
        return {};
    }
    auto property_of_all(std::string_view name, std::span<std::byte const> value) -> Parsed<void> {
        if (name == "#address-cells") {
            processor_cells_ = TRY(cells(value));
        } else if (name == "timebase-frequency") {
            auto const count = static_cast<std::uint32_t>(value.size() / kCell);
            found_.processors.timer_frequency = TRY(number(value, 0, count == kMaxCells ? count : 1));
        }
        return {};
    }
    auto property_of_processor(std::string_view name, std::span<std::byte const> value) -> Parsed<void> {
        if (name == "reg") {
            processor_.number = TRY(number(value, 0, processor_cells_));
        } else if (name == "status") {
            is_enabled_ = TRY(text(value, 0)).starts_with("ok");
        } else if (name == "mmu-type") {
            processor_.translation = TRY(text(value, 0));
        }
        return {};
    }
    static auto cells(std::span<std::byte const> value) -> Parsed<std::uint32_t> {
        std::uint32_t const count = TRY(word(value, 0));
        if (count == 0 || count > kMaxCells) {
            return std::unexpected(Damaged{});
        }
        return count;
    }
    auto ranges(std::span<std::byte const> value) -> Parsed<void> {
        std::size_t const entry = (address_cells_ + size_cells_) * kCell;
        for (std::size_t offset = 0; offset < value.size(); offset += entry) {
            std::uint64_t const base = TRY(number(value, offset, address_cells_));
            std::uint64_t const size = TRY(number(value, offset + address_cells_ * kCell, size_cells_));
            found_.memory.add({base, size});
        }
        return {};
    }
    static auto number(std::span<std::byte const> value, std::size_t offset, std::uint32_t count)
        -> Parsed<std::uint64_t> {
        std::uint64_t result = 0;
        for (std::uint32_t cell = 0; cell < count; ++cell) {
            result = result << 32U | TRY(word(value, offset + cell * kCell));
        }
        return result;
    }
    /// Past `size` bytes and the padding behind them.
    void skip(std::size_t size) { at_ += (size + kCell - 1) / kCell * kCell; }

    std::span<std::byte const> bytes_;
    std::size_t at_{};
    std::size_t strings_{};
    std::uint32_t address_cells_{kDefaultAddressCells};
    std::uint32_t size_cells_{kDefaultSizeCells};
    std::uint32_t processor_cells_{kDefaultAddressCells};
    std::size_t depth_{};
    Place place_{Place::Elsewhere};
    arch::StatedProcessor processor_{}; ///< the one that the walk is in
    bool is_enabled_{};
    TreeContents found_{};
};

} // namespace

auto DeviceTree::stated_size(std::span<std::byte const> header) -> std::uint32_t {
    auto const magic = word(header, 0);
    auto const size = word(header, kTotalSize);
    return magic == kMagic && size.has_value() && *size >= kHeaderSize ? *size : 0;
}

auto DeviceTree::contents() const -> std::optional<TreeContents> {
    auto const found = Walk{bytes_}.run();
    return found.has_value() ? std::optional{*found} : std::nullopt;
}

} // namespace kernel::boot
