// SPDX-License-Identifier: MIT
/// What the component `relay` finds when it starts: its ports, devices and parameters.
///
/// Generated from relay/component.yaml; edit that file instead.
#pragma once

#include "generated/log.hpp"
#include "os/env.hpp"
#include "os/service.hpp"

/// Passes lines on.
class Env : public os::EnvironmentBase {
public:
    using EnvironmentBase::EnvironmentBase;

    /// The port `next`: a client of Log.
    [[nodiscard]] auto next() const -> idl::log::Client { return idl::log::Client{*used_port(0)}; }

    /// The port `log`, which provides Log: what os::serve wants to know of it.
    [[nodiscard]] auto log_service() const -> os::Service<idl::log::Interface> {
        return os::Service<idl::log::Interface>{startup(), 0};
    }

    /// The parameter `prefix`: what it puts before each line.
    [[nodiscard]] auto prefix() const -> std::string_view { return text(0); }
};
