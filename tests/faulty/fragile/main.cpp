// SPDX-License-Identifier: MIT
/// A server that faults while a client waits for its answer.
#include "generated/env.hpp"

#include "os/server.hpp"

namespace {

struct Fragile {
    auto greet(std::string_view name) -> idl::hello::GreetResult {
        if (name == "nobody") {
            __builtin_trap();
        }
        return {.greeting = "Careful", .count = ++count};
    }

    std::uint32_t count{};
};

} // namespace

void os::main(Env& env) { os::serve(env.hello_service(), Fragile{}); }
