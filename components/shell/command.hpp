// SPDX-License-Identifier: MIT
/// What a command is, and what it works with.
#pragma once

#include "components/shell/output.hpp"
#include "components/shell/paths.hpp"
#include "components/shell/system.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shell {

using Arguments = std::span<std::string const>;

/// The state of the shell while one command runs.
class Context {
public:
    Context(System& system, std::string& directory, std::vector<std::string> const& history, Output& output,
            std::string_view command)
        : system_{system}, directory_{directory}, history_{history}, output_{output}, command_{command} {}

    [[nodiscard]] auto system() const -> System& { return system_; }
    [[nodiscard]] auto history() const -> std::vector<std::string> const& { return history_; }
    [[nodiscard]] auto output() const -> Output& { return output_; }
    [[nodiscard]] auto directory() const -> std::string const& { return directory_; }
    void set_directory(std::string directory) const { directory_ = std::move(directory); }

    /// The absolute path that an argument names.
    [[nodiscard]] auto path(std::string_view argument) const -> std::string {
        return absolute(directory_, argument);
    }

    void print(std::string_view text) const { output_.print(text); }

    /// `command: message`, to the terminal, behind the output so far.
    void complain(std::string_view message) const {
        output_.flush();
        // When even the terminal fails there is nobody left to tell.
        (void)system_.terminal.write(std::string{command_}.append(": ").append(message).append("\n"));
    }
    /// `command: subject: problem`.
    void complain(std::string_view subject, Problem problem) const {
        complain(std::string{subject}.append(": ").append(describe(problem)));
    }
    void complain(Problem problem) const { complain(describe(problem)); }

    /// Whether the command should end now: Ctrl-C, or its output goes nowhere.
    [[nodiscard]] auto should_stop() const -> bool {
        return output_.problem().has_value() || system_.terminal.interrupted();
    }

private:
    System& system_;
    std::string& directory_;
    std::vector<std::string> const& history_;
    Output& output_;
    std::string_view command_;
};

/// What arguments are. Of a command that takes paths, those in front that begin with `-` are options.
enum class Takes : std::uint8_t { Text, Paths };

struct Command {
    std::string_view name;
    std::string_view usage; ///< the arguments, as help shows them
    std::string_view summary;
    std::size_t least_arguments;
    std::size_t most_arguments;
    void (*run)(Context const& context, Arguments arguments);
    Takes takes{Takes::Text};

    /// The first of the arguments that is an option which the command does not have; empty if none is.
    [[nodiscard]] auto unknown_option(Arguments arguments) const -> std::string_view;

    /// The command with its arguments, as people write it.
    [[nodiscard]] auto invocation() const -> std::string {
        std::string text{name};
        if (!usage.empty()) text.append(" ").append(usage);
        return text;
    }
};

inline constexpr std::size_t kAnyNumber = ~std::size_t{0};

/// All commands, in the order in which help shows them.
[[nodiscard]] auto commands() -> std::span<Command const>;

/// The command of this name; null when there is none.
[[nodiscard]] auto find_command(std::string_view name) -> Command const*;

// file_commands.cpp
void list_files(Context const& context, Arguments arguments);
void change_directory(Context const& context, Arguments arguments);
void print_directory(Context const& context, Arguments arguments);
void print_files(Context const& context, Arguments arguments);
void show_stat(Context const& context, Arguments arguments);
void make_directories(Context const& context, Arguments arguments);

// move_commands.cpp
void remove_files(Context const& context, Arguments arguments);
void copy_files(Context const& context, Arguments arguments);
void move_files(Context const& context, Arguments arguments);

// system_commands.cpp
void show_help(Context const& context, Arguments arguments);
void echo(Context const& context, Arguments arguments);
void wait_a_while(Context const& context, Arguments arguments);
void show_uptime(Context const& context, Arguments arguments);
void show_memory(Context const& context, Arguments arguments);
void show_components(Context const& context, Arguments arguments);
void say_hello(Context const& context, Arguments arguments);
void show_history(Context const& context, Arguments arguments);
void clear_screen(Context const& context, Arguments arguments);
void power_off(Context const& context, Arguments arguments);

} // namespace shell
