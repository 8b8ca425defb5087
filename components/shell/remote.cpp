// SPDX-License-Identifier: MIT
/// Each function is one call, or a loop of calls where the interface bounds what one carries; failures become
/// the shell's own words for them.
#include "components/shell/remote.hpp"

#include "base/result.hpp"
#include "components/shell/problem.hpp"
#include "os/notification.hpp"
#include "os/startup_info.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace shell {
namespace {

constexpr std::size_t kMaxConsoleWrite = 2048; // of the interfaces, as their IDL says
constexpr std::size_t kMaxPrompt = 64;
constexpr std::size_t kMaxTransfer = 32768;
constexpr std::uint16_t kMostComponents = 256;
constexpr std::uint8_t kSleepAlarm = 0;

auto to_kind(idl::vfs::Kind kind) -> Kind {
    switch (kind) {
    case idl::vfs::Kind::Directory: return Kind::Directory;
    case idl::vfs::Kind::Device: return Kind::Device;
    case idl::vfs::Kind::File: break;
    }
    return Kind::File;
}

auto to_flags(OpenFor purpose) -> idl::vfs::Open {
    using idl::vfs::Open;
    switch (purpose) {
    case OpenFor::Writing: return Open::Write | Open::Create | Open::Truncate;
    case OpenFor::Appending: return Open::Write | Open::Create | Open::Append;
    case OpenFor::Reading: break;
    }
    return Open::Read;
}

class RemoteFile final : public OpenFile {
public:
    explicit RemoteFile(os::Opened<idl::file::Client> file) : file_{std::move(file)} {}
    RemoteFile(RemoteFile const&) = delete;
    auto operator=(RemoteFile const&) -> RemoteFile& = delete;
    // When the server has died there is nothing left to close.
    ~RemoteFile() override { (void)file_->close(); }

    auto read(std::span<char> into) -> Result<std::size_t> override {
        auto const piece = std::as_writable_bytes(into.first(std::min(into.size(), kMaxTransfer)));
        auto const count = TRY(checked(file_->read(offset_, piece)));
        offset_ += count;
        return count;
    }
    auto write(std::string_view text) -> Result<void> override {
        while (!text.empty()) {
            auto const piece = std::as_bytes(std::span{text.substr(0, kMaxTransfer)});
            auto const count = TRY(checked(file_->write(offset_, piece)));
            if (count == 0) {
                return std::unexpected(Problem::NoSpace);
            }
            offset_ += count;
            text.remove_prefix(std::min<std::size_t>(count, text.size()));
        }
        return {};
    }

private:
    os::Opened<idl::file::Client> file_;
    std::uint64_t offset_{};
};

} // namespace

auto RemoteTerminal::write(std::string_view text) -> Result<void> {
    while (!text.empty()) {
        auto const piece = std::as_bytes(std::span{text.substr(0, kMaxConsoleWrite)});
        auto const count = TRY(checked(console_.write(piece)));
        if (count == 0) {
            return std::unexpected(Problem::InputOutput);
        }
        text.remove_prefix(std::min<std::size_t>(count, text.size()));
    }
    return {};
}

auto RemoteTerminal::read_line(std::string const& prompt) -> std::expected<std::string, NoLine> {
    while (console_.next_event()) {
    } // a Ctrl-C that came too late for the last command
    interrupted_ = false;
    auto const line = console_.read_line(std::string_view{prompt}.substr(0, kMaxPrompt));
    if (line) {
        return std::string{line->view()};
    }
    auto const error = line.error().error();
    if (!error) {
        return std::unexpected(NoLine::Gone);
    }
    switch (*error) {
    case idl::console::ConsoleError::Busy: return std::unexpected(NoLine::Busy);
    case idl::console::ConsoleError::Interrupted: return std::unexpected(NoLine::Interrupted);
    case idl::console::ConsoleError::EndOfInput: return std::unexpected(NoLine::EndOfInput);
    }
    return std::unexpected(NoLine::Gone);
}

auto RemoteTerminal::interrupted() -> bool {
    while (auto const event = console_.next_event()) {
        interrupted_ = interrupted_ || std::holds_alternative<idl::console::InterruptEvent>(*event);
    }
    return interrupted_;
}

