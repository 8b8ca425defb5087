// SPDX-License-Identifier: MIT
/// The smallest service: a struct with the methods that idl/hello.idl declares.
#include "base/text.hpp"
#include "generated/env.hpp"
#include "generated/hello.hpp"
#include "os/server.hpp"

namespace {

struct Hello {
    auto greet(std::string_view name) -> idl::hello::GreetResult {
        base::Text<64> const text{greeting, ", ", name, "!"};
        return {.greeting = text.view(), .count = ++count};
    }

    std::string_view greeting; ///< the parameter of component.yaml
    std::uint32_t count{};
};

} // namespace

void os::main(Env& env) { os::serve(env.hello_service(), Hello{.greeting = env.greeting()}); }
