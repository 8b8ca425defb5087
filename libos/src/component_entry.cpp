// SPDX-License-Identifier: MIT
/// Compiled with each component: joins the start-up code to the component's own Env and os::main.
#include "start.hpp"

#include "generated/env.hpp"
#include "os/log.hpp"
#include "os/mutex.hpp"

#include <cstdlib>

namespace {

template <typename Client, typename Result, typename Level>
auto level_of(Result (Client::*)(Level, std::string_view) const) -> Level;

/// Lines to a Log port; one thread at a time uses its session.
template <typename Client>
class LogPort {
public:
    explicit LogPort(Client client) : client_{client} {}

    static auto write(void* context, os::LogLevel level, std::string_view line) -> bool {
        auto& port = *static_cast<LogPort*>(context);
        os::Guard const guard{port.mutex_};
        return port.client_.line(static_cast<Level>(level), line).has_value();
    }

private:
    using Level = decltype(level_of(&Client::line));

    Client client_;
    os::Mutex mutex_;
};

template <typename Client>
void send_log_lines_to(Client client) {
    static LogPort<Client> port{client};
    os::set_log_sink(LogPort<Client>::write, &port);
}

/// A port called `log` takes the lines of os::log, whether it is optional or not.
template <typename Environment>
void connect_log(Environment& env) {
    if constexpr (requires { env.log().has_value(); }) {
        if (env.log()) {
            send_log_lines_to(*env.log());
        }
    } else if constexpr (requires { env.log(); }) {
        send_log_lines_to(env.log());
    }
}

} // namespace

extern "C" [[noreturn]] void os_start(std::uint64_t address) {
    Env env{os::start_component(address)};
    connect_log(env);
    os::main(env);
    std::exit(0);
}
