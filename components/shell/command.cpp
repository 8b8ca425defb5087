// SPDX-License-Identifier: MIT
/// The table of commands: to add one, write its function and a line here.
#include "components/shell/command.hpp"

#include <algorithm>
#include <array>

namespace shell {
namespace {

constexpr std::array kCommands{
    Command{"help", "[COMMAND]", "lists the commands, or says more about one", 0, 1, show_help},
    Command{"echo", "[-n] [TEXT...]", "prints its arguments; -n: without a newline", 0, kAnyNumber, echo},
    Command{"ls", "[-l] [PATH...]", "lists directories; -l: with kind and size", 0, kAnyNumber, list_files,
            Takes::Paths},
    Command{"cd", "[DIRECTORY]", "goes to a directory, or to the root", 0, 1, change_directory, Takes::Paths},
    Command{"pwd", "", "prints where you are", 0, 0, print_directory},
    Command{"cat", "[FILE...]", "prints files; without one: what you type, up to Ctrl-D", 0, kAnyNumber,
            print_files, Takes::Paths},
    Command{"mkdir", "DIRECTORY...", "makes directories", 1, kAnyNumber, make_directories, Takes::Paths},
    Command{"rm", "[-r] PATH...", "removes files and empty directories; -r: with all inside", 1, kAnyNumber,
            remove_files, Takes::Paths},
    Command{"cp", "FROM TO", "copies a file; TO may be a directory", 2, 2, copy_files, Takes::Paths},
    Command{"mv", "FROM TO", "moves or renames; TO may be a directory", 2, 2, move_files, Takes::Paths},
    Command{"stat", "PATH...", "says what is known about a file", 1, kAnyNumber, show_stat, Takes::Paths},
    Command{"sleep", "SECONDS", "waits, such as 0.5; Ctrl-C ends it", 1, 1, wait_a_while},
    Command{"uptime", "", "says how long the machine has been running", 0, 0, show_uptime},
    Command{"mem", "", "shows who holds how much memory", 0, 0, show_memory},
    Command{"ps", "", "lists the components", 0, 0, show_components},
    Command{"hello", "[NAME]", "has the hello service greet you", 0, 1, say_hello},
    Command{"history", "", "lists the lines you have entered", 0, 0, show_history},
    Command{"clear", "", "clears the screen", 0, 0, clear_screen},
    Command{"exit", "", "turns the machine off", 0, 0, power_off},
    Command{"poweroff", "", "turns the machine off", 0, 0, power_off},
};

} // namespace

auto commands() -> std::span<Command const> { return kCommands; }

auto Command::unknown_option(Arguments arguments) const -> std::string_view {
    if (takes == Takes::Text) return {};
    // The usage of a command with an option begins with it: `[-l] `.
    auto const known = usage.starts_with("[-") ? usage.substr(1, 2) : std::string_view{};
    for (std::string_view const argument : arguments) {
        if (argument.size() < 2 || argument.front() != '-') break;
        if (argument != known) return argument;
    }
    return {};
}

auto find_command(std::string_view name) -> Command const* {
    auto const* const found = std::ranges::find(kCommands, name, &Command::name);
    return found == kCommands.end() ? nullptr : found;
}

} // namespace shell
