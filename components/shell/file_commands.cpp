// SPDX-License-Identifier: MIT
/// ls, cd, pwd, cat, stat, mkdir. With several paths, one that fails does not keep the others from being
/// done.
#include "components/shell/command.hpp"
#include "components/shell/format.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace shell {
namespace {

constexpr std::size_t kScreenWidth = 80;
constexpr std::size_t kReadPiece = 4096;

auto kind_letter(Kind kind) -> std::string {
    switch (kind) {
    case Kind::Directory: return "d";
    case Kind::Device: return "c";
    case Kind::File: break;
    }
    return "-";
}

auto kind_word(Kind kind) -> std::string_view {
    switch (kind) {
    case Kind::Directory: return "directory";
    case Kind::Device: return "device";
    case Kind::File: break;
    }
    return "file";
}

auto counted(std::uint64_t count, std::string_view one, std::string_view many) -> std::string {
    return std::to_string(count).append(" ").append(count == 1 ? one : many);
}

auto shown_name(FileEntry const& entry) -> std::string {
    return entry.kind == Kind::Directory ? entry.name + "/" : entry.name;
}

/// Line by line: a table of a large directory would take several times the memory of its entries.
void print_long_form(Context const& context, std::vector<FileEntry> const& entries) {
    std::size_t width = 0;
    for (auto const& entry : entries) {
        width = std::max(width, std::to_string(entry.size).size());
    }
    for (auto const& entry : entries) {
        auto const size = std::to_string(entry.size);
        context.print(kind_letter(entry.kind) + "  " + std::string(width - size.size(), ' ') + size + "  " +
                      shown_name(entry) + "\n");
    }
}

auto short_form(std::vector<FileEntry> const& entries, std::size_t width) -> std::string {
    std::vector<std::string> names;
    names.reserve(entries.size());
    for (auto const& entry : entries) {
        names.push_back(shown_name(entry));
    }
    return format_columns(names, width);
}

/// The entries of a directory; of anything else, the thing itself under the name it was asked for by.
auto entries_of(Context const& context, std::string const& argument) -> Result<std::vector<FileEntry>> {
    auto const path = context.path(argument);
    auto const found = context.system().files.stat(path);
    if (!found) return std::unexpected(found.error());
    if (found->kind == Kind::Directory) return context.system().files.list(path);
    return std::vector<FileEntry>{{.name = argument, .kind = found->kind, .size = found->size}};
}

void print_file(Context const& context, std::string const& argument) {
    auto const file = context.system().files.open(context.path(argument), OpenFor::Reading);
    if (!file) {
        context.complain(argument, file.error());
        return;
    }
    std::array<char, kReadPiece> buffer{};
    while (!context.should_stop()) {
        auto const count = (*file)->read(buffer);
        if (!count) {
            context.complain(argument, count.error());
            return;
        }
        if (*count == 0) return;
        context.print({buffer.data(), *count});
    }
}

void print_typed_lines(Context const& context) {
    while (!context.should_stop()) {
        auto const line = context.system().terminal.read_line("");
        if (!line) return;
        context.print(*line + "\n");
    }
}

} // namespace

void list_files(Context const& context, Arguments arguments) {
    bool const with_details = !arguments.empty() && arguments.front() == "-l";
    if (with_details) arguments = arguments.subspan(1);
    std::vector<std::string> paths{arguments.begin(), arguments.end()};
    if (paths.empty()) paths.push_back(context.directory());

    // A file has lines to itself in a redirected listing, so that other programs can read it.
    auto const width = context.output().is_terminal() ? kScreenWidth : 0;
    for (auto const& path : paths) {
        auto const entries = entries_of(context, path);
        if (!entries) {
            context.complain(path, entries.error());
            continue;
        }
        if (paths.size() > 1) context.print(path + ":\n");
        if (with_details) {
            print_long_form(context, *entries);
        } else {
            context.print(short_form(*entries, width));
        }
    }
}

void change_directory(Context const& context, Arguments arguments) {
    auto const argument = arguments.empty() ? std::string{"/"} : arguments.front();
    auto path = context.path(argument);
    auto const found = context.system().files.stat(path);
    if (!found) {
        context.complain(argument, found.error());
    } else if (found->kind != Kind::Directory) {
        context.complain(argument, Problem::NotDirectory);
    } else {
        context.set_directory(std::move(path));
    }
}

void print_directory(Context const& context, Arguments /*arguments*/) {
    context.print(context.directory() + "\n");
}

void print_files(Context const& context, Arguments arguments) {
    if (arguments.empty()) print_typed_lines(context);
    for (auto const& argument : arguments) {
        print_file(context, argument);
    }
}

void show_stat(Context const& context, Arguments arguments) {
    for (auto const& argument : arguments) {
        auto const found = context.system().files.stat(context.path(argument));
        if (!found) {
            context.complain(argument, found.error());
            continue;
        }
        auto const size = found->kind == Kind::Directory ? counted(found->size, "entry", "entries")
                                                         : counted(found->size, "byte", "bytes");
        auto const modified = found->modified == 0 ? std::string{"before the start"}
                                                   : format_duration(found->modified) + " after the start";
        Table table{{Table::Align::Left, Table::Align::Left}};
        table.add({"path", context.path(argument)});
        table.add({"kind", std::string{kind_word(found->kind)}});
        table.add({"size", size});
        table.add({"modified", modified});
        table.add({"writable", found->writable ? "yes" : "no"});
        context.print(table.text());
    }
}

void make_directories(Context const& context, Arguments arguments) {
    for (auto const& argument : arguments) {
        auto const made = context.system().files.create_directory(context.path(argument));
        if (!made) context.complain(argument, made.error());
    }
}

} // namespace shell
