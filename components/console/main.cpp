// SPDX-License-Identifier: MIT
/// The wiring of the console: sessions on one side, the serial port on the other.
#include "components/console/terminal.hpp"
#include "components/console/uart.hpp"
#include "generated/console.hpp"
#include "generated/env.hpp"
#include "generated/log.hpp"
#include "os/log.hpp"
#include "os/server.hpp"

#include <map>
#include <string>
#include <utility>
#include <variant>

namespace {

using console::Session;
using idl::console::ConsoleError;
namespace method = idl::console::method;

/// What the terminal says becomes answers to calls that wait, and events.
class Answers final : public console::Listener {
public:
    explicit Answers(os::Service<idl::console::Interface> const& service) : service_{service} {}

    /// A call that takes the place of an earlier one of the session answers that one with `Busy`.
    void expect_write(Session session, os::Pending<method::Write> call) {
        writes_.insert_or_assign(session, std::move(call));
    }
    void expect_line(Session session, os::Pending<method::ReadLine> call) {
        lines_.insert_or_assign(session, std::move(call));
    }
    void forget(Session session) {
        writes_.erase(session);
        lines_.erase(session);
    }
    [[nodiscard]] auto is_gone(Session session) const -> bool {
        return !os::Sessions::has_client(service_.sessions()[session]);
    }
    void refuse_line(Session session) { answer_line(session, std::unexpected(ConsoleError::Busy)); }

    void write_done(Session session, std::size_t written) override {
        auto call = writes_.extract(session);
        if (!call.empty()) {
            call.mapped().answer(static_cast<std::uint16_t>(written));
        }
    }
    void line_done(Session session, console::LineEnd end, std::string_view text) override {
        switch (end) {
        case console::LineEnd::Entered: answer_line(session, text); break;
        case console::LineEnd::Interrupted:
            answer_line(session, std::unexpected(ConsoleError::Interrupted));
            break;
        case console::LineEnd::EndOfInput:
            answer_line(session, std::unexpected(ConsoleError::EndOfInput));
            break;
        }
    }
    // A client that is too far behind to take an event loses it: typing does not wait for programs.
    void key(Session session, std::uint8_t byte) override { (void)service_.events(session).key(byte); }
    void interrupt(Session session) override { (void)service_.events(session).interrupt(); }

private:
    void answer_line(Session session, method::ReadLine::Answer const& answer) {
        auto call = lines_.extract(session);
        if (!call.empty()) {
            call.mapped().answer(answer);
        }
    }

    os::Service<idl::console::Interface> service_;
    std::map<Session, os::Pending<method::Write>> writes_{};
    std::map<Session, os::Pending<method::ReadLine>> lines_{};
};

/// The serial port: moves what the terminal has, and what has been typed.
class SerialPort {
public:
    SerialPort(os::Device const& device, console::AnyUart const& uart, console::Terminal& terminal)
        : device_{device}, uart_{uart}, terminal_{terminal} {}

    /// To be called once. The line may have fired before anybody listened.
    void start() const {
        std::visit([this](auto const& uart) { console::take_early_input(uart, terminal_); }, uart_);
        device_.acknowledge_interrupt();
    }
    void transmit() const {
        std::visit([this](auto const& uart) { console::transmit_output(uart, terminal_); }, uart_);
    }
    void on_notification(std::uint64_t bits) const {
        if ((bits & device_.interrupt_badge()) == 0) {
            return;
        }
        std::visit([this](auto const& uart) { console::serve_interrupt(uart, terminal_); }, uart_);
        device_.acknowledge_interrupt();
    }

private:
    os::Device device_;
    console::AnyUart uart_;
    console::Terminal& terminal_;
};

/// The port `console`.
struct ConsoleServer {
    void write(os::Caller const& caller, std::span<std::byte const> data, os::Pending<method::Write> call) {
        answers.expect_write(caller.session, std::move(call));
        // Characters are bytes; the view has the type that text has.
        terminal.write(caller.session, {reinterpret_cast<char const*>(data.data()), data.size()});
        port.transmit();
    }
    void read_line(os::Caller const& caller, std::string_view prompt, os::Pending<method::ReadLine> call) {
        free_input();
        answers.expect_line(caller.session, std::move(call));
        if (!terminal.read_line(caller.session, prompt)) {
            answers.refuse_line(caller.session);
        }
        port.transmit();
    }
    auto set_raw(os::Caller const& caller, bool on) -> std::expected<void, ConsoleError> {
        free_input();
        if (!terminal.set_raw(caller.session, on)) {
            return std::unexpected(ConsoleError::Busy);
        }
        return {};
    }

    /// Who is gone for good does not keep the input from the others.
    void free_input() {
        if (auto const holder = terminal.input_holder(); holder && answers.is_gone(*holder)) {
            forget(*holder);
        }
    }
    void forget(Session session) {
        terminal.forget(session);
        answers.forget(session);
        port.transmit();
    }

    Answers& answers;
    console::Terminal& terminal;
    SerialPort& port;
};

/// The port `log`.
struct LogServer {
    void line(os::Caller const& caller, idl::log::Level level, std::string_view text) {
        std::string marked;
        if (level >= idl::log::Level::Warning) {
            marked.append(name(level)).append(": ");
        }
        terminal.log(caller.client(), marked.append(text));
        port.transmit();
    }

    console::Terminal& terminal;
    SerialPort& port;
};

struct Main {
    Main(Env& env, console::AnyUart const& uart)
        : answers{env.console_service()},
          terminal{answers, env.columns()},
          port{env.uart(), uart, terminal},
          console_server{answers, terminal, port},
          log_server{terminal, port},
          server{env.startup()} {
        server.add(env.console_service(), console_server);
        server.add(env.log_service(), log_server);
        server.on_notification([this](std::uint64_t bits) { port.on_notification(bits); });
    }

    Answers answers;
    console::Terminal terminal;
    SerialPort port;
    ConsoleServer console_server;
    LogServer log_server;
    os::Server server;
};

} // namespace

void os::main(Env& env) {
    auto const device = env.uart();
    auto const uart =
        console::make_uart(device.compatible(), device.registers().address(), device.clock_hz());
    if (!uart) {
        os::log(LogLevel::Error, "there is no driver for ", device.compatible());
        return;
    }
    Main main{env, *uart};
    main.port.start();
    main.server.run();
}
