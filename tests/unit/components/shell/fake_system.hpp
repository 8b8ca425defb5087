// SPDX-License-Identifier: MIT
/// A system for the shell to work on: files are the real file server's logic, everything else is scripted.
#pragma once

#include "components/shell/system.hpp"
#include "components/vfs/boot_file_system.hpp"
#include "components/vfs/device_file_system.hpp"
#include "components/vfs/file_server.hpp"
#include "components/vfs/ram_file_system.hpp"
#include "tests/unit/components/vfs/cpio_writer.hpp"

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace shell_test {

using shell::Problem;
using shell::Result;

inline auto problem(vfs::Error error) -> Problem {
    return static_cast<Problem>(static_cast<unsigned>(error) - 1); // the two lists have the same order
}

class FakeTerminal final : public shell::Terminal {
public:
    auto write(std::string_view text) -> Result<void> override {
        shown.append(text);
        return {};
    }
    auto read_line(std::string const& prompt) -> std::expected<std::string, shell::NoLine> override {
        prompts.push_back(prompt);
        if (lines.empty()) return std::unexpected(shell::NoLine::Gone);
        auto const line = lines.front();
        lines.pop_front();
        return line;
    }
    auto interrupted() -> bool override { return interrupt_after > 0 && --interrupt_after == 0; }

    std::string shown{};
    std::vector<std::string> prompts{};
    std::deque<std::expected<std::string, shell::NoLine>> lines{};
    int interrupt_after{}; ///< the number of the question that is answered with yes
};

class FakeFiles final : public shell::Files {
public:
    FakeFiles() {
        devices_.add("null", std::make_unique<vfs::NullDevice>());
        devices_.add("zero", std::make_unique<vfs::ZeroDevice>());
        tree_.mount("boot", boot_);
        tree_.mount("dev", devices_);
        tree_.mount("tmp", ram_);
    }

    auto stat(std::string const& path) -> Result<shell::FileStat> override {
        auto const found = server_.stat(path);
        if (!found) return std::unexpected(problem(found.error()));
        return shell::FileStat{.kind = kind(found->kind),
                               .size = found->size,
                               .modified = found->modified,
                               .writable = found->writable};
    }
    auto list(std::string const& path) -> Result<std::vector<shell::FileEntry>> override {
        auto const directory = server_.open_directory(kSession, path);
        if (!directory) return std::unexpected(problem(directory.error()));
        std::vector<shell::FileEntry> entries;
        while (auto const entry = server_.entry(kSession, *directory, entries.size()).value()) {
            entries.push_back(
                {.name = entry->name, .kind = kind(entry->stat.kind), .size = entry->stat.size});
        }
        server_.close(kSession, *directory);
        return entries;
    }
    auto open(std::string const& path, shell::OpenFor purpose)
        -> Result<std::unique_ptr<shell::OpenFile>> override {
        using namespace vfs::open_flag;
        auto how = kRead;
        if (purpose == shell::OpenFor::Writing) how = kWrite | kCreate | kTruncate;
        if (purpose == shell::OpenFor::Appending) how = kWrite | kCreate | kAppend;
        auto const handle = server_.open(kSession, path, how);
        if (!handle) return std::unexpected(problem(handle.error()));
        return std::make_unique<File>(server_, *handle);
    }
    auto create_directory(std::string const& path) -> Result<void> override {
        return converted(server_.create_directory(path));
    }
    auto remove(std::string const& path) -> Result<void> override { return converted(server_.remove(path)); }
    auto rename(std::string const& from, std::string const& to) -> Result<void> override {
        return converted(server_.rename(from, to));
    }

private:
    static constexpr vfs::Session kSession = 1;

    class File final : public shell::OpenFile {
    public:
        File(vfs::FileServer& server, vfs::Handle handle) : server_{server}, handle_{handle} {}
        File(File const&) = delete;
        auto operator=(File const&) -> File& = delete;
        ~File() override { server_.close(kSession, handle_); }

        auto read(std::span<char> into) -> Result<std::size_t> override {
            auto const count = server_.read(kSession, handle_, offset_, std::as_writable_bytes(into));
            if (!count) return std::unexpected(problem(count.error()));
            offset_ += *count;
            return *count;
        }
        auto write(std::string_view text) -> Result<void> override {
            auto const count = server_.write(kSession, handle_, offset_, std::as_bytes(std::span{text}));
            if (!count) return std::unexpected(problem(count.error()));
            offset_ += *count;
            if (*count < text.size()) return std::unexpected(Problem::NoSpace);
            return {};
        }

    private:
        vfs::FileServer& server_;
        vfs::Handle handle_;
        std::uint64_t offset_{};
    };

    static auto kind(vfs::Kind kind) -> shell::Kind {
        return static_cast<shell::Kind>(static_cast<unsigned>(kind) - 1); // the same order
    }
    static auto converted(vfs::Result<void> result) -> Result<void> {
        if (!result) return std::unexpected(problem(result.error()));
        return {};
    }

    vfs_test::CpioWriter writer_{};
    vfs::BootFileSystem boot_{
        base::CpioArchive{writer_.add("bin/shell", "ELF shell").add("readme", "read me\n").finish()}};
    vfs::DeviceFileSystem devices_{};
    vfs::RamFileSystem ram_{128 * 1024, [] { return std::uint64_t{2'500'000'000}; }};
    vfs::Tree tree_{};
    vfs::FileServer server_{tree_};
};

class FakeClock final : public shell::Clock {
public:
    auto now() -> Result<std::uint64_t> override { return time; }
    auto sleep(std::uint64_t duration) -> Result<void> override {
        time += duration;
        return {};
    }

    std::uint64_t time{61'500'000'000};
};

class FakeMachine final : public shell::Machine {
public:
    auto board() -> std::string override { return "desk"; }
    auto components() -> Result<std::vector<shell::Component>> override {
        return std::vector<shell::Component>{{"console", "console", "receiving", 220, 0, 1 << 20},
                                             {"hello", "hello", "failed", 9, 0, 1536}};
    }
    auto memory_holders() -> Result<std::vector<shell::MemoryHolder>> override {
        return std::vector<shell::MemoryHolder>{{"console", 4096, 16 << 20}};
    }
    auto memory_available() -> Result<std::uint64_t> override { return 100 << 20; }
    auto greet(std::string_view name) -> Result<shell::Greeting> override {
        if (!hello_connected) return std::unexpected(Problem::NotConnected);
        return shell::Greeting{.text = "Hello, " + std::string{name} + "!", .count = 3};
    }
    auto power_off() -> Result<void> override { return std::unexpected(Problem::Denied); }

    bool hello_connected{true};
};

} // namespace shell_test
