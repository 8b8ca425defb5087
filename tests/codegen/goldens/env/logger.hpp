// SPDX-License-Identifier: MIT
/// What the component `logger` finds when it starts: its ports, devices and parameters.
///
/// Generated from logger/component.yaml; edit that file instead.
#pragma once

#include "generated/log.hpp"
#include "os/env.hpp"
#include "os/service.hpp"

/// Writes lines to a serial port.
class Env : public os::EnvironmentBase {
public:
    using EnvironmentBase::EnvironmentBase;

    /// The port `log`, which provides Log: what os::serve wants to know of it.
    [[nodiscard]] auto log_service() const -> os::Service<idl::log::Interface> {
        return os::Service<idl::log::Interface>{startup(), 0};
    }

    /// The device `port`.
    [[nodiscard]] auto port() const -> os::Device { return device(0); }
};
