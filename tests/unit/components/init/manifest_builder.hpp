// SPDX-License-Identifier: MIT
/// Writes manifests for tests, well formed unless the test changes a row.
#pragma once

#include "base/crc32.hpp"
#include "components/init/manifest_format.hpp"
#include "os/startup_info.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace init::test {

class ManifestBuilder {
public:
    std::vector<manifest::Component> components;
    std::vector<manifest::Window> windows;
    std::vector<manifest::Port> ports;
    std::vector<manifest::Device> devices;
    std::vector<manifest::Grant> grants;
    manifest::Table init_windows{};

    /// A component that uses the rows added to the other tables since the last one.
    auto add(std::string const& name) -> manifest::Component& {
        manifest::Component row{};
        row.name = text(name);
        row.binary = text("bin/" + name);
        row.priority = 100;
        row.slot_bits = 8;
        row.untyped_bits = 20;
        row.stack_mapped = 0x4000;
        row.startup_offset = startup_;
        row.startup_size = sizeof(os::StartupInfo);
        row.windows = rest(windows_used_, windows.size());
        row.ports = rest(ports_used_, ports.size());
        row.devices = rest(devices_used_, devices.size());
        row.grants = rest(grants_used_, grants.size());
        components.push_back(row);
        return components.back();
    }

    auto text(std::string const& value) -> std::uint32_t {
        auto const offset = static_cast<std::uint32_t>(sizeof(manifest::Header) + texts_.size());
        texts_ += value;
        texts_ += '\0';
        return offset;
    }

    void set_init_startup(std::span<std::byte const> page) { init_startup_ = {page.begin(), page.end()}; }

    /// The file. Texts and the startup page follow the header, then the tables.
    auto build() -> std::vector<std::byte> {
        manifest::Header header{};
        std::vector<std::byte> file(sizeof header);
        append(file, std::as_bytes(std::span{texts_}));
        header.magic = manifest::kMagic;
        header.version = manifest::kVersion;
        header.init_startup_offset = static_cast<std::uint32_t>(file.size());
        header.init_startup_size = static_cast<std::uint32_t>(init_startup_.size());
        append(file, init_startup_);
        header.init_windows = init_windows;
        header.components = table(file, components);
        header.windows = table(file, windows);
        header.ports = table(file, ports);
        header.devices = table(file, devices);
        header.grants = table(file, grants);
        header.size = static_cast<std::uint32_t>(file.size());
        std::memcpy(file.data(), &header, sizeof header);
        seal(file);
        return file;
    }

    /// Makes the checksum right. Pre: `file` holds a header.
    static void seal(std::vector<std::byte>& file) {
        auto const field = std::span{file}.subspan(offsetof(manifest::Header, crc32), 4);
        std::ranges::fill(field, std::byte{0});
        std::uint32_t const crc = base::crc32(file);
        std::memcpy(field.data(), &crc, sizeof crc);
    }

private:
    static void append(std::vector<std::byte>& file, std::span<std::byte const> bytes) {
        file.insert(file.end(), bytes.begin(), bytes.end());
    }

    template <typename Row>
    static auto table(std::vector<std::byte>& file, std::vector<Row> const& rows) -> manifest::Table {
        manifest::Table const table{static_cast<std::uint32_t>(file.size()),
                                    static_cast<std::uint32_t>(rows.size())};
        append(file, std::as_bytes(std::span{rows}));
        return table;
    }

    static auto rest(std::size_t& used, std::size_t size) -> manifest::Table {
        manifest::Table const rows{static_cast<std::uint32_t>(used), static_cast<std::uint32_t>(size - used)};
        used = size;
        return rows;
    }

    std::string texts_;
    std::vector<std::byte> init_startup_ = std::vector<std::byte>(sizeof(os::StartupInfo));
    std::uint32_t startup_ = text(std::string(sizeof(os::StartupInfo), 's'));
    std::size_t windows_used_ = 0;
    std::size_t ports_used_ = 0;
    std::size_t devices_used_ = 0;
    std::size_t grants_used_ = 0;
};

} // namespace init::test
