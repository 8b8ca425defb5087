// SPDX-License-Identifier: MIT
/// Where a command's output goes: the terminal, or the file it is redirected to.
#pragma once

#include "components/shell/system.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace shell {

class Output {
public:
    /// To the terminal.
    explicit Output(Terminal& terminal) : terminal_{terminal} {}
    /// To a file.
    Output(Terminal& terminal, std::unique_ptr<OpenFile> file)
        : terminal_{terminal}, file_{std::move(file)} {}
    Output(Output const&) = delete;
    auto operator=(Output const&) -> Output& = delete;
    ~Output() = default;

    /// Collects text; what is collected goes out in larger pieces. After a failure nothing goes out any more.
    void print(std::string_view text) {
        pending_.append(text);
        if (pending_.size() >= kPiece) flush();
    }

    void flush() {
        auto const text = std::exchange(pending_, {});
        if (problem_ || text.empty()) return;
        auto const done = file_ != nullptr ? file_->write(text) : terminal_.write(text);
        if (!done) problem_ = done.error();
    }

    [[nodiscard]] auto is_terminal() const -> bool { return file_ == nullptr; }
    /// Why the output has stopped.
    [[nodiscard]] auto problem() const -> std::optional<Problem> { return problem_; }

private:
    static constexpr std::size_t kPiece = 1024;

    Terminal& terminal_;
    std::unique_ptr<OpenFile> file_{};
    std::string pending_{};
    std::optional<Problem> problem_{};
};

} // namespace shell
