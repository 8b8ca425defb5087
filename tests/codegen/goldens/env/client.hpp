// SPDX-License-Identifier: MIT
/// What the component `client` finds when it starts: its ports, devices and parameters.
///
/// Generated from client/component.yaml; edit that file instead.
#pragma once

#include "generated/log.hpp"
#include "generated/memory.hpp"
#include "generated/process.hpp"
#include "generated/time.hpp"
#include "os/env.hpp"

/// Uses everything.
class Env : public os::EnvironmentBase {
public:
    using EnvironmentBase::EnvironmentBase;

    /// The port `time`: a client of Time.
    [[nodiscard]] auto time() const -> idl::time::Client { return idl::time::Client{*used_port(0)}; }

    /// The port `log`: a client of Log, nothing when system.yaml does not connect it.
    [[nodiscard]] auto log() const -> std::optional<idl::log::Client> {
        auto const* const port = used_port(1);
        return port != nullptr ? std::optional{idl::log::Client{*port}} : std::nullopt;
    }

    /// The port `memory`: a client of Memory, nothing when system.yaml does not connect it.
    [[nodiscard]] auto memory() const -> std::optional<idl::memory::Client> {
        auto const* const port = used_port(2);
        return port != nullptr ? std::optional{idl::memory::Client{*port}} : std::nullopt;
    }

    /// The port `process`: a client of Process, nothing when system.yaml does not connect it.
    [[nodiscard]] auto process() const -> std::optional<idl::process::Client> {
        auto const* const port = used_port(3);
        return port != nullptr ? std::optional{idl::process::Client{*port}} : std::nullopt;
    }

    /// The parameter `greeting`: what it says.
    [[nodiscard]] auto greeting() const -> std::string_view { return text(0); }

    /// The parameter `count`: how often.
    [[nodiscard]] auto count() const -> std::uint64_t { return number(1); }

    /// The parameter `loud`: whether it shouts.
    [[nodiscard]] auto loud() const -> bool { return truth(2); }

    /// The parameter `names`: whom it greets.
    [[nodiscard]] auto names() const -> os::TextList { return list(3); }
};
