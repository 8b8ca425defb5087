// SPDX-License-Identifier: MIT
/// Reads the manifest. The file is foreign input: nothing of it is used before it is checked, and every row
/// is copied out, since the initfs aligns nothing.
#pragma once

#include "components/init/failure.hpp"
#include "components/init/manifest_format.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>

namespace init {

class Manifest {
public:
    static constexpr std::size_t kMaxComponents = 64;
    static constexpr std::size_t kMaxRows = 4096;
    static constexpr std::size_t kMaxName = 31;
    static constexpr std::size_t kMaxPath = 127;
    static constexpr std::uint64_t kMaxWindow = 16U << 20U;
    static constexpr std::uint64_t kMaxStack = 64U << 20U;
    static constexpr std::uint64_t kMaxDevice = 2U << 20U;
    static constexpr std::uint32_t kNoInterrupt = ~std::uint32_t{0};

    /// Checks the header, the checksum and that every table lies in the file. The bytes must stay.
    static auto read(std::span<std::byte const> file) -> Result<Manifest>;

    [[nodiscard]] auto component_count() const -> std::size_t { return header_.components.count; }

    /// Checks everything that component `index` consists of: its row, its texts, its rows in other tables.
    /// The accessors below may be used with a component for which this succeeded.
    /// Pre: `index` < `component_count()`.
    [[nodiscard]] auto check(std::size_t index) const -> Result<>;

    /// Checks what init itself is given: its startup page and windows.
    [[nodiscard]] auto check_init() const -> Result<>;

    /// Pre: `index` < `component_count()`.
    [[nodiscard]] auto component(std::size_t index) const -> manifest::Component;
    /// The name, or a stand-in when it is damaged: reports need one in any case.
    [[nodiscard]] auto name(std::size_t index) const -> std::string_view;
    [[nodiscard]] auto binary(manifest::Component const& component) const -> std::string_view;
    [[nodiscard]] auto startup(manifest::Component const& component) const -> std::span<std::byte const>;
    [[nodiscard]] auto init_startup() const -> std::span<std::byte const>;
    [[nodiscard]] auto init_windows() const -> manifest::Table { return header_.init_windows; }

    /// Rows of the other tables, by index in the whole table. Pre: the index is from a checked component.
    [[nodiscard]] auto window(std::size_t index) const -> manifest::Window;
    [[nodiscard]] auto port(std::size_t index) const -> manifest::Port;
    [[nodiscard]] auto device(std::size_t index) const -> manifest::Device;
    [[nodiscard]] auto grant(std::size_t index) const -> manifest::Grant;

private:
    Manifest(std::span<std::byte const> file, manifest::Header const& header)
        : file_{file}, header_{header} {}

    template <typename Row>
    [[nodiscard]] auto row(manifest::Table table, std::size_t index) const -> Row;
    [[nodiscard]] auto text(std::uint32_t offset, std::size_t longest) const -> Result<std::string_view>;

    [[nodiscard]] auto check_tables() const -> Result<>;
    [[nodiscard]] auto check_numbers(manifest::Component const& component) const -> Result<>;
    [[nodiscard]] auto check_windows(manifest::Table rows) const -> Result<>;
    [[nodiscard]] auto check_ports(manifest::Component const& component) const -> Result<>;
    [[nodiscard]] auto check_devices(manifest::Component const& component) const -> Result<>;
    [[nodiscard]] auto check_grants(manifest::Component const& component) const -> Result<>;

    // Invariant: the header is checked; every table lies in the file.
    std::span<std::byte const> file_;
    manifest::Header header_;
};

} // namespace init
