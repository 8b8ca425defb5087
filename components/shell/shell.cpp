// SPDX-License-Identifier: MIT
/// The loop and the two steps of a line: parse, then find the command and its output.
#include "components/shell/shell.hpp"

#include "components/shell/command.hpp"

#include <utility>

namespace shell {
namespace {

constexpr std::size_t kLongestShownDirectory = 40;
constexpr std::uint64_t kRetryConsole = 500'000'000; ///< nanoseconds
constexpr unsigned kMostTries = 20;                  ///< of a console that does not come back

} // namespace

void Shell::run() {
    greet();
    unsigned tries = 0;
    while (tries < kMostTries) {
        auto const line = system_.terminal.read_line(prompt());
        bool const is_gone = !line && line.error() == NoLine::Gone;
        tries = is_gone ? tries + 1 : 0;
        if (line) {
            execute(*line);
            continue;
        }
        switch (line.error()) {
        case NoLine::Interrupted: break;
        case NoLine::EndOfInput: say("exit turns the machine off"); break;
        case NoLine::Busy:
        case NoLine::Gone: // it may be started again
            (void)system_.clock.sleep(kRetryConsole);
            break; // early or late, it asks again
        }
    }
}

void Shell::greet() {
    say("Tarn on " + system_.machine.board() + ". Type help for the commands, exit to turn the machine off.");
}

void Shell::execute(std::string_view line) {
    remember(line);
    auto const parsed = parse_line(line);
    if (!parsed) {
        say(parsed.error());
        return;
    }
    if (!parsed->words.empty()) execute(*parsed);
}

void Shell::execute(ParsedLine const& line) {
    if (!line.output) {
        Output output{system_.terminal};
        run_command(line, output);
        return;
    }
    auto const output = redirected(*line.output);
    if (output == nullptr) return;
    run_command(line, *output);
    if (output->problem()) say(line.output->path + ": " + std::string{describe(*output->problem())});
}

void Shell::run_command(ParsedLine const& line, Output& output) {
    auto const& name = line.words.front();
    auto const* const command = find_command(name);
    if (command == nullptr) {
        say(name + ": there is no such command; help lists them all");
        return;
    }
    auto const arguments = Arguments{line.words}.subspan(1);
    Context const context{system_, directory_, history_, output, name};
    if (auto const option = command->unknown_option(arguments); !option.empty()) {
        context.complain("there is no option " + std::string{option} + "; usage: " + command->invocation());
        return;
    }
    if (arguments.size() < command->least_arguments || arguments.size() > command->most_arguments) {
        context.complain("usage: " + command->invocation());
        return;
    }
    command->run(context, arguments);
    output.flush();
}

auto Shell::redirected(Redirection const& redirection) -> std::unique_ptr<Output> {
    auto const purpose = redirection.append ? OpenFor::Appending : OpenFor::Writing;
    auto file = system_.files.open(absolute(directory_, redirection.path), purpose);
    if (!file) {
        say(redirection.path + ": " + std::string{describe(file.error())});
        return nullptr;
    }
    return std::make_unique<Output>(system_.terminal, *std::move(file));
}

auto Shell::prompt() const -> std::string {
    auto shown = directory_;
    if (shown.size() > kLongestShownDirectory) {
        shown = "..." + shown.substr(shown.size() - kLongestShownDirectory + 3);
    }
    return name_ + ":" + shown + "$ ";
}

void Shell::remember(std::string_view line) {
    if (line.find_first_not_of(" \t") == std::string_view::npos) return;
    if (history_.size() == kHistory) history_.erase(history_.begin());
    history_.emplace_back(line);
}

void Shell::say(std::string_view message) {
    // When the terminal fails there is nobody left to tell.
    (void)system_.terminal.write(std::string{message} + "\n");
}

} // namespace shell
