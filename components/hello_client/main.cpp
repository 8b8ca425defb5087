// SPDX-License-Identifier: MIT
/// The smallest client: one call, and a line in the log.
#include "generated/env.hpp"
#include "os/log.hpp"

void os::main(Env& env) {
    auto const answer = env.hello().greet(env.name());
    auto const text = answer ? answer->greeting.view() : answer.error().text();
    (void)env.log().line(idl::log::Level::Info, text); // without a log there is nobody to tell
}
