// SPDX-License-Identifier: MIT
/// The archive as a read-only file system, sound and damaged.
#include "components/vfs/boot_file_system.hpp"

#include "tests/unit/components/vfs/bytes.hpp"
#include "tests/unit/components/vfs/cpio_writer.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace {

using vfs::BootFileSystem;
using vfs::Error;
using vfs::Kind;
using vfs_test::CpioWriter;

TEST(BootFiles, FilesAndImpliedDirectories) {
    CpioWriter writer;
    writer.add("manifest", "12345").add("bin/shell", "ELF").add("bin/vfs", "");
    BootFileSystem files{base::CpioArchive{writer.finish()}};
    auto const bin = files.lookup(files.root(), "bin").value();
    EXPECT_EQ(files.stat(bin).kind, Kind::Directory);
    EXPECT_EQ(files.stat(bin).size, 2U);
    EXPECT_EQ(files.entry(bin, 0).value()->name, "shell");
    EXPECT_FALSE(files.entry(bin, 2).value().has_value());
    auto const shell = files.lookup(bin, "shell").value();
    EXPECT_EQ(vfs_test::read_text(files, shell, 1, 10), "LF");
    EXPECT_EQ(vfs_test::read_text(files, shell, 3, 10), "");
    EXPECT_EQ(vfs_test::read_text(files, shell, ~0ULL, 10), "");
    EXPECT_FALSE(files.stat(shell).writable);
}

TEST(BootFiles, RefusesChanges) {
    CpioWriter writer;
    writer.add("a", "x");
    BootFileSystem files{base::CpioArchive{writer.finish()}};
    auto const file = files.lookup(files.root(), "a").value();
    EXPECT_EQ(files.write(file, 0, vfs_test::bytes("y")).error(), Error::ReadOnly);
    EXPECT_EQ(files.truncate(file, 0).error(), Error::ReadOnly);
    EXPECT_EQ(files.create(files.root(), "b", Kind::File).error(), Error::ReadOnly);
    EXPECT_EQ(files.remove(files.root(), "a").error(), Error::ReadOnly);
    EXPECT_EQ(files.rename({files.root(), "a"}, {files.root(), "b"}).error(), Error::ReadOnly);
}

TEST(BootFiles, NamesThatAreNoPathsAreLeftOut) {
    CpioWriter writer;
    writer.add("../escape", "x").add("/absolute", "x").add("a//b", "x").add("", "x").add("ok", "x");
    writer.add("ok/below-a-file", "x").add("ok", "second").add("device", "", 0020644);
    writer.add("empty", "", CpioWriter::kDirectory).add(".", "", CpioWriter::kDirectory);
    BootFileSystem files{base::CpioArchive{writer.finish()}};
    std::vector<std::string> names;
    for (std::size_t index = 0; auto const entry = files.entry(files.root(), index).value(); ++index) {
        names.push_back(entry->name);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"a", "empty", "ok"}));
    EXPECT_EQ(vfs_test::read_text(files, files.lookup(files.root(), "ok").value(), 0, 10), "x");
}

TEST(BootFiles, DamagedArchivesNeverCrash) {
    CpioWriter writer;
    for (int number = 0; number < 20; ++number) {
        writer.add("dir/file" + std::to_string(number),
                   std::string(static_cast<std::size_t>(number) * 7, 'd'));
    }
    auto const sound = writer.finish();
    std::mt19937 random{9};
    for (int count = 0; count < 3000; ++count) {
        std::vector<std::byte> archive{sound.begin(), sound.end()};
        archive.resize(archive.size() - random() % 100);
        for (int hits = 0; hits < 4; ++hits) {
            archive[random() % archive.size()] = static_cast<std::byte>(random());
        }
        BootFileSystem files{base::CpioArchive{archive}};
        ASSERT_LE(files.stat(files.root()).size, 30U);
    }
}

} // namespace
