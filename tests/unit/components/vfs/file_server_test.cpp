// SPDX-License-Identifier: MIT
/// Open files of several sessions: flags, handles that are not theirs, limits, files removed while open.
#include "components/vfs/file_server.hpp"

#include "components/vfs/device_file_system.hpp"
#include "components/vfs/ram_file_system.hpp"
#include "tests/unit/components/vfs/bytes.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace {

using namespace vfs::open_flag;
using vfs::Error;
using vfs::Handle;
using vfs::Session;
using vfs_test::bytes;

class FileServerTest : public testing::Test {
protected:
    FileServerTest() {
        devices.add("null", std::make_unique<vfs::NullDevice>());
        devices.add("zero", std::make_unique<vfs::ZeroDevice>());
        tree.mount("dev", devices);
        tree.mount("tmp", ram);
    }

    auto open(std::string_view path, std::uint32_t how, Session session = 1) -> Handle {
        return server.open(session, path, how).value();
    }
    auto refusal(std::string_view path, std::uint32_t how) -> Error {
        return server.open(1, path, how).error();
    }
    auto read(Handle file, std::size_t count = 100) -> std::string {
        std::string text(count, '\0');
        text.resize(server.read(1, file, 0, std::as_writable_bytes(std::span{text})).value());
        return text;
    }

    vfs::DeviceFileSystem devices{};
    vfs::RamFileSystem ram{128 * 1024, [] { return std::uint64_t{0}; }};
    vfs::Tree tree{};
    vfs::FileServer server{tree};
};

TEST_F(FileServerTest, CreateWriteReadBack) {
    auto const file = open("/tmp/a", kRead | kWrite | kCreate);
    EXPECT_EQ(server.write(1, file, 0, bytes("hello")), 5U);
    EXPECT_EQ(read(file), "hello");
    EXPECT_EQ(server.stat(1, file).value().size, 5U);
    EXPECT_EQ(server.stat("/tmp/a").value().size, 5U);
}

TEST_F(FileServerTest, OpenRefuses) {
    EXPECT_EQ(refusal("/tmp/none", kRead), Error::NotFound);
    EXPECT_EQ(refusal("/tmp", kRead), Error::IsDirectory);
    EXPECT_EQ(refusal("/", kRead), Error::IsDirectory);
    EXPECT_EQ(refusal("/tmp", kWrite | kCreate), Error::IsDirectory);
    EXPECT_EQ(refusal("/tmp/none", 0), Error::Denied);
    EXPECT_EQ(refusal("/tmp/none", kRead | kCreate), Error::Denied);
    EXPECT_EQ(refusal("/tmp/none", kCreate | kTruncate), Error::Denied);
    EXPECT_EQ(server.open_directory(1, "/dev/null").error(), Error::NotDirectory);
    EXPECT_EQ(server.stat("/tmp/none").error(), Error::NotFound);
}

TEST_F(FileServerTest, TruncateOnOpenIsSeenByOthers) {
    auto const reader = open("/tmp/t", kRead | kWrite | kCreate);
    ASSERT_TRUE(server.write(1, reader, 0, bytes("abcd")));
    auto const writer = open("/tmp/t", kWrite | kTruncate);
    EXPECT_EQ(read(reader), "");
    ASSERT_TRUE(server.write(1, writer, 0, bytes("xy")));
    EXPECT_EQ(read(reader), "xy");
}

TEST_F(FileServerTest, AppendGoesToTheEndWhateverTheOffset) {
    auto const first = open("/tmp/log", kWrite | kCreate | kAppend);
    auto const second = open("/tmp/log", kWrite | kAppend);
    ASSERT_TRUE(server.write(1, first, 0, bytes("one ")));
    ASSERT_TRUE(server.write(1, second, 0, bytes("two ")));
    ASSERT_TRUE(server.write(1, first, 77, bytes("three")));
    EXPECT_EQ(read(open("/tmp/log", kRead)), "one two three");
}

TEST_F(FileServerTest, AHandleAllowsWhatItWasOpenedFor) {
    auto const writer = open("/tmp/a", kWrite | kCreate);
    auto const reader = open("/tmp/a", kRead);
    std::array<std::byte, 4> buffer{};
    EXPECT_EQ(server.read(1, writer, 0, buffer).error(), Error::Denied);
    EXPECT_EQ(server.write(1, reader, 0, bytes("x")).error(), Error::Denied);
    EXPECT_EQ(server.truncate(1, reader, 0).error(), Error::Denied);
    EXPECT_EQ(server.entry(1, reader, 0).error(), Error::Denied);
    auto const directory = server.open_directory(1, "/tmp").value();
    EXPECT_EQ(server.read(1, directory, 0, buffer).error(), Error::Denied);
    EXPECT_EQ(server.stat(1, directory).error(), Error::Denied);
    EXPECT_EQ(server.entry(1, directory, 0).value()->name, "a");
}

