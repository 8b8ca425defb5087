// SPDX-License-Identifier: MIT
/// Starts the components in order, then looks after them: takes what fails and what they ask of init.
#pragma once

#include "components/init/builder.hpp"
#include "components/init/instance.hpp"
#include "components/init/objects.hpp"
#include "components/init/process.hpp"
#include "components/init/report.hpp"
#include "components/init/ticker.hpp"
#include "components/init/wiring.hpp"
#include "os/message.hpp"
#include "os/server.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace init {

/// With this status the machine is turned off when no component runs.
inline constexpr std::uint8_t kNothingRuns = 70;

/// Turns the machine off, where the board can.
void turn_off(std::uint8_t status);

class Supervisor final : public Lifecycle {
public:
    /// `endpoint` is where init receives. Everything referred to must stay.
    Supervisor(Objects& objects, Builder& builder, Wiring& wiring, Instances& instances, Ticker const& ticker,
               abi::CPtr endpoint)
        : objects_{&objects},
          builder_{&builder},
          wiring_{&wiring},
          instances_{&instances},
          ticker_{ticker},
          endpoint_{endpoint} {}

    /// What answers calls of the Process interface.
    void set_server(os::Server& server) { server_ = &server; }

    /// Starts component `index`; waits until it is ready where the composition says so, but not for ever.
    void start(std::size_t index);

    /// Serves until the system ends.
    [[noreturn]] void run();

    [[nodiscard]] auto instances() const -> Instances const& override { return *instances_; }
    void set_ready(std::size_t index) override;
    void exited(std::size_t index, std::uint8_t status) override;
    void power_off(std::size_t index, std::uint8_t status) override;

private:
    static constexpr std::uint64_t kPatience = 5 * Ticker::kTicksPerSecond;
    static constexpr std::size_t kMaxText = 4096; ///< bytes a component may report in one life
    /// Who has run for so long has not failed at its start: its failures are counted anew.
    static constexpr std::uint64_t kGoodLifeSeconds = 10;

    /// A line that a component is about to report.
    struct Text {
        Line line;
        std::size_t total = 0;
    };

    void serve_one();
    auto handle(os::Received const& received) -> std::optional<os::Message>;
    auto handle_supervised(std::size_t index, os::Message const& message) -> std::optional<os::Message>;
    void take_text(std::size_t index, abi::Words const& words);
    void fail(std::size_t index, os::Message const& fault);
    void report_registers(std::size_t index, std::uint64_t instruction_pointer) const;
    void stop(std::size_t index) const;
    void end(std::size_t index, Phase phase);
    auto start_again(std::size_t index) -> bool;
    auto resume(std::size_t index) -> bool;

    Objects* objects_;
    Builder* builder_;
    Wiring* wiring_;
    Instances* instances_;
    Ticker ticker_;
    abi::CPtr endpoint_;
    os::Server* server_ = nullptr;
    std::optional<os::Message> reply_; ///< for the caller of the last message
    std::uint64_t ticks_ = 0;
    std::array<Text, Manifest::kMaxComponents> texts_{};
};

} // namespace init
