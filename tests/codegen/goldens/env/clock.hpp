// SPDX-License-Identifier: MIT
/// What the component `clock` finds when it starts: its ports, devices and parameters.
///
/// Generated from clock/component.yaml; edit that file instead.
#pragma once

#include "generated/time.hpp"
#include "os/env.hpp"
#include "os/service.hpp"

/// Tells the time.
class Env : public os::EnvironmentBase {
public:
    using EnvironmentBase::EnvironmentBase;

    /// The port `time`, which provides Time: what os::serve wants to know of it.
    [[nodiscard]] auto time_service() const -> os::Service<idl::time::Interface> {
        return os::Service<idl::time::Interface>{startup(), 0};
    }

    /// The device `counter`.
    [[nodiscard]] auto counter() const -> os::Device { return device(0); }
};
