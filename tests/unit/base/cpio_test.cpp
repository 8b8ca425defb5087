// SPDX-License-Identifier: MIT
/// Tests of the archive reader, sound archives and damaged ones.
#include "base/cpio.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <random>
#include <string>
#include <vector>

namespace {

struct File {
    std::string name;
    unsigned mode;
    std::string data;
};

/// An archive as `cpio -H newc` writes it, without the trailer.
auto archive_of(std::vector<File> const& files) -> std::string {
    std::string archive;
    auto const pad = [&archive] {
        while (archive.size() % 4 != 0) {
            archive.push_back('\0');
        }
    };
    for (auto const& file : files) {
        std::array<char, 111> header{};
        std::snprintf(header.data(), header.size(),
                      "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 1, file.mode, 0, 0, 1,
                      1234, static_cast<unsigned>(file.data.size()), 0, 0, 0, 0,
                      static_cast<unsigned>(file.name.size() + 1), 0);
        archive += header.data();
        archive += file.name;
        archive.push_back('\0');
        pad();
        archive += file.data;
        pad();
    }
    return archive;
}

auto sample() -> std::string {
    return archive_of({{".", 0040755, ""},
                       {"bin", 0040755, ""},
                       {"./bin/shell", 0100755, "ELF..."},
                       {"empty", 0100644, ""},
                       {"readme", 0100644, "hello"},
                       {"TRAILER!!!", 0, ""}});
}

auto bytes_of(std::string const& text) -> std::span<std::byte const> {
    return std::as_bytes(std::span{text});
}

auto text_of(std::span<std::byte const> bytes) -> std::string {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

auto count(std::string const& archive) -> std::size_t {
    std::size_t entries = 0;
    auto cursor = base::CpioArchive{bytes_of(archive)}.first();
    while (cursor.next()) {
        ++entries;
    }
    EXPECT_FALSE(cursor.next()) << "the end stays the end";
    return entries;
}

TEST(Cpio, ListsEntriesInOrder) {
    auto const archive = sample();
    auto cursor = base::CpioArchive{bytes_of(archive)}.first();
    auto const root = cursor.next();
    ASSERT_TRUE(root);
    EXPECT_TRUE(root->is_directory());
    EXPECT_EQ(cursor.next()->name, "bin");
    auto const shell = cursor.next();
    ASSERT_TRUE(shell);
    EXPECT_EQ(shell->name, "bin/shell");
    EXPECT_TRUE(shell->is_file());
    EXPECT_EQ(shell->modified, 1234U);
    EXPECT_EQ(text_of(shell->data), "ELF...");
    EXPECT_EQ(count(archive), 5U);
}

TEST(Cpio, FindsByName) {
    auto const archive = sample();
    base::CpioArchive const reader{bytes_of(archive)};
    EXPECT_EQ(text_of(reader.find("readme")->data), "hello");
    EXPECT_EQ(reader.find("empty")->data.size(), 0U);
    EXPECT_FALSE(reader.find("missing"));
    EXPECT_FALSE(reader.find("TRAILER!!!"));
}

TEST(Cpio, EndsWhereTheArchiveIsCutOff) {
    auto const archive = sample();
    for (std::size_t size = 0; size <= archive.size(); ++size) {
        EXPECT_LE(count(archive.substr(0, size)), 5U);
    }
    EXPECT_EQ(count(""), 0U);
}

TEST(Cpio, RefusesSizesBeyondTheArchive) {
    auto damaged = archive_of({{"a", 0100644, "data"}});
    EXPECT_EQ(count(damaged), 1U);
    damaged.replace(6 + 6 * 8, 8, "ffffffff");
    EXPECT_EQ(count(damaged), 0U);
    damaged = archive_of({{"a", 0100644, "data"}});
    damaged.replace(6 + 11 * 8, 8, "fffffffe");
    EXPECT_EQ(count(damaged), 0U);
    damaged.replace(6 + 11 * 8, 8, "00000000");
    EXPECT_EQ(count(damaged), 0U);
    damaged.replace(6 + 11 * 8, 8, "0000000g");
    EXPECT_EQ(count(damaged), 0U);
}

TEST(Cpio, RefusesANameWithoutEnd) {
    auto damaged = archive_of({{"abc", 0100644, "data"}});
    damaged[110 + 3] = 'd';
    EXPECT_EQ(count(damaged), 0U);
}

TEST(Cpio, SurvivesRandomDamage) {
    std::mt19937 random{12345}; // always the same damage
    auto const sound = sample();
    for (int round = 0; round < 20000; ++round) {
        // On the heap and exactly as large as the archive: the sanitizer sees a read outside.
        std::vector<char> damaged(sound.begin(), sound.end());
        for (auto changes = random() % 6; changes > 0; --changes) {
            damaged[random() % damaged.size()] =
                static_cast<char>(random() % 4 == 0 ? random() : '0' + random() % 55);
        }
        damaged.resize(random() % 4 == 0 ? random() % (damaged.size() + 1) : damaged.size());
        damaged.shrink_to_fit();
        auto cursor = base::CpioArchive{std::as_bytes(std::span{damaged})}.first();
        std::size_t total = 0;
        while (auto const entry = cursor.next()) {
            for (auto const byte : entry->data) {
                total += static_cast<std::size_t>(byte);
            }
            total += entry->name.size();
        }
        EXPECT_LT(total, 1'000'000U);
    }
}

} // namespace
