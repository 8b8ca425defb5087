// SPDX-License-Identifier: MIT
/// What the generated `Env` of every component stands on: access to the start-up page by index.
#pragma once

#include "os/device.hpp"
#include "os/startup.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

/// Generated from component.yaml.
class Env;

namespace os {

/// Where a component begins; it defines this. When it returns, the component has ended well.
void main(Env& env);

/// A list of texts in the start-up page: an argument list, or a parameter of type list.
class TextList {
public:
    /// The zero-ended list of offsets at `offset`.
    TextList(StartupView const& startup, std::uint64_t offset) : startup_{startup}, offset_{offset} {}

    /// Text number `index`; nothing behind the last.
    [[nodiscard]] auto at(std::size_t index) const -> std::optional<std::string_view> {
        return startup_.list_text(offset_, index);
    }

private:
    StartupView startup_;
    std::uint64_t offset_;
};

/// Indices are those of the tables, in the order of component.yaml. An index that a table does not have is a
/// mistake of the composer: asking for it ends the component.
class EnvironmentBase {
public:
    explicit EnvironmentBase(StartupView const& startup) : startup_{startup} {}
    EnvironmentBase(EnvironmentBase const&) = delete;
    auto operator=(EnvironmentBase const&) -> EnvironmentBase& = delete;
    ~EnvironmentBase() = default;

    /// The instance's name in system.yaml.
    [[nodiscard]] auto name() const -> std::string_view { return startup_.text(startup_.info().name); }
    [[nodiscard]] auto board() const -> std::string_view { return startup_.text(startup_.info().board); }

    [[nodiscard]] auto argument_count() const -> std::size_t { return startup_.arguments().size(); }
    /// Argument `index`; empty behind the last.
    [[nodiscard]] auto argument(std::size_t index) const -> std::string_view;

    /// The initfs, for a component that is given it; otherwise empty.
    [[nodiscard]] auto initfs() const -> std::span<std::byte const>;

    [[nodiscard]] auto startup() const -> StartupView const& { return startup_; }

protected:
    /// Null for an optional port that is not connected.
    [[nodiscard]] auto used_port(std::size_t index) const -> UsedPort const*;
    [[nodiscard]] auto device(std::size_t index) const -> Device;
    [[nodiscard]] auto number(std::size_t index) const -> std::uint64_t;
    [[nodiscard]] auto truth(std::size_t index) const -> bool;
    [[nodiscard]] auto text(std::size_t index) const -> std::string_view;
    [[nodiscard]] auto list(std::size_t index) const -> TextList;

private:
    enum class Kind : std::uint32_t { Number = 0, Truth = 1, Text = 2, List = 3 };
    [[nodiscard]] auto parameter(std::size_t index, Kind kind) const -> std::uint64_t;

    StartupView startup_;
};

} // namespace os