auto RemoteFiles::stat(std::string const& path) -> Result<FileStat> {
    auto const stat = TRY(checked(vfs_.stat(path)));
    return FileStat{
        .kind = to_kind(stat.kind), .size = stat.size, .modified = stat.modified, .writable = stat.writable};
}

auto RemoteFiles::list(std::string const& path) -> Result<std::vector<FileEntry>> {
    auto const directory = TRY(checked(vfs_.open_directory(path)));
    std::vector<FileEntry> entries;
    Result<void> done{};
    for (std::uint32_t index = 0;; ++index) {
        auto const next = checked(directory->entry(index));
        if (!next) {
            done = std::unexpected(next.error());
        }
        if (!next || !next->found) {
            break;
        }
        entries.push_back({.name = std::string{next->name.view()},
                           .kind = to_kind(next->entry.kind),
                           .size = next->entry.size});
    }
    (void)directory->close(); // when the server has died there is nothing left to close
    if (!done) {
        return std::unexpected(done.error());
    }
    return entries;
}

auto RemoteFiles::open(std::string const& path, OpenFor purpose) -> Result<std::unique_ptr<OpenFile>> {
    return std::make_unique<RemoteFile>(TRY(checked(vfs_.open(path, to_flags(purpose)))));
}

auto RemoteFiles::create_directory(std::string const& path) -> Result<void> {
    return checked(vfs_.create_directory(path));
}
auto RemoteFiles::remove(std::string const& path) -> Result<void> { return checked(vfs_.remove(path)); }
auto RemoteFiles::rename(std::string const& from, std::string const& to) -> Result<void> {
    return checked(vfs_.rename(from, to));
}

auto RemoteClock::now() -> Result<std::uint64_t> { return checked(timer_.now()); }

auto RemoteClock::sleep(std::uint64_t duration) -> Result<void> {
    // An alarm, not Timer.sleep: the notification that brings it also brings a Ctrl-C.
    auto const end = TRY(now()) + duration;
    TRY(checked(timer_.set_alarm(kSleepAlarm, end)));
    while (!terminal_.interrupted()) {
        while (auto const event = timer_.next_event()) {
            auto const* const alarm = std::get_if<idl::timer::AlarmEvent>(&*event);
            if (alarm != nullptr && alarm->time == end) {
                return {};
            }
        }
        (void)os::object::Notification{os::slot::kNotification}.wait(); // the events say what has come
    }
    return checked(timer_.cancel(kSleepAlarm));
}

auto RemoteMachine::components() -> Result<std::vector<Component>> {
    std::vector<Component> result;
    for (std::uint16_t index = 0; index < kMostComponents; ++index) {
        auto const next = TRY(checked(process_.info(index)));
        if (!next.found) {
            break;
        }
        result.push_back({.name = std::string{next.name.view()},
                          .binary = std::string{next.binary.view()},
                          .state = name(next.info.state),
                          .priority = next.info.priority,
                          .core = next.info.core,
                          .memory = next.info.memory});
    }
    return result;
}

auto RemoteMachine::memory_holders() -> Result<std::vector<MemoryHolder>> {
    std::vector<MemoryHolder> result;
    for (std::uint16_t index = 0; index < kMostComponents; ++index) {
        auto const next = TRY(checked(memory_.holder(index)));
        if (!next.found) {
            break;
        }
        result.push_back(
            {.name = std::string{next.name.view()}, .used = next.holder.used, .quota = next.holder.quota});
    }
    return result;
}

auto RemoteMachine::memory_available() -> Result<std::uint64_t> { return checked(memory_.available()); }

auto RemoteMachine::greet(std::string_view name) -> Result<Greeting> {
    if (!hello_) {
        return std::unexpected(Problem::NotConnected);
    }
    auto const greeting = TRY(checked(hello_->greet(name)));
    return Greeting{.text = std::string{greeting.greeting.view()}, .count = greeting.count};
}

auto RemoteMachine::power_off() -> Result<void> { return checked(process_.power_off(0)); }

} // namespace shell
