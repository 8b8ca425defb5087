// SPDX-License-Identifier: MIT
/// Paths across mounts: what may be made, removed, renamed, and where.
#include "components/vfs/tree.hpp"

#include "components/vfs/boot_file_system.hpp"
#include "components/vfs/device_file_system.hpp"
#include "components/vfs/ram_file_system.hpp"
#include "tests/unit/components/vfs/cpio_writer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using vfs::Error;
using vfs::Kind;

class TreeTest : public testing::Test {
protected:
    TreeTest() {
        devices.add("null", std::make_unique<vfs::NullDevice>());
        devices.add("zero", std::make_unique<vfs::ZeroDevice>());
        tree.mount("tmp", ram);
        tree.mount("boot", boot);
        tree.mount("dev", devices);
    }

    auto kind(std::string_view path) -> Kind { return tree.stat(tree.find(path).value()).kind; }
    auto missing(std::string_view path) -> Error { return tree.find(path).error(); }

    vfs_test::CpioWriter writer{};
    vfs::BootFileSystem boot{base::CpioArchive{writer.add("bin/shell", "ELF").finish()}};
    vfs::DeviceFileSystem devices{};
    vfs::RamFileSystem ram{64 * 1024, [] { return std::uint64_t{0}; }};
    vfs::Tree tree{};
};

TEST_F(TreeTest, TheRootListsTheMounts) {
    std::string names;
    for (std::size_t index = 0; auto const entry = tree.entry({}, index).value(); ++index) {
        names += entry->name + " ";
    }
    EXPECT_EQ(names, "boot dev tmp ");
    EXPECT_EQ(kind("/"), Kind::Directory);
    EXPECT_EQ(kind("/tmp/../.."), Kind::Directory);
    EXPECT_EQ(kind("/boot/bin/shell"), Kind::File);
    EXPECT_EQ(kind("/dev/null"), Kind::Device);
}

TEST_F(TreeTest, MissingAndMisused) {
    EXPECT_EQ(missing("/nope"), Error::NotFound);
    EXPECT_EQ(missing("/boot/nope/x"), Error::NotFound);
    EXPECT_EQ(missing("/boot/bin/shell/x"), Error::NotDirectory);
    EXPECT_EQ(missing("/boot/bin/shell/"), Error::NotDirectory);
    EXPECT_EQ(missing("/boot/bin/shell/."), Error::NotDirectory);
    EXPECT_EQ(missing("relative"), Error::BadPath);
    EXPECT_EQ(missing("/dev/null/x"), Error::NotDirectory);
}

TEST_F(TreeTest, SubdirectoriesAndTheirPaths) {
    ASSERT_TRUE(tree.create_directory("/tmp/dd"));
    EXPECT_EQ(tree.create_directory("/tmp/dd").error(), Error::Exists);
    EXPECT_EQ(tree.create_directory("/tmp/dd/").error(), Error::Exists);
    ASSERT_TRUE(tree.find_or_create("/tmp/dd/ff").value().is_new);
    EXPECT_FALSE(tree.find_or_create("/tmp/dd/ff").value().is_new);
    EXPECT_EQ(tree.remove("/tmp/dd").error(), Error::NotEmpty);
    ASSERT_TRUE(tree.create_directory("/tmp/dd/dd/"));
    ASSERT_TRUE(tree.find_or_create("/tmp/dd/dd/ff"));
    EXPECT_EQ(kind("/tmp/dd/dd/../ff"), Kind::File);
    EXPECT_EQ(kind("/tmp/./dd//../dd/dd/ff"), Kind::File);
    EXPECT_EQ(tree.find_or_create("/tmp/dd/ff/ff").error(), Error::NotDirectory);
    EXPECT_EQ(tree.find_or_create("/tmp/dd/xx/ff").error(), Error::NotFound);
    EXPECT_EQ(tree.find_or_create("/tmp/dd/new/").error(), Error::IsDirectory);
    EXPECT_EQ(tree.create_directory("/tmp/dd/ff/ff").error(), Error::NotDirectory);
    EXPECT_EQ(tree.create_directory("/tmp/dd/xx/ff").error(), Error::NotFound);
    EXPECT_EQ(tree.create_directory("/tmp/dd/dd/ff").error(), Error::Exists);
    EXPECT_EQ(tree.rename("/tmp/dd/ff", "/tmp/dd/dd/ff/x").error(), Error::NotDirectory);
    EXPECT_EQ(tree.remove("/tmp/dd/xx/ff").error(), Error::NotFound);
    EXPECT_EQ(tree.remove("/tmp/dd/ff/ff").error(), Error::NotDirectory);
    ASSERT_TRUE(tree.remove("/tmp/dd/dd/ff"));
    ASSERT_TRUE(tree.remove("/tmp/dd/ff"));
    EXPECT_EQ(tree.remove("/tmp/dd").error(), Error::NotEmpty);
    ASSERT_TRUE(tree.remove("/tmp/dd/dd"));
    ASSERT_TRUE(tree.remove("/tmp/dd/"));
    EXPECT_EQ(ram.used(), 0U);
}

TEST_F(TreeTest, DotsAreNoNamesToMakeOrRemove) {
    ASSERT_TRUE(tree.create_directory("/tmp/dots"));
    for (std::string const path : {"/tmp/dots/.", "/tmp/dots/..", "/tmp/dots/../dots/."}) {
        EXPECT_EQ(tree.remove(path).error(), Error::BadPath) << path;
        EXPECT_EQ(tree.rename(path, "/tmp/other").error(), Error::BadPath) << path;
        EXPECT_EQ(tree.rename("/tmp/dots", path).error(), Error::BadPath) << path;
        EXPECT_EQ(tree.create_directory(path).error(), Error::Exists) << path;
    }
    EXPECT_EQ(tree.create_directory("/tmp/none/.").error(), Error::BadPath);
}

TEST_F(TreeTest, TheRootAndTheMountsDoNotChange) {
    EXPECT_EQ(tree.remove("/").error(), Error::ReadOnly);
    EXPECT_EQ(tree.remove("/tmp").error(), Error::ReadOnly);
    EXPECT_EQ(tree.create_directory("/new").error(), Error::ReadOnly);
    EXPECT_EQ(tree.find_or_create("/new").error(), Error::ReadOnly);
    EXPECT_EQ(tree.rename("/tmp", "/boot").error(), Error::ReadOnly);
    EXPECT_EQ(tree.remove("/nope").error(), Error::NotFound);
    EXPECT_EQ(tree.remove("/dev/null").error(), Error::ReadOnly);
    EXPECT_EQ(tree.create_directory("/boot/x").error(), Error::ReadOnly);
}

TEST_F(TreeTest, RenameStaysInItsFileSystem) {
    ASSERT_TRUE(tree.find_or_create("/tmp/a"));
    EXPECT_EQ(tree.rename("/tmp/a", "/boot/a").error(), Error::OtherFileSystem);
    EXPECT_EQ(tree.rename("/tmp/none", "/tmp/b").error(), Error::NotFound);
    EXPECT_EQ(tree.rename("/tmp/a", "/tmp/b/").error(), Error::NotDirectory);
    ASSERT_TRUE(tree.rename("/tmp/a", "/tmp/b"));
    EXPECT_EQ(kind("/tmp/b"), Kind::File);
}

} // namespace
