// SPDX-License-Identifier: MIT
/// A port that the component provides, and the sessions that its clients have with it.
#pragma once

#include "os/startup.hpp"
#include "os/startup_info.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace os {

/// The sessions of a component's ports, in the order of the start-up page.
class Sessions {
public:
    explicit Sessions(StartupView const& startup) : startup_{startup}, table_{startup.sessions()} {}

    [[nodiscard]] auto size() const -> std::size_t { return table_.size(); }
    /// Pre: `session` is less than `size()`.
    [[nodiscard]] auto operator[](std::uint16_t session) const -> Session const& { return table_[session]; }
    /// Whether the client of a session with events is there: not when it has failed, or ended, for good.
    [[nodiscard]] static auto has_client(Session const& session) -> bool;
    /// The name of a session's client in system.yaml.
    [[nodiscard]] auto client(Session const& session) const -> std::string_view {
        return startup_.text(session.client);
    }

private:
    StartupView startup_;
    std::span<Session const> table_;
};

/// `Interface` is the one that the IDL compiler generates, such as `idl::timer::Interface`.
template <typename Interface>
class Service {
public:
    /// `index` is that of the port among those that component.yaml provides.
    Service(StartupView const& startup, std::uint8_t index) : startup_{startup}, index_{index} {}

    [[nodiscard]] auto startup() const -> StartupView const& { return startup_; }
    [[nodiscard]] auto index() const -> std::uint8_t { return index_; }
    [[nodiscard]] auto sessions() const -> Sessions { return Sessions{startup_}; }

    /// The server's end of a session's events: `service.events(caller.session).alarm(...)`. Events of a
    /// session that is not one of this port go nowhere.
    [[nodiscard]] auto events(std::uint16_t session) const -> typename Interface::Events {
        auto const table = startup_.sessions();
        if (session >= table.size() || table[session].interface_index != index_) {
            return typename Interface::Events{Session{}};
        }
        return typename Interface::Events{table[session]};
    }

private:
    StartupView startup_;
    std::uint8_t index_;
};

} // namespace os
