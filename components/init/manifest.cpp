// SPDX-License-Identifier: MIT
/// The checks of the manifest, from the whole file down to single fields.
#include "components/init/manifest.hpp"

#include "base/address.hpp"
#include "base/crc32.hpp"
#include "base/result.hpp"
#include "kernel/abi/object.hpp"
#include "os/startup_info.hpp"

#include <algorithm>
#include <cstring>

namespace init {
namespace {

using manifest::Component;
using manifest::Header;
using manifest::Table;

constexpr std::size_t kMaxStartup = 16U << 10U;

/// Pre: the bytes from `offset` on hold a `Row`.
template <typename Row>
auto copy_out(std::span<std::byte const> bytes, std::size_t offset) -> Row {
    Row row{};
    std::memcpy(&row, bytes.data() + offset, sizeof row);
    return row;
}

auto in_file(std::size_t file_size, std::uint64_t offset, std::uint64_t size) -> bool {
    return offset <= file_size && size <= file_size - offset;
}

auto in_table(Table rows, Table table) -> bool {
    return rows.offset <= table.count && rows.count <= table.count - rows.offset;
}

auto page_aligned(std::uint64_t value) -> bool { return value % base::kPageSize == 0; }

/// Whether [address, address + size) is a non-empty row of whole pages inside [begin, end).
auto pages_inside(std::uint64_t address, std::uint64_t size, std::uint64_t begin, std::uint64_t end) -> bool {
    return page_aligned(address) && page_aligned(size) && size > 0 && address >= begin && address <= end &&
           size <= end - address;
}

auto checksum(std::span<std::byte const> file) -> std::uint32_t {
    constexpr std::size_t kField = offsetof(Header, crc32);
    constexpr std::array<std::byte, sizeof(Header::crc32)> kZero{};
    base::Crc32 crc;
    crc.add(file.first(kField));
    crc.add(kZero);
    crc.add(file.subspan(kField + kZero.size()));
    return crc.value();
}

auto composed_slot(Component const& component, std::uint32_t slot) -> bool {
    return slot >= os::slot::kFirstComposed && slot < (std::uint32_t{1} << component.slot_bits);
}

} // namespace

auto Manifest::read(std::span<std::byte const> file) -> Result<Manifest> {
    if (file.size() < sizeof(Header)) {
        return std::unexpected{Failure{"the manifest is damaged: it is too short"}};
    }
    auto const header = copy_out<Header>(file, 0);
    if (header.magic != manifest::kMagic) {
        return std::unexpected{Failure{"the manifest is damaged: it does not begin as one"}};
    }
    if (header.version != manifest::kVersion) {
        return std::unexpected{Failure{"the manifest has a version that init does not know"}};
    }
    if (header.size != file.size()) {
        return std::unexpected{Failure{"the manifest is damaged: its size is not what its header says"}};
    }
    if (header.crc32 != checksum(file)) {
        return std::unexpected{Failure{"the manifest is damaged: its checksum is wrong"}};
    }
    Manifest const manifest{file, header};
    TRY(manifest.check_tables());
    return manifest;
}

auto Manifest::check_tables() const -> Result<> {
    struct Extent {
        Table table;
        std::size_t row_size;
        std::size_t most;
    };
    std::array const extents{
        Extent{header_.components, sizeof(Component), kMaxComponents},
        Extent{header_.windows, sizeof(manifest::Window), kMaxRows},
        Extent{header_.ports, sizeof(manifest::Port), kMaxRows},
        Extent{header_.devices, sizeof(manifest::Device), kMaxRows},
        Extent{header_.grants, sizeof(manifest::Grant), kMaxRows},
    };
    for (auto const& extent : extents) {
        if (extent.table.count > extent.most) {
            return std::unexpected{Failure{"the manifest is damaged: a table has too many rows"}};
        }
        if (!in_file(file_.size(), extent.table.offset, extent.table.count * extent.row_size)) {
            return std::unexpected{Failure{"the manifest is damaged: a table lies outside the file"}};
        }
    }
    return {};
}

auto Manifest::check(std::size_t index) const -> Result<> {
    Component const row = component(index);
    if (TRY(text(row.name, kMaxName)).empty()) {
        return std::unexpected{Failure{"it has no name"}};
    }
    TRY(text(row.binary, kMaxPath));
    TRY(check_numbers(row));
    TRY(check_windows(row.windows));
    TRY(check_ports(row));
    TRY(check_devices(row));
    return check_grants(row);
}

auto Manifest::check_init() const -> Result<> {
    if (!in_file(file_.size(), header_.init_startup_offset, header_.init_startup_size)) {
        return std::unexpected{Failure{"the startup page lies outside the file"}};
    }
    if (header_.init_startup_size < sizeof(os::StartupInfo) || header_.init_startup_size > kMaxStartup) {
        return std::unexpected{Failure{"the startup page has a wrong size"}};
    }
    return check_windows(header_.init_windows);
}

auto Manifest::check_numbers(Component const& component) const -> Result<> {
    if (component.slot_bits < 5 || component.slot_bits > 16) {
        return std::unexpected{Failure{"the number of slots is out of range"}};
    }
    if (component.untyped_bits < base::kPageBits || component.untyped_bits > 34) {
        return std::unexpected{Failure{"the size of its memory is out of range"}};
    }
    if (!page_aligned(component.stack_mapped) || component.stack_mapped == 0 ||
        component.stack_mapped > kMaxStack) {
        return std::unexpected{Failure{"the size of its stack is out of range"}};
    }
    if (!in_file(file_.size(), component.startup_offset, component.startup_size)) {
        return std::unexpected{Failure{"the startup page lies outside the file"}};
    }
    if (component.startup_size < sizeof(os::StartupInfo) || component.startup_size > kMaxStartup) {
        return std::unexpected{Failure{"the startup page has a wrong size"}};
    }
    return {};
}

auto Manifest::check_windows(Table rows) const -> Result<> {
    if (!in_table(rows, header_.windows)) {
        return std::unexpected{Failure{"its windows are not in the table"}};
    }
    for (std::size_t index = 0; index < rows.count; ++index) {
        auto const row = window(rows.offset + index);
        if (row.size > kMaxWindow ||
            !pages_inside(row.address, row.size, os::kWindowAddress, os::kDeviceAddress)) {
            return std::unexpected{Failure{"the place of a window is out of range"}};
        }
    }
    return {};
}

auto Manifest::check_ports(Component const& component) const -> Result<> {
    if (!in_table(component.ports, header_.ports)) {
        return std::unexpected{Failure{"its ports are not in the table"}};
    }
    for (std::size_t index = 0; index < component.ports.count; ++index) {
        auto const row = port(component.ports.offset + index);
        if (!composed_slot(component, row.slot)) {
            return std::unexpected{Failure{"the slot of a port is out of range"}};
        }
        if (row.kind > 2) {
            return std::unexpected{Failure{"a port is of an unknown kind"}};
        }
        if (row.kind != 2 && row.target >= component_count()) {
            return std::unexpected{Failure{"a port leads to a component that is not there"}};
        }
        if (row.badge >> 56U == 0xFFU) {
            return std::unexpected{Failure{"the badge of a port is reserved"}};
        }
    }
    return {};
}

auto Manifest::check_devices(Component const& component) const -> Result<> {
    if (!in_table(component.devices, header_.devices)) {
        return std::unexpected{Failure{"its devices are not in the table"}};
    }
    for (std::size_t index = 0; index < component.devices.count; ++index) {
        auto const row = device(component.devices.offset + index);
        if (row.size > kMaxDevice ||
            (row.size != 0 &&
             !pages_inside(row.address, row.size, os::kDeviceAddress, os::kScratchAddress)) ||
            !page_aligned(row.physical_address) || row.physical_address > ~std::uint64_t{0} - row.size) {
            return std::unexpected{Failure{"the place of a device is out of range"}};
        }
        if (row.irq != kNoInterrupt && !composed_slot(component, row.irq_slot)) {
            return std::unexpected{Failure{"the slot of an interrupt is out of range"}};
        }
        if (row.trigger > 1) {
            return std::unexpected{Failure{"the trigger of an interrupt is out of range"}};
        }
    }
    return {};
}

auto Manifest::check_grants(Component const& component) const -> Result<> {
    if (!in_table(component.grants, header_.grants)) {
        return std::unexpected{Failure{"its grants are not in the table"}};
    }
    for (std::size_t index = 0; index < component.grants.count; ++index) {
        auto const row = grant(component.grants.offset + index);
        if (!composed_slot(component, row.slot)) {
            return std::unexpected{Failure{"the slot of a grant is out of range"}};
        }
        if (row.size_bits != 0 && (row.size_bits < base::kPageBits || row.size_bits > abi::kMaxUntypedBits)) {
            return std::unexpected{Failure{"the size of a grant is out of range"}};
        }
    }
    return {};
}

template <typename Row>
auto Manifest::row(Table table, std::size_t index) const -> Row {
    return copy_out<Row>(file_, table.offset + index * sizeof(Row));
}

auto Manifest::text(std::uint32_t offset, std::size_t longest) const -> Result<std::string_view> {
    if (offset >= file_.size()) {
        return std::unexpected{Failure{"a text lies outside the file"}};
    }
    auto const rest = file_.subspan(offset, std::min(file_.size() - offset, longest + 1));
    auto const end = std::ranges::find(rest, std::byte{0});
    if (end == rest.end()) {
        return std::unexpected{Failure{"a text is too long"}};
    }
    // A byte and a char are the same object representation.
    return std::string_view{reinterpret_cast<char const*>(rest.data()),
                            static_cast<std::size_t>(end - rest.begin())};
}

auto Manifest::component(std::size_t index) const -> Component {
    return row<Component>(header_.components, index);
}

auto Manifest::name(std::size_t index) const -> std::string_view {
    auto const name = text(component(index).name, kMaxName);
    return name.has_value() && !name->empty() ? *name : std::string_view{"(no name)"};
}

auto Manifest::binary(Component const& component) const -> std::string_view {
    return text(component.binary, kMaxPath).value_or(std::string_view{});
}

auto Manifest::startup(Component const& component) const -> std::span<std::byte const> {
    return file_.subspan(component.startup_offset, component.startup_size);
}

auto Manifest::init_startup() const -> std::span<std::byte const> {
    return file_.subspan(header_.init_startup_offset, header_.init_startup_size);
}

auto Manifest::window(std::size_t index) const -> manifest::Window {
    return row<manifest::Window>(header_.windows, index);
}
auto Manifest::port(std::size_t index) const -> manifest::Port {
    return row<manifest::Port>(header_.ports, index);
}
auto Manifest::device(std::size_t index) const -> manifest::Device {
    return row<manifest::Device>(header_.devices, index);
}
auto Manifest::grant(std::size_t index) const -> manifest::Grant {
    return row<manifest::Grant>(header_.grants, index);
}

} // namespace init
