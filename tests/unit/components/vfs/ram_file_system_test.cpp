// SPDX-License-Identifier: MIT
/// File contents, names and directories, exhaustion. Each test ends with no more space used than it began
/// with.
#include "components/vfs/ram_file_system.hpp"

#include "tests/unit/components/vfs/bytes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>

namespace {

using vfs::Error;
using vfs::Kind;
using vfs::NodeId;
using vfs::RamFileSystem;
using vfs_test::bytes;
using vfs_test::read_text;

constexpr std::uint64_t kLimit = 256 * 1024;

class RamFiles : public testing::Test {
protected:
    void TearDown() override {
        empty(files.root());
        EXPECT_EQ(files.used(), 0U);
    }

    auto create(std::string_view name, Kind kind = Kind::File) -> NodeId {
        return files.create(files.root(), name, kind).value();
    }

    auto text(NodeId file) -> std::string { return read_text(files, file, 0, files.stat(file).size + 100); }

    void empty(NodeId directory) {
        while (auto const entry = files.entry(directory, 0).value()) {
            if (entry->stat.kind == Kind::Directory) empty(files.lookup(directory, entry->name).value());
            ASSERT_TRUE(files.remove(directory, entry->name));
        }
    }

    std::uint64_t now{1};
    RamFileSystem files{kLimit, [this] { return now; }};
};

TEST_F(RamFiles, WhatIsWrittenIsRead) {
    auto const file = create("a");
    EXPECT_EQ(files.write(file, 0, bytes("hello")), 5U);
    EXPECT_EQ(files.write(file, 5, bytes(" world")), 6U);
    EXPECT_EQ(text(file), "hello world");
    EXPECT_EQ(read_text(files, file, 6, 3), "wor");
    EXPECT_EQ(read_text(files, file, 11, 10), "");
    EXPECT_EQ(read_text(files, file, ~0ULL, 10), "");
}

TEST_F(RamFiles, ManySmallWrites) {
    auto const file = create("small");
    std::string expected;
    for (int count = 0; count < 100; ++count) {
        ASSERT_EQ(files.write(file, expected.size(), bytes("aaaaaaaaaa")), 10U);
        ASSERT_EQ(files.write(file, expected.size() + 10, bytes("bbbbbbbbbb")), 10U);
        expected += "aaaaaaaaaabbbbbbbbbb";
    }
    EXPECT_EQ(text(file), expected);
}

TEST_F(RamFiles, BlocksOfOddSizeAcrossBlockBorders) {
    auto const file = create("odd");
    std::string expected;
    for (int count = 0; count < 40; ++count) {
        std::string const part(600, static_cast<char>('a' + count % 26));
        ASSERT_EQ(files.write(file, expected.size(), bytes(part)), 600U);
        expected += part;
    }
    for (std::size_t offset = 0; offset < expected.size(); offset += 300) {
        ASSERT_EQ(read_text(files, file, offset, 300), expected.substr(offset, 300));
    }
}

TEST_F(RamFiles, HolesReadAsZero) {
    auto const file = create("hole");
    ASSERT_TRUE(files.write(file, 10'000, bytes("end")));
    EXPECT_EQ(files.stat(file).size, 10'003U);
    EXPECT_EQ(read_text(files, file, 0, 10'000), std::string(10'000, '\0'));
    EXPECT_LT(files.used(), 3 * RamFileSystem::kBlockSize);
}

TEST_F(RamFiles, TruncateCutsAndGrowsWithZeros) {
    auto const file = create("t");
    ASSERT_TRUE(files.write(file, 0, bytes(std::string(5000, 'x'))));
    ASSERT_TRUE(files.truncate(file, 10));
    ASSERT_TRUE(files.truncate(file, 5000));
    EXPECT_EQ(text(file), std::string(10, 'x') + std::string(4990, '\0'));
    ASSERT_TRUE(files.truncate(file, 0));
    EXPECT_EQ(text(file), "");
    ASSERT_TRUE(files.write(file, 0, bytes("new")));
    EXPECT_EQ(text(file), "new");
}

TEST_F(RamFiles, TimesFollowTheClock) {
    auto const file = create("a");
    now = 77;
    ASSERT_TRUE(files.write(file, 0, bytes("x")));
    EXPECT_EQ(files.stat(file).modified, 77U);
    now = 78;
    create("b");
    EXPECT_EQ(files.stat(files.root()).modified, 78U);
    EXPECT_EQ(files.stat(file).modified, 77U);
}

TEST_F(RamFiles, NamesAreSortedAndUnique) {
    create("b");
    create("c");
    create("a", Kind::Directory);
    EXPECT_EQ(files.create(files.root(), "b", Kind::Directory).error(), Error::Exists);
    std::string names;
    for (std::size_t index = 0; auto const entry = files.entry(files.root(), index).value(); ++index) {
        names += entry->name;
    }
    EXPECT_EQ(names, "abc");
    EXPECT_EQ(files.stat(files.root()).size, 3U);
}

TEST_F(RamFiles, AFileIsNoDirectory) {
    auto const file = create("f");
    EXPECT_EQ(files.lookup(file, "x").error(), Error::NotDirectory);
    EXPECT_EQ(files.create(file, "x", Kind::File).error(), Error::NotDirectory);
    EXPECT_EQ(files.entry(file, 0).error(), Error::NotDirectory);
    EXPECT_EQ(files.write(files.root(), 0, bytes("x")).error(), Error::IsDirectory);
    EXPECT_EQ(files.truncate(files.root(), 0).error(), Error::IsDirectory);
}

TEST_F(RamFiles, OnlyEmptyDirectoriesAreRemoved) {
    auto const directory = create("d", Kind::Directory);
    ASSERT_TRUE(files.create(directory, "f", Kind::File));
    EXPECT_EQ(files.remove(files.root(), "d").error(), Error::NotEmpty);
    ASSERT_TRUE(files.remove(directory, "f"));
    ASSERT_TRUE(files.remove(files.root(), "d"));
    EXPECT_EQ(files.remove(files.root(), "d").error(), Error::NotFound);
}

TEST_F(RamFiles, ARemovedFileLivesWhileItIsOpen) {
    auto const file = create("gone");
    ASSERT_TRUE(files.write(file, 0, bytes("still here")));
    files.retain(file);
    ASSERT_TRUE(files.remove(files.root(), "gone"));
    auto const other = create("gone");
    EXPECT_NE(other, file);
    EXPECT_EQ(text(file), "still here");
    ASSERT_TRUE(files.write(file, 0, bytes("STILL")));
    EXPECT_EQ(text(other), "");
    files.release(file);
}

TEST_F(RamFiles, NothingIsMadeInARemovedDirectory) {
    auto const directory = create("d", Kind::Directory);
    files.retain(directory);
    ASSERT_TRUE(files.remove(files.root(), "d"));
    EXPECT_EQ(files.create(directory, "f", Kind::File).error(), Error::NotFound);
    files.release(directory);
}

TEST_F(RamFiles, RenameMovesAndReplaces) {
    auto const file = create("a");
    auto const target = create("b");
    ASSERT_TRUE(files.write(file, 0, bytes("from a")));
    ASSERT_TRUE(files.write(target, 0, bytes("b's own")));
    auto const directory = create("d", Kind::Directory);
    ASSERT_TRUE(files.rename({files.root(), "a"}, {files.root(), "b"}));
    EXPECT_EQ(files.lookup(files.root(), "a").error(), Error::NotFound);
    EXPECT_EQ(text(files.lookup(files.root(), "b").value()), "from a");
    ASSERT_TRUE(files.rename({files.root(), "b"}, {directory, "c"}));
    ASSERT_TRUE(files.rename({directory, "c"}, {directory, "c"}));
    EXPECT_EQ(files.lookup(directory, "c"), file);
}

TEST_F(RamFiles, RenameRefuses) {
    create("f");
    auto const outer = create("outer", Kind::Directory);
    auto const inner = files.create(outer, "inner", Kind::Directory).value();
    create("empty", Kind::Directory);
    auto const root = files.root();
    EXPECT_EQ(files.rename({root, "none"}, {root, "x"}).error(), Error::NotFound);
    EXPECT_EQ(files.rename({root, "f"}, {root, "empty"}).error(), Error::IsDirectory);
    EXPECT_EQ(files.rename({root, "empty"}, {root, "f"}).error(), Error::NotDirectory);
    EXPECT_EQ(files.rename({root, "empty"}, {root, "outer"}).error(), Error::NotEmpty);
    EXPECT_EQ(files.rename({root, "outer"}, {inner, "x"}).error(), Error::BadPath);
    EXPECT_EQ(files.rename({root, "outer"}, {outer, "x"}).error(), Error::BadPath);
    ASSERT_TRUE(files.rename({root, "outer"}, {root, "empty"}));
    EXPECT_EQ(files.lookup(root, "outer").error(), Error::NotFound);
}

TEST_F(RamFiles, AFullDiskRefusesAndRecovers) {
    auto const file = create("big");
    std::string const block(RamFileSystem::kBlockSize, 'x');
    std::uint64_t size = 0;
    while (auto const written = files.write(file, size, bytes(block))) {
        size += *written;
    }
    EXPECT_GT(size, kLimit * 9 / 10);
    EXPECT_LE(files.used(), kLimit);
    EXPECT_EQ(files.stat(file).size, size);
    EXPECT_EQ(files.write(file, size, bytes("x")).error(), Error::NoSpace);
    EXPECT_EQ(files.truncate(file, kLimit + 1).error(), Error::NoSpace);
    ASSERT_TRUE(files.truncate(file, 0));
    EXPECT_TRUE(files.write(file, 0, bytes(block)));
}

TEST_F(RamFiles, OffsetsBeyondTheLimitAreRefused) {
    auto const file = create("f");
    EXPECT_EQ(files.write(file, kLimit, bytes("x")).error(), Error::NoSpace);
    EXPECT_EQ(files.write(file, ~0ULL, bytes("x")).error(), Error::NoSpace);
    EXPECT_EQ(files.truncate(file, ~0ULL).error(), Error::NoSpace);
    EXPECT_EQ(files.stat(file).size, 0U);
}

TEST_F(RamFiles, AWriteThatRunsOutOfSpaceIsShort) {
    std::string const large(kLimit, 'x');
    auto const file = create("short");
    auto const written = files.write(file, 1000, bytes(large).first(kLimit - 1000));
    ASSERT_TRUE(written.has_value());
    EXPECT_LT(*written, kLimit - 1000);
    EXPECT_EQ(files.stat(file).size, 1000 + *written);
}

TEST_F(RamFiles, OutOfNodes) {
    int made = 0;
    while (files.create(files.root(), "file" + std::to_string(made), Kind::File)) {
        ++made;
    }
    EXPECT_GT(made, 500);
    EXPECT_LE(files.used(), kLimit);
    EXPECT_EQ(files.create(files.root(), "more", Kind::Directory).error(), Error::NoSpace);
}

TEST_F(RamFiles, FailedWritesLeakNothing) {
    auto const filler = create("filler");
    std::string const block(RamFileSystem::kBlockSize, 'x');
    std::uint64_t size = 0;
    while (auto const written = files.write(filler, size, bytes(block))) {
        size += *written;
    }
    auto const file = create("x");
    auto const before = files.used();
    for (int count = 0; count < 1000; ++count) {
        EXPECT_EQ(files.write(file, 0, bytes("y")).error(), Error::NoSpace);
    }
    EXPECT_EQ(files.used(), before);
}

TEST_F(RamFiles, AgreesWithAModel) {
    std::mt19937 random{11};
    std::map<std::string, std::string> model;
    for (int turn = 0; turn < 20'000; ++turn) {
        auto const name = "f" + std::to_string(random() % 6);
        auto const found = files.lookup(files.root(), name);
        ASSERT_EQ(found.has_value(), model.contains(name));
        if (!found) {
            create(name);
            model[name];
            continue;
        }
        auto& expected = model[name];
        switch (random() % 8) {
        case 0:
            ASSERT_TRUE(files.remove(files.root(), name));
            model.erase(name);
            break;
        case 1: {
            auto const size = random() % 12'000;
            if (files.truncate(*found, size)) expected.resize(size);
            break;
        }
        case 2: {
            auto const other = "f" + std::to_string(random() % 6);
            ASSERT_TRUE(files.rename({files.root(), name}, {files.root(), other}));
            auto const moved = model.extract(name);
            model[other] = moved.mapped();
            break;
        }
        default: {
            auto const offset = random() % 12'000;
            std::string const data(random() % 5'000, static_cast<char>(random()));
            auto const written = files.write(*found, offset, bytes(data));
            if (!written || *written == 0) break;
            expected.resize(std::max(expected.size(), offset + *written));
            expected.replace(offset, *written, data.substr(0, *written));
        }
        }
        if (model.contains(name)) {
            ASSERT_EQ(text(files.lookup(files.root(), name).value()), model[name]);
        }
    }
}

} // namespace
