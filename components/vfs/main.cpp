// SPDX-License-Identifier: MIT
/// The wiring of the file server: the mounts, and the three interfaces that lead to them.
#include "base/cpio.hpp"
#include "base/result.hpp"
#include "components/vfs/boot_file_system.hpp"
#include "components/vfs/device_file_system.hpp"
#include "components/vfs/file_server.hpp"
#include "components/vfs/ram_file_system.hpp"
#include "generated/directory.hpp"
#include "generated/env.hpp"
#include "generated/file.hpp"
#include "generated/vfs.hpp"
#include "os/server.hpp"

#include <algorithm>
#include <memory>
#include <type_traits>
#include <utility>

namespace {

using idl::vfs::FsError;

static_assert(static_cast<int>(vfs::Error::NotFound) == static_cast<int>(FsError::NotFound) &&
              static_cast<int>(vfs::Error::OtherFileSystem) == static_cast<int>(FsError::OtherFileSystem) &&
              static_cast<int>(vfs::Kind::Device) == static_cast<int>(idl::vfs::Kind::Device));

/// A result of the file server as an answer; `convert` makes the value.
template <typename T, typename Convert>
auto answer(vfs::Result<T> const& result, Convert const& convert)
    -> std::expected<std::invoke_result_t<Convert, T const&>, FsError> {
    if (!result) {
        return std::unexpected(static_cast<FsError>(result.error()));
    }
    return convert(*result);
}
auto answer(vfs::Result<void> const& result) -> std::expected<void, FsError> {
    if (!result) {
        return std::unexpected(static_cast<FsError>(result.error()));
    }
    return {};
}

auto to_stat(vfs::Stat const& stat) -> idl::vfs::Stat {
    return {.size = stat.size,
            .modified = stat.modified,
            .kind = static_cast<idl::vfs::Kind>(stat.kind),
            .writable = stat.writable};
}

auto to_count(std::size_t count) -> std::uint32_t { return static_cast<std::uint32_t>(count); }

template <typename Interface>
auto to_object(vfs::Handle handle) -> os::Object<Interface> {
    return {handle};
}

/// The port `vfs`.
struct PathServer {
    auto stat(std::string_view path) const { return answer(files.stat(path), to_stat); }
    auto open(os::Caller const& caller, std::string_view path, idl::vfs::Open how) {
        return answer(files.open(caller.session, path, std::to_underlying(how)),
                      to_object<idl::file::Interface>);
    }
    auto open_directory(os::Caller const& caller, std::string_view path) {
        return answer(files.open_directory(caller.session, path), to_object<idl::directory::Interface>);
    }
    auto create_directory(std::string_view path) { return answer(files.create_directory(path)); }
    auto remove(std::string_view path) { return answer(files.remove(path)); }
    auto rename(std::string_view from, std::string_view to) { return answer(files.rename(from, to)); }
    void forget(std::uint16_t session) { files.close_all(session); }

    vfs::FileServer& files;
};

/// The open files.
struct OpenFiles {
    auto read(os::Caller const& caller, std::uint64_t offset, std::span<std::byte> into) {
        return answer(files.read(caller.session, caller.object, offset, into), to_count);
    }
    auto write(os::Caller const& caller, std::uint64_t offset, std::span<std::byte const> from) {
        return answer(files.write(caller.session, caller.object, offset, from), to_count);
    }
    auto stat(os::Caller const& caller) const {
        return answer(files.stat(caller.session, caller.object), to_stat);
    }
    auto truncate(os::Caller const& caller, std::uint64_t size) {
        return answer(files.truncate(caller.session, caller.object, size));
    }
    void close(os::Caller const& caller) { files.close(caller.session, caller.object); }

    vfs::FileServer& files;
};

/// The open directories.
struct OpenDirectories {
    auto entry(os::Caller const& caller, std::uint32_t index) const
        -> std::expected<idl::directory::EntryResult, FsError> {
        return answer(files.entry(caller.session, caller.object, index), to_entry);
    }
    void close(os::Caller const& caller) { files.close(caller.session, caller.object); }

    static auto to_entry(std::optional<vfs::DirectoryEntry> const& entry) -> idl::directory::EntryResult {
        if (!entry) {
            return {.found = false, .entry = {.kind = idl::vfs::Kind::File}};
        }
        return {.found = true,
                .entry = {.kind = static_cast<idl::vfs::Kind>(entry->stat.kind), .size = entry->stat.size},
                .name = std::string_view{entry->name}};
    }

    vfs::FileServer& files;
};

/// `/dev/console`: what is written is shown. Reading would make all clients wait for a person: refused.
class ConsoleDevice final : public vfs::Device {
public:
    explicit ConsoleDevice(idl::console::Client const& console) : console_{console} {}

    auto read(std::span<std::byte> /*into*/) -> vfs::Result<std::size_t> override {
        return std::unexpected(vfs::Error::Denied);
    }
    auto write(std::span<std::byte const> from) -> vfs::Result<std::size_t> override {
        auto const written = console_.write(from.first(std::min(from.size(), kMaxWrite)));
        if (!written) {
            return std::unexpected(vfs::Error::Io);
        }
        return *written;
    }

private:
    static constexpr std::size_t kMaxWrite = 2048; ///< of the interface

    idl::console::Client console_;
};

struct Main {
    explicit Main(Env& env)
        : boot{base::CpioArchive{env.initfs()}},
          temporary{env.tmp_size(), [timer = env.timer()] { return timer.now().value_or(0); }},
          server{env.startup()} {
        if (auto const console = env.console()) {
            devices.add("console", std::make_unique<ConsoleDevice>(*console));
        }
        devices.add("null", std::make_unique<vfs::NullDevice>());
        devices.add("zero", std::make_unique<vfs::ZeroDevice>());
        tree.mount("boot", boot);
        tree.mount("dev", devices);
        tree.mount("tmp", temporary);
        server.add(env.vfs_service(), paths);
        server.add_objects<idl::file::Interface>(open_files);
        server.add_objects<idl::directory::Interface>(open_directories);
    }

    vfs::BootFileSystem boot;
    vfs::DeviceFileSystem devices{};
    vfs::RamFileSystem temporary;
    vfs::Tree tree{};
    vfs::FileServer files{tree};
    PathServer paths{files};
    OpenFiles open_files{files};
    OpenDirectories open_directories{files};
    os::Server server;
};

} // namespace

void os::main(Env& env) {
    Main main{env};
    main.server.run();
}
