// SPDX-License-Identifier: MIT
/// What the component `store` finds when it starts: its ports, devices and parameters.
///
/// Generated from store/component.yaml; edit that file instead.
#pragma once

#include "generated/log.hpp"
#include "generated/memory.hpp"
#include "generated/process.hpp"
#include "os/env.hpp"
#include "os/service.hpp"

/// Hands out memory.
class Env : public os::EnvironmentBase {
public:
    using EnvironmentBase::EnvironmentBase;

    /// The port `log`: a client of Log, nothing when system.yaml does not connect it.
    [[nodiscard]] auto log() const -> std::optional<idl::log::Client> {
        auto const* const port = used_port(0);
        return port != nullptr ? std::optional{idl::log::Client{*port}} : std::nullopt;
    }

    /// The port `process`: a client of Process, nothing when system.yaml does not connect it.
    [[nodiscard]] auto process() const -> std::optional<idl::process::Client> {
        auto const* const port = used_port(1);
        return port != nullptr ? std::optional{idl::process::Client{*port}} : std::nullopt;
    }

    /// The port `memory`, which provides Memory: what os::serve wants to know of it.
    [[nodiscard]] auto memory_service() const -> os::Service<idl::memory::Interface> {
        return os::Service<idl::memory::Interface>{startup(), 0};
    }
};
