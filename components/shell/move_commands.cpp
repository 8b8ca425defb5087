// SPDX-License-Identifier: MIT
/// rm, cp, mv: what changes the tree. Half a copy is never left behind, and a move that fails leaves its
/// source.
#include "components/shell/command.hpp"

#include "base/result.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace shell {
namespace {

constexpr std::size_t kCopyPiece = 16384;

auto is_directory(Files& files, std::string const& path) -> bool {
    auto const found = files.stat(path);
    return found && found->kind == Kind::Directory;
}

/// Removes what is in a directory. Directories that are not empty go to `left`.
auto remove_entries(Context const& context, std::string const& path, std::vector<std::string>& left)
    -> Result<void> {
    auto& files = context.system().files;
    auto const entries = TRY(files.list(path));
    if (entries.empty()) return std::unexpected(Problem::NotEmpty); // it was a moment ago
    for (auto const& entry : entries) {
        if (context.should_stop()) return {};
        auto child = join(path, entry.name);
        auto const removed = files.remove(child);
        if (!removed && removed.error() != Problem::NotEmpty) return removed;
        if (!removed) left.push_back(std::move(child));
    }
    return {};
}

/// Removes a directory with all that is in it, however deep.
auto remove_tree(Context const& context, std::string path) -> Result<void> {
    std::vector<std::string> left{std::move(path)};
    while (!left.empty() && !context.should_stop()) {
        auto const next = left.back();
        auto const removed = context.system().files.remove(next);
        if (removed) {
            left.pop_back();
        } else if (removed.error() == Problem::NotEmpty) {
            TRY(remove_entries(context, next, left));
        } else {
            return removed;
        }
    }
    return {};
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
        auto path = context.path(argument);
        auto const removed =
            recursive ? remove_tree(context, std::move(path)) : context.system().files.remove(path);
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
