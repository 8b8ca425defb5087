// SPDX-License-Identifier: MIT
/// rm, cp, mv: what changes the tree. Half a copy is never left behind, and a move that fails leaves its
/// source.
#include "components/shell/command.hpp"

#include "base/result.hpp"

#include <array>
#include <string>

namespace shell {
namespace {

constexpr std::size_t kCopyPiece = 16384;
constexpr std::size_t kDeepest = 64; ///< directories within directories that `rm -r` follows

auto is_directory(Files& files, std::string const& path) -> bool {
    auto const found = files.stat(path);
    return found && found->kind == Kind::Directory;
}

auto remove_tree(Context const& context, std::string const& path, std::size_t depth) -> Result<void> {
    auto& files = context.system().files;
    if (depth > 0 && is_directory(files, path)) {
        for (auto const& entry : TRY(files.list(path))) {
            if (context.should_stop()) return {};
            TRY(remove_tree(context, join(path, entry.name), depth - 1));
        }
    }
    return files.remove(path);
}

/// Where a file called `from` ends up when it is sent to `to`: inside, if that is a directory.
auto destination(Files& files, std::string const& from, std::string const& to) -> std::string {
    return is_directory(files, to) ? join(to, last_name(from)) : to;
}

auto copy_contents(Context const& context, OpenFile& source, OpenFile& target) -> Result<void> {
    std::array<char, kCopyPiece> buffer{};
    while (!context.should_stop()) {
        auto const count = TRY(source.read(buffer));
        if (count == 0) return {};
        TRY(target.write({buffer.data(), count}));
    }
    return std::unexpected(Problem::Interrupted);
}

/// Copies a file. A copy that is cut short is removed again.
auto copy(Context const& context, std::string const& from, std::string const& to) -> Result<void> {
    auto& files = context.system().files;
    auto const source = TRY(files.open(from, OpenFor::Reading));
    auto const target = TRY(files.open(to, OpenFor::Writing));
    auto const copied = copy_contents(context, *source, *target);
    if (!copied) (void)files.remove(to); // a device stays: it was not made here
    return copied;
}

} // namespace

void remove_files(Context const& context, Arguments arguments) {
    bool const recursive = arguments.front() == "-r";
    if (recursive) arguments = arguments.subspan(1);
    if (arguments.empty()) context.complain("there is no path behind -r");
    for (auto const& argument : arguments) {
        auto const removed = remove_tree(context, context.path(argument), recursive ? kDeepest : 0);
        if (!removed) context.complain(argument, removed.error());
    }
}

void copy_files(Context const& context, Arguments arguments) {
    auto& files = context.system().files;
    auto const from = context.path(arguments[0]);
    auto const to = destination(files, from, context.path(arguments[1]));
    if (from == to) {
        context.complain(arguments[0] + ": is the same file as " + arguments[1]);
        return;
    }
    auto const found = files.stat(from);
    if (!found) {
        context.complain(arguments[0], found.error());
        return;
    }
    auto const copied = copy(context, from, to);
    if (!copied)
        context.complain(found->kind == Kind::Directory ? arguments[0] : arguments[1], copied.error());
}

void move_files(Context const& context, Arguments arguments) {
    auto& files = context.system().files;
    auto const from = context.path(arguments[0]);
    auto const to = destination(files, from, context.path(arguments[1]));
    if (from == to) return;
    auto moved = files.rename(from, to);
    if (!moved && moved.error() == Problem::OtherFileSystem && !is_directory(files, from)) {
        moved = copy(context, from, to);
        if (moved) moved = files.remove(from);
    }
    if (!moved) context.complain(arguments[0] + " to " + arguments[1], moved.error());
}

} // namespace shell
