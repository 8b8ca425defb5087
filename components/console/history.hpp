// SPDX-License-Identifier: MIT
/// The lines a session has entered, newest first, as the up key finds them.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace console {

class History {
public:
    static constexpr std::size_t kCapacity = 32;

    /// Remembers `line`, unless it is empty or the same as the one before. The oldest makes room.
    void add(std::string_view line) {
        if (line.empty() || (!lines_.empty() && lines_.front() == line)) return;
        if (lines_.size() == kCapacity) lines_.pop_back();
        lines_.emplace_front(line);
    }

    [[nodiscard]] auto count() const -> std::size_t { return lines_.size(); }

    /// The line entered `age` lines ago, 0 the newest; `age` is below `count()`.
    [[nodiscard]] auto line(std::size_t age) const -> std::string const& { return lines_.at(age); }

private:
    std::deque<std::string> lines_{};
};

} // namespace console
