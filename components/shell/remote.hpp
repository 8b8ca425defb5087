// SPDX-License-Identifier: MIT
/// The system as the shell needs it, over the ports that it uses.
#pragma once

#include "components/shell/system.hpp"
#include "generated/console.hpp"
#include "generated/hello.hpp"
#include "generated/memory.hpp"
#include "generated/process.hpp"
#include "generated/timer.hpp"
#include "generated/vfs.hpp"

#include <optional>
#include <string>

namespace shell {

class RemoteTerminal final : public Terminal {
public:
    explicit RemoteTerminal(idl::console::Client const& console) : console_{console} {}

    auto write(std::string_view text) -> Result<void> override;
    auto read_line(std::string const& prompt) -> std::expected<std::string, NoLine> override;
    auto interrupted() -> bool override;

private:
    idl::console::Client console_;
    bool interrupted_{}; ///< Ctrl-C was pressed since the last line
};

class RemoteFiles final : public Files {
public:
    explicit RemoteFiles(idl::vfs::Client const& vfs) : vfs_{vfs} {}

    auto stat(std::string const& path) -> Result<FileStat> override;
    auto list(std::string const& path) -> Result<std::vector<FileEntry>> override;
    auto open(std::string const& path, OpenFor purpose) -> Result<std::unique_ptr<OpenFile>> override;
    auto create_directory(std::string const& path) -> Result<void> override;
    auto remove(std::string const& path) -> Result<void> override;
    auto rename(std::string const& from, std::string const& to) -> Result<void> override;

private:
    idl::vfs::Client vfs_;
};

class RemoteClock final : public Clock {
public:
    /// `terminal` says when to wake up early.
    RemoteClock(idl::timer::Client const& timer, Terminal& terminal) : timer_{timer}, terminal_{terminal} {}

    auto now() -> Result<std::uint64_t> override;
    auto sleep(std::uint64_t duration) -> Result<void> override;

private:
    idl::timer::Client timer_;
    Terminal& terminal_;
};

class RemoteMachine final : public Machine {
public:
    /// Without `hello`, `greet` answers NotConnected.
    RemoteMachine(std::string_view board, idl::process::Client const& process,
                  idl::memory::Client const& memory, std::optional<idl::hello::Client> const& hello)
        : board_{board}, process_{process}, memory_{memory}, hello_{hello} {}

    auto board() -> std::string override { return board_; }
    auto components() -> Result<std::vector<Component>> override;
    auto memory_holders() -> Result<std::vector<MemoryHolder>> override;
    auto memory_available() -> Result<std::uint64_t> override;
    auto greet(std::string_view name) -> Result<Greeting> override;
    auto power_off() -> Result<void> override;

private:
    std::string board_;
    idl::process::Client process_;
    idl::memory::Client memory_;
    std::optional<idl::hello::Client> hello_;
};

} // namespace shell
