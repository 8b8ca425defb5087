// SPDX-License-Identifier: MIT
/// Commands about the machine, the components and the shell itself.
#include "base/result.hpp"
#include "components/shell/command.hpp"
#include "components/shell/format.hpp"

#include <algorithm>
#include <string>

namespace shell {
namespace {

using Align = Table::Align;

/// What each component was started with, what it has got since, and what is free.
auto memory_table(Machine& machine) -> Result<std::string> {
    auto const components = TRY(machine.components());
    auto const holders = TRY(machine.memory_holders());
    Table table{{Align::Left, Align::Right, Align::Right, Align::Right}};
    table.add({"NAME", "STARTED WITH", "ALLOCATED", "QUOTA"});
    for (auto const& component : components) {
        auto const holder = std::ranges::find(holders, component.name, &MemoryHolder::name);
        bool const holds = holder != holders.end();
        table.add({component.name, format_size(component.memory), holds ? format_size(holder->used) : "-",
                   holds ? format_size(holder->quota) : "-"});
    }
    return table.text() + "free: " + format_size(TRY(machine.memory_available())) + "\n";
}

} // namespace

void show_help(Context const& context, Arguments arguments) {
    Table table{{Align::Left, Align::Left}};
    for (auto const& command : commands()) {
        if (!arguments.empty() && command.name != arguments.front()) continue;
        table.add({command.invocation(), std::string{command.summary}});
    }
    auto const text = table.text();
    if (text.empty()) {
        context.complain(arguments.front() + ": there is no such command");
        return;
    }
    context.print(text);
    if (!arguments.empty()) return;
    context.print(
        "Output goes to a file with > and >>. Quotes and \\ keep blanks. Up and down recall lines.\n");
}

void echo(Context const& context, Arguments arguments) {
    bool const with_newline = arguments.empty() || arguments.front() != "-n";
    if (!with_newline) arguments = arguments.subspan(1);
    std::string_view separator;
    for (auto const& argument : arguments) {
        context.print(separator);
        context.print(argument);
        separator = " ";
    }
    if (with_newline) context.print("\n");
}

void wait_a_while(Context const& context, Arguments arguments) {
    auto const duration = parse_seconds(arguments.front());
    if (!duration) {
        context.complain(arguments.front() + ": not a number of seconds");
        return;
    }
    auto const slept = context.system().clock.sleep(*duration);
    if (!slept) context.complain(slept.error());
}

void show_uptime(Context const& context, Arguments /*arguments*/) {
    auto const now = context.system().clock.now();
    if (!now) {
        context.complain(now.error());
        return;
    }
    context.print("up " + format_duration(*now) + "\n");
}

void show_memory(Context const& context, Arguments /*arguments*/) {
    auto const text = memory_table(context.system().machine);
    if (!text) {
        context.complain(text.error());
        return;
    }
    context.print(*text);
}

void show_components(Context const& context, Arguments /*arguments*/) {
    auto const components = context.system().machine.components();
    if (!components) {
        context.complain(components.error());
        return;
    }
    Table table{{Align::Left, Align::Left, Align::Left, Align::Right, Align::Right, Align::Right}};
    table.add({"NAME", "BINARY", "STATE", "PRIORITY", "CORE", "MEMORY"});
    for (auto const& component : *components) {
        table.add({component.name, component.binary, std::string{component.state},
                   std::to_string(component.priority), std::to_string(component.core),
                   format_size(component.memory)});
    }
    context.print(table.text());
}

void say_hello(Context const& context, Arguments arguments) {
    auto const greeting =
        context.system().machine.greet(arguments.empty() ? std::string{"you"} : arguments.front());
    if (!greeting) {
        context.complain(greeting.error());
        return;
    }
    context.print(greeting->text + " (greeting number " + std::to_string(greeting->count) + ")\n");
}

void show_history(Context const& context, Arguments /*arguments*/) {
    Table table{{Align::Right, Align::Left}};
    std::size_t number = 0;
    for (auto const& line : context.history()) {
        table.add({std::to_string(++number), line});
    }
    context.print(table.text());
}

void clear_screen(Context const& context, Arguments /*arguments*/) { context.print("\x1b[H\x1b[2J"); }

void power_off(Context const& context, Arguments /*arguments*/) {
    auto const off = context.system().machine.power_off();
    if (!off) context.complain(off.error());
}

} // namespace shell
