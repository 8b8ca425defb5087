// SPDX-License-Identifier: MIT
/// Access to the tables of the start-up page by index.
#include "os/env.hpp"

#include "base/assert.hpp"

namespace os {

auto EnvironmentBase::argument(std::size_t index) const -> std::string_view {
    auto const arguments = startup_.arguments();
    return index < arguments.size() ? startup_.text(arguments[index]) : std::string_view{};
}

auto EnvironmentBase::initfs() const -> std::span<std::byte const> {
    auto const size = startup_.info().initfs_size;
    if (size == 0) {
        return {};
    }
    // Init has mapped that many bytes there, or has left the size 0.
    return {reinterpret_cast<std::byte const*>(kInitfsAddress), size};
}

auto EnvironmentBase::used_port(std::size_t index) const -> UsedPort const* {
    auto const ports = startup_.used_ports();
    ASSERT(index < ports.size());
    return ports[index].name == 0 ? nullptr : &ports[index];
}

auto EnvironmentBase::device(std::size_t index) const -> Device {
    auto const devices = startup_.devices();
    ASSERT(index < devices.size());
    auto const& info = devices[index];
    return Device{info, startup_.text(info.name), startup_.text(info.compatible)};
}

auto EnvironmentBase::parameter(std::size_t index, Kind kind) const -> std::uint64_t {
    auto const parameters = startup_.parameters();
    ASSERT(index < parameters.size());
    ASSERT(parameters[index].kind == static_cast<std::uint32_t>(kind));
    return parameters[index].value;
}

auto EnvironmentBase::number(std::size_t index) const -> std::uint64_t {
    return parameter(index, Kind::Number);
}
auto EnvironmentBase::truth(std::size_t index) const -> bool { return parameter(index, Kind::Truth) != 0; }
auto EnvironmentBase::text(std::size_t index) const -> std::string_view {
    return startup_.text(parameter(index, Kind::Text));
}
auto EnvironmentBase::list(std::size_t index) const -> TextList {
    return {startup_, parameter(index, Kind::List)};
}

} // namespace os
