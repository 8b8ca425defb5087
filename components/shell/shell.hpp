// SPDX-License-Identifier: MIT
/// The shell: reads a line, does what it says, and goes on whatever became of it.
#pragma once

#include "components/shell/parser.hpp"
#include "components/shell/system.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace shell {

class Output;

class Shell {
public:
    static constexpr std::size_t kHistory = 100; ///< lines that `history` shows

    /// `name` stands before the directory in the prompt.
    Shell(System system, std::string_view name) : system_{system}, name_{name} {}

    /// Greets, then reads and executes lines until the console is gone.
    void run();

    /// Does what one line says. Every problem becomes a message on the terminal.
    void execute(std::string_view line);

    /// `name:directory$ `, with the middle of a long path left out.
    [[nodiscard]] auto prompt() const -> std::string;

private:
    void greet();
    void remember(std::string_view line);
    void execute(ParsedLine const& line);
    void run_command(ParsedLine const& line, Output& output);
    /// The output of a redirected command; null, after a message, when the file cannot be opened.
    [[nodiscard]] auto redirected(Redirection const& redirection) -> std::unique_ptr<Output>;
    void say(std::string_view message);

    System system_;
    std::string name_;
    std::string directory_{"/"};
    std::vector<std::string> history_{};
};

} // namespace shell
