// SPDX-License-Identifier: MIT
/// What the component `init` finds when it starts: its ports, devices and parameters.
///
/// Generated from init/component.yaml; edit that file instead.
#pragma once

#include "generated/process.hpp"
#include "os/env.hpp"
#include "os/service.hpp"

/// Is always there.
class Env : public os::EnvironmentBase {
public:
    using EnvironmentBase::EnvironmentBase;

    /// The port `process`, which provides Process: what os::serve wants to know of it.
    [[nodiscard]] auto process_service() const -> os::Service<idl::process::Interface> {
        return os::Service<idl::process::Interface>{startup(), 0};
    }
};
