// SPDX-License-Identifier: MIT
/// What the commands need from the rest of the system, as interfaces: the shell proper makes no system call,
/// and its tests put something of their own behind them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shell {

/// Why something did not work: what a file system says, then what a peer says.
enum class Problem : std::uint8_t {
    NotFound,
    Exists,
    NotDirectory,
    IsDirectory,
    NotEmpty,
    ReadOnly,
    NoSpace,
    BadPath,
    TooMany,
    Denied,
    InputOutput,
    OtherFileSystem,
    PeerDied,
    NotConnected,
    BadAnswer,
    Interrupted,
    TooLong,
};

/// The problem in words, to stand behind a colon.
[[nodiscard]] auto describe(Problem problem) -> std::string_view;

template <typename T>
using Result = std::expected<T, Problem>;

enum class Kind : std::uint8_t { File, Directory, Device };

struct FileStat {
    Kind kind;
    std::uint64_t size;     ///< bytes; of a directory: entries
    std::uint64_t modified; ///< nanoseconds since the start
    bool writable;
};

struct FileEntry {
    std::string name;
    Kind kind;
    std::uint64_t size;
};

enum class OpenFor : std::uint8_t { Reading, Writing, Appending };

/// An open file; closed when it goes.
class OpenFile {
public:
    OpenFile() = default;
    OpenFile(OpenFile const&) = delete;
    auto operator=(OpenFile const&) -> OpenFile& = delete;
    virtual ~OpenFile() = default;

    /// Goes on where the last read ended; 0 bytes: the end.
    [[nodiscard]] virtual auto read(std::span<char> into) -> Result<std::size_t> = 0;
    /// Goes on where the last write ended, and writes all.
    [[nodiscard]] virtual auto write(std::string_view text) -> Result<void> = 0;
};

/// Files by absolute paths.
class Files {
public:
    Files() = default;
    Files(Files const&) = delete;
    auto operator=(Files const&) -> Files& = delete;

    [[nodiscard]] virtual auto stat(std::string const& path) -> Result<FileStat> = 0;
    [[nodiscard]] virtual auto list(std::string const& path) -> Result<std::vector<FileEntry>> = 0;
    /// For writing, the file is made or emptied; for appending it is made.
    [[nodiscard]] virtual auto open(std::string const& path, OpenFor purpose)
        -> Result<std::unique_ptr<OpenFile>> = 0;
    [[nodiscard]] virtual auto create_directory(std::string const& path) -> Result<void> = 0;
    [[nodiscard]] virtual auto remove(std::string const& path) -> Result<void> = 0;
    [[nodiscard]] virtual auto rename(std::string const& from, std::string const& to) -> Result<void> = 0;

protected:
    ~Files() = default;
};

/// Why there is no line.
enum class NoLine : std::uint8_t { Interrupted, EndOfInput, Busy, Gone };

/// The person at the console.
class Terminal {
public:
    Terminal() = default;
    Terminal(Terminal const&) = delete;
    auto operator=(Terminal const&) -> Terminal& = delete;

    [[nodiscard]] virtual auto write(std::string_view text) -> Result<void> = 0;
    [[nodiscard]] virtual auto read_line(std::string const& prompt) -> std::expected<std::string, NoLine> = 0;
    /// Whether Ctrl-C was pressed since `read_line` was called last.
    [[nodiscard]] virtual auto interrupted() -> bool = 0;

protected:
    ~Terminal() = default;
};

/// Times in nanoseconds.
class Clock {
public:
    Clock() = default;
    Clock(Clock const&) = delete;
    auto operator=(Clock const&) -> Clock& = delete;

    [[nodiscard]] virtual auto now() -> Result<std::uint64_t> = 0;
    /// Returns early when Ctrl-C is pressed.
    [[nodiscard]] virtual auto sleep(std::uint64_t duration) -> Result<void> = 0;

protected:
    ~Clock() = default;
};

struct Component {
    std::string name;
    std::string binary;
    std::string_view state;
    unsigned priority;
    unsigned core;
    std::uint64_t memory; ///< bytes
};

/// What a component has from the memory server.
struct MemoryHolder {
    std::string name;
    std::uint64_t used;  ///< bytes it has
    std::uint64_t quota; ///< bytes it may have
};

struct Greeting {
    std::string text;
    std::uint32_t count;
};

/// The machine and what runs on it.
class Machine {
public:
    Machine() = default;
    Machine(Machine const&) = delete;
    auto operator=(Machine const&) -> Machine& = delete;

    [[nodiscard]] virtual auto board() -> std::string = 0;
    [[nodiscard]] virtual auto components() -> Result<std::vector<Component>> = 0;
    /// Components that are connected to the memory server.
    [[nodiscard]] virtual auto memory_holders() -> Result<std::vector<MemoryHolder>> = 0;
    [[nodiscard]] virtual auto memory_available() -> Result<std::uint64_t> = 0;
    [[nodiscard]] virtual auto greet(std::string_view name) -> Result<Greeting> = 0;
    /// Does not return when it works.
    [[nodiscard]] virtual auto power_off() -> Result<void> = 0;

protected:
    ~Machine() = default;
};

struct System {
    Terminal& terminal;
    Files& files;
    Clock& clock;
    Machine& machine;
};

} // namespace shell
