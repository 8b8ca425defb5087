// SPDX-License-Identifier: MIT
/// The server loop of init.
#include "components/init/supervisor.hpp"

#include "base/log.hpp"
#include "components/init/builder.hpp"
#include "generated/object/debug_console.hpp"
#include "generated/object/tcb.hpp"
#include "os/arch.hpp"
#include "os/supervisor.hpp"
#include "os/syscall.hpp"
#include "os/time.hpp"

#include <algorithm>
#include <span>

namespace init {
namespace {

using os::supervisor::Label;

/// The answer to a message that init does not know.
constexpr os::Message kRefused{
    .tag = abi::MessageTag{static_cast<std::uint64_t>(os::Transport::BadRequest), 0}, .words = {}};

auto is(std::uint64_t label, Label known) -> bool { return label == static_cast<std::uint64_t>(known); }

} // namespace

void Supervisor::start(std::size_t index) {
    Instance& instance = instances_->all()[index];
    if (!instance.alive()) {
        return;
    }
    if (!resume(index)) {
        end(index, Phase::Absent);
        return;
    }
    if (instance.phase != Phase::Starting) {
        return;
    }
    ticks_ = 0;
    ticker_.start();
    while (instance.phase == Phase::Starting && ticks_ < kPatience) {
        serve_one();
    }
    ticker_.stop();
    if (instance.phase == Phase::Starting) {
        base::log("init: ", printable(instance.name).view(), " does not say that it is ready; going on");
    }
}

/// Lets it run. False after a report.
auto Supervisor::resume(std::size_t index) -> bool {
    Instance& instance = instances_->all()[index];
    instance.phase = instance.has(manifest::flag::kWaitReady) ? Phase::Starting : Phase::Ready;
    instance.lives.begin(os::now_ticks());
    auto const resumed = os::object::Tcb{instance.tcb}.resume();
    if (!resumed.has_value()) {
        base::write_log_line(
            failure_line(instance.name, " cannot be started: ", {"resuming its thread", resumed.error()})
                .view());
    }
    return resumed.has_value();
}

void Supervisor::run() {
    for (;;) {
        serve_one();
    }
}

void Supervisor::serve_one() {
    auto const received = reply_.has_value() ? os::reply_receive(endpoint_, *reply_) : os::receive(endpoint_);
    reply_ = handle(received);
}

auto Supervisor::handle(os::Received const& received) -> std::optional<os::Message> {
    if (received.message.tag.has(abi::MessageTag::kNotification)) {
        ++ticks_;
        return std::nullopt;
    }
    if (received.badge >= kSupervisorBadge) {
        return handle_supervised(received.badge & 0xFFFFU, received.message);
    }
    return server_ != nullptr ? server_->handle(received) : kRefused;
}

auto Supervisor::handle_supervised(std::size_t index, os::Message const& message)
    -> std::optional<os::Message> {
    std::uint64_t const label = message.tag.label();
    if (!instances_->all()[index].alive()) {
        return kRefused;
    } // its last message before it was destroyed
    if (is_fault(label)) {
        fail(index, message);
        return std::nullopt;
    }
    if (is(label, Label::Text)) {
        take_text(index, message.words);
        return std::nullopt;
    }
    if (is(label, Label::Exited)) {
        exited(index, static_cast<std::uint8_t>(message.words[0]));
        return std::nullopt;
    }
    if (is(label, Label::Failed)) {
        stop(index);
        base::log("init: ", printable(instances_->all()[index].name).view(), " failed: it has given up");
        end(index, Phase::Failed);
        return std::nullopt;
    }
    return kRefused;
}

/// Puts the pieces of a line together. What a component may report is limited: it costs everybody's time.
void Supervisor::take_text(std::size_t index, abi::Words const& words) {
    Text& text = texts_[index];
    auto const bytes = std::as_bytes(std::span{words});
    for (std::byte const byte : bytes) {
        auto const character = static_cast<char>(byte);
        if (character == '\0' || text.total == kMaxText) {
            return;
        }
        ++text.total;
        if (character != '\n') {
            text.line.append(character);
            continue;
        }
        Line line{printable(instances_->all()[index].name).view(), ": "};
        base::write_log_line(line.append(printable(text.line.view()).view()).view());
        text.line = {};
    }
}

void Supervisor::fail(std::size_t index, os::Message const& fault) {
    stop(index);
    auto const reporter = fault.tag.has(abi::MessageTag::kFault) ? Reporter::Kernel : Reporter::Pager;
    Line line{"init: "};
    line.append(fault_line(instances_->all()[index].name, fault.tag.label(), fault.words, reporter).view());
    base::write_log_line(line.view());
    report_registers(index, fault.words[0]);
    end(index, Phase::Failed);
}

void Supervisor::report_registers(std::size_t index, std::uint64_t instruction_pointer) const {
    constexpr std::uint8_t kPerLine = 4;
    os::object::Tcb const tcb{instances_->all()[index].tcb};
    for (std::uint8_t first = 0; first < os::arch::reg::kCount; first += kPerLine) {
        auto const count = std::min<std::uint8_t>(kPerLine, os::arch::reg::kCount - first);
        auto const values = tcb.read_registers(first, count);
        if (!values.has_value()) {
            return;
        }
        if (first == 0 && (*values)[0] != instruction_pointer) {
            base::write_log_line("  in a thread of its own, whose registers init does not see");
            return;
        }
        base::write_log_line(register_line(first, std::span{*values}.first(count)).view());
    }
}

void Supervisor::set_ready(std::size_t index) {
    Instance& instance = instances_->all()[index];
    if (instance.phase == Phase::Starting) {
        instance.phase = Phase::Ready;
    }
}

void Supervisor::exited(std::size_t index, std::uint8_t status) {
    stop(index);
    base::log("init: ", printable(instances_->all()[index].name).view(), " has ended with status ", status);
    end(index, Phase::Exited);
}

void Supervisor::power_off(std::size_t index, std::uint8_t status) {
    base::log("init: power off, asked for by ", printable(instances_->all()[index].name).view());
    turn_off(status);
}

/// Its call has lent its time to init. From here on init runs on its own again, and at its own priority:
/// nothing of the same core comes between the lines of a report. Where the caller is the pager, that would go
/// on to lend its own time: it is answered now.
void Supervisor::stop(std::size_t index) const {
    (void)os::object::Tcb{instances_->all()[index].tcb}.suspend(); // a thread that is gone has stopped
    os::reply(kRefused);
}

/// Destroys it: all its threads stop, callers get an error, all memory but what others share with it is free.
void Supervisor::end(std::size_t index, Phase phase) {
    Instance& instance = instances_->all()[index];
    objects_->destroy(index);
    instance.phase = phase;
    instance.memory = 0;
    if (phase == Phase::Failed && start_again(index)) {
        return;
    }
    if (std::ranges::none_of(instances_->all(), &Instance::alive)) {
        base::write_log_line("init: nothing runs any more");
        turn_off(phase == Phase::Exited ? 0 : kNothingRuns);
    }
}

/// Makes a component that has failed once more, if it may live again. False: it stays as it is.
auto Supervisor::start_again(std::size_t index) -> bool {
    Instance& instance = instances_->all()[index];
    if (!instance.lives.another(instance.restarts(), os::now_ticks(),
                                kGoodLifeSeconds * os::ticks_per_second())) {
        return false;
    }
    auto made = builder_->build(index, instance);
    if (made.has_value()) {
        made = wiring_->reconnect(index);
    }
    if (made.has_value()) {
        texts_[index] = {};
        base::log("init: ", printable(instance.name).view(), " is started again, ", instance.lives.failures(),
                  " of ", instance.restarts());
        if (resume(index)) {
            return true;
        }
    } else {
        base::write_log_line(failure_line(instance.name, " cannot be started again: ", made.error()).view());
    }
    objects_->destroy(index);
    instance.phase = Phase::Failed;
    instance.memory = 0;
    return false;
}

void turn_off(std::uint8_t status) {
    // A board that cannot turn itself off goes on, and shows what is on its screen.
    (void)os::object::DebugConsole{abi::init_slot::kDebugConsole}.power_off(status);
}

} // namespace init
