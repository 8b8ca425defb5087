// SPDX-License-Identifier: MIT
/// The Process interface: what components may see of each other and say to init.
#pragma once

#include "components/init/instance.hpp"
#include "generated/process.hpp"
#include "os/server.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>

namespace init {

/// What the interface stands on; the supervisor.
class Lifecycle {
public:
    [[nodiscard]] virtual auto instances() const -> Instances const& = 0;
    virtual void set_ready(std::size_t index) = 0;
    virtual void exited(std::size_t index, std::uint8_t status) = 0;
    virtual void power_off(std::size_t index, std::uint8_t status) = 0;

protected:
    ~Lifecycle() = default;
};

/// The number of a session is that of the component.
class ProcessService {
public:
    explicit ProcessService(Lifecycle& lifecycle) : lifecycle_{&lifecycle} {}

    auto info(std::uint16_t index) -> idl::process::InfoResult;
    auto ready(os::Caller const& caller) -> std::expected<void, os::Transport>;
    void exit(os::Caller const& caller, std::uint8_t status, os::Pending<idl::process::method::Exit> pending);
    auto power_off(os::Caller const& caller, std::uint8_t status) -> std::expected<void, os::Transport>;

private:
    [[nodiscard]] auto instance(os::Caller const& caller) const -> Instance const*;

    Lifecycle* lifecycle_;
};

} // namespace init