TEST_F(FileServerTest, HandlesOfOthersAndOldOnesMeanNothing) {
    auto const file = open("/tmp/a", kRead | kWrite | kCreate);
    EXPECT_EQ(server.write(2, file, 0, bytes("x")).error(), Error::Denied);
    server.close(2, file);
    EXPECT_TRUE(server.stat(1, file).has_value());
    server.close(1, file);
    server.close(1, file);
    EXPECT_EQ(server.stat(1, file).error(), Error::Denied);
    EXPECT_NE(open("/tmp/a", kRead), file);
}

TEST_F(FileServerTest, OpenFilesAreLimitedForEachSession) {
    std::vector<Handle> handles;
    while (auto const handle = server.open(1, "/dev/null", kRead)) {
        handles.push_back(*handle);
    }
    EXPECT_EQ(handles.size(), vfs::FileServer::kOpenPerSession);
    EXPECT_EQ(refusal("/dev/null", kRead), Error::TooMany);
    EXPECT_EQ(server.open_directory(1, "/tmp").error(), Error::TooMany);
    EXPECT_TRUE(server.open(2, "/dev/null", kRead).has_value());
    server.close(1, handles.front());
    EXPECT_TRUE(server.open(1, "/dev/null", kRead).has_value());
}

TEST_F(FileServerTest, ClosesAllThatASessionHasOpen) {
    (void)open("/tmp/gone", kRead | kWrite | kCreate);
    auto const other = open("/dev/null", kRead, 2);
    while (server.open_directory(1, "/tmp")) {
    }
    ASSERT_TRUE(server.remove("/tmp/gone"));
    server.close_all(1);
    EXPECT_EQ(ram.used(), 0U);
    EXPECT_TRUE(server.stat(2, other).has_value());
    for (std::size_t count = 0; count < vfs::FileServer::kOpenPerSession; ++count) {
        EXPECT_TRUE(server.open(1, "/dev/null", kRead).has_value());
    }
}

TEST_F(FileServerTest, ReadingAfterRemovalWorksUntilClosed) {
    auto const file = open("/tmp/gone", kRead | kWrite | kCreate);
    ASSERT_TRUE(server.write(1, file, 0, bytes("still")));
    ASSERT_TRUE(server.remove("/tmp/gone"));
    EXPECT_EQ(refusal("/tmp/gone", kRead), Error::NotFound);
    EXPECT_EQ(read(file), "still");
    server.close(1, file);
    EXPECT_EQ(ram.used(), 0U);
}

TEST_F(FileServerTest, DevicesReadAndSwallow) {
    auto const zero = open("/dev/zero", kRead | kWrite | kTruncate);
    EXPECT_EQ(read(zero, 3), std::string(3, '\0'));
    auto const null = open("/dev/null", kRead | kWrite | kAppend);
    EXPECT_EQ(read(null), "");
    EXPECT_EQ(server.write(1, null, 0, bytes("gone")), 4U);
}

TEST_F(FileServerTest, RandomOperationsLeaveNothingBehind) {
    std::mt19937 random{21};
    constexpr std::array<std::string_view, 7> paths{"/tmp/a",   "/tmp/b",    "/tmp/d",     "/tmp/d/a",
                                                    "/tmp/d/b", "/dev/zero", "/tmp/d/e/.."};
    std::vector<std::pair<Session, Handle>> handles;
    auto const path = [&] { return paths.at(random() % paths.size()); };
    for (int turn = 0; turn < 50'000; ++turn) {
        auto const session = static_cast<Session>(random() % 3);
        auto const handle = random() % 8 == 0 ? random()
                            : handles.empty() ? 0
                                              : handles[random() % handles.size()].second;
        std::array<std::byte, 600> buffer{};
        switch (random() % 11) {
        case 0: (void)server.create_directory(path()); break;
        case 1: (void)server.remove(path()); break;
        case 2: (void)server.rename(path(), path()); break;
        case 3: (void)server.truncate(session, handle, random() % 100'000); break;
        case 4: (void)server.write(session, handle, random() % 100'000, buffer); break;
        case 5: (void)server.read(session, handle, random() % 100'000, buffer); break;
        case 6: (void)server.entry(session, handle, random() % 5); break;
        case 7: server.close(session, handle); break;
        case 8:
            if (auto const opened = server.open_directory(session, path()))
                handles.emplace_back(session, *opened);
            break;
        default:
            if (auto const opened = server.open(session, path(), random() % 32)) {
                handles.emplace_back(session, *opened);
            }
        }
        ASSERT_LE(ram.used(), 128U * 1024U);
    }
    for (auto const& [session, handle] : handles) {
        server.close(session, handle);
    }
    std::function<void(std::string)> const empty = [&](std::string directory) {
        while (true) {
            auto const entry = tree.entry(tree.find(directory).value(), 0).value();
            if (!entry) return;
            auto const child = directory + "/" + entry->name;
            if (entry->stat.kind == vfs::Kind::Directory) empty(child);
            ASSERT_TRUE(server.remove(child));
        }
    };
    empty("/tmp");
    EXPECT_EQ(ram.used(), 0U);
}

} // namespace
