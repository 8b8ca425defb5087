// SPDX-License-Identifier: MIT
/// Every handle is looked up with the session that uses it: one session's handles mean nothing to another.
#include "components/vfs/file_server.hpp"

#include "base/result.hpp"

#include <algorithm>

namespace vfs {
namespace {

/// Creating, truncating and appending are ways of writing.
auto make_sense(std::uint32_t how) -> bool {
    constexpr auto needs_write = open_flag::kCreate | open_flag::kTruncate | open_flag::kAppend;
    if ((how & open_flag::kWrite) != 0) return true;
    return (how & open_flag::kRead) != 0 && (how & needs_write) == 0;
}

} // namespace

auto FileServer::stat(std::string_view path) const -> Result<Stat> {
    return tree_.stat(TRY(tree_.find(path)));
}

auto FileServer::open(Session session, std::string_view path, std::uint32_t how) -> Result<Handle> {
    if (!make_sense(how)) return std::unexpected(Error::Denied);
    if (open_count(session) >= kOpenPerSession) return std::unexpected(Error::TooMany);
    Location location{};
    bool is_new = false;
    if ((how & open_flag::kCreate) != 0) {
        auto const found = TRY(tree_.find_or_create(path));
        location = found.location;
        is_new = found.is_new;
    } else {
        location = TRY(tree_.find(path));
    }
    auto const found = tree_.stat(location);
    if (found.kind == Kind::Directory) return std::unexpected(Error::IsDirectory);
    if ((how & open_flag::kWrite) != 0 && !found.writable) return std::unexpected(Error::ReadOnly);
    if ((how & open_flag::kTruncate) != 0 && !is_new) {
        TRY(location.file_system->truncate(location.node, 0));
    }
    return add({.session = session, .how = how, .location = location});
}

auto FileServer::open_directory(Session session, std::string_view path) -> Result<Handle> {
    if (open_count(session) >= kOpenPerSession) return std::unexpected(Error::TooMany);
    auto const location = TRY(tree_.find(path));
    if (tree_.stat(location).kind != Kind::Directory) return std::unexpected(Error::NotDirectory);
    return add({.session = session, .how = 0, .location = location});
}

auto FileServer::read(Session session, Handle file, std::uint64_t offset, std::span<std::byte> into)
    -> Result<std::size_t> {
    auto const node = TRY(held(session, file, open_flag::kRead));
    return node.location.file_system->read(node.location.node, offset, into);
}

auto FileServer::write(Session session, Handle file, std::uint64_t offset, std::span<std::byte const> from)
    -> Result<std::size_t> {
    auto const node = TRY(held(session, file, open_flag::kWrite));
    if ((node.how & open_flag::kAppend) != 0) offset = tree_.stat(node.location).size;
    return node.location.file_system->write(node.location.node, offset, from);
}

auto FileServer::stat(Session session, Handle file) const -> Result<Stat> {
    auto const node = TRY(held(session, file, open_flag::kRead | open_flag::kWrite));
    return tree_.stat(node.location);
}

auto FileServer::truncate(Session session, Handle file, std::uint64_t size) -> Result<void> {
    auto const node = TRY(held(session, file, open_flag::kWrite));
    return node.location.file_system->truncate(node.location.node, size);
}

auto FileServer::entry(Session session, Handle directory, std::size_t index) const
    -> Result<std::optional<DirectoryEntry>> {
    auto const node = TRY(held(session, directory, 0));
    return tree_.entry(node.location, index);
}

void FileServer::close(Session session, Handle handle) {
    auto const found = open_.find(handle);
    if (found == open_.end() || found->second.session != session) return;
    auto const location = found->second.location;
    open_.erase(found);
    if (location.file_system != nullptr) location.file_system->release(location.node);
}

void FileServer::close_all(Session session) {
    for (auto node = open_.begin(); node != open_.end();) {
        auto const handle = node->first;
        ++node; // `close` takes away the one before
        close(session, handle);
    }
}

auto FileServer::add(OpenNode node) -> Result<Handle> {
    if (next_ == kHandleLimit) return std::unexpected(Error::TooMany);
    if (node.location.file_system != nullptr) node.location.file_system->retain(node.location.node);
    open_.emplace(next_, node);
    return next_++;
}

auto FileServer::open_count(Session session) const -> std::size_t {
    return static_cast<std::size_t>(
        std::ranges::count_if(open_, [&](auto const& entry) { return entry.second.session == session; }));
}

auto FileServer::held(Session session, Handle handle, std::uint32_t how) const -> Result<OpenNode> {
    auto const found = open_.find(handle);
    if (found == open_.end() || found->second.session != session) return std::unexpected(Error::Denied);
    auto const& node = found->second;
    bool const fits = how == 0 ? node.how == 0 : (node.how & how) != 0;
    if (!fits) return std::unexpected(Error::Denied);
    return node;
}

} // namespace vfs
