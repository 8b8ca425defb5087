// SPDX-License-Identifier: MIT
/// The ELF reader takes static executables and refuses everything else without harm.
#include "components/init/elf.hpp"

#include "kernel/abi/object.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace {

using init::elf::Program;

constexpr std::uint64_t kBegin = 0x40'0000;
constexpr std::uint64_t kEnd = 0x1'0000'0000;
constexpr std::uint8_t kReadExecute = abi::rights::kRead | abi::rights::kExecute;
constexpr std::uint8_t kReadWrite = abi::rights::kRead | abi::rights::kWrite;

struct FileHeader {
    std::array<std::uint8_t, 16> identification{0x7F, 'E', 'L', 'F', 2, 1, 1};
    std::uint16_t type = 2;
    std::uint16_t machine = init::elf::kAarch64;
    std::uint32_t version = 1;
    std::uint64_t entry = 0x40'0010;
    std::uint64_t program_offset = 64;
    std::uint64_t section_offset = 0;
    std::uint32_t flags = 0;
    std::uint16_t header_size = 64;
    std::uint16_t program_size = 56;
    std::uint16_t program_count = 2;
    std::uint16_t section_size = 0;
    std::uint16_t section_count = 0;
    std::uint16_t section_names = 0;
};

struct ProgramHeader {
    std::uint32_t type = 1;
    std::uint32_t flags = 5;
    std::uint64_t offset = 0x1000;
    std::uint64_t address = 0x40'0000;
    std::uint64_t physical_address = 0;
    std::uint64_t file_size = 0x100;
    std::uint64_t memory_size = 0x100;
    std::uint64_t alignment = 0x1000;
};

/// A file with code of 0x100 bytes and data of 0x80, followed by zeroes up to three pages.
struct Image {
    FileHeader header;
    ProgramHeader code;
    ProgramHeader data{.flags = 6,
                       .offset = 0x1100,
                       .address = 0x40'1100,
                       .file_size = 0x80,
                       .memory_size = 0x2800,
                       .alignment = 0x1000};

    [[nodiscard]] auto bytes() const -> std::vector<std::byte> {
        std::vector<std::byte> file(0x1180);
        std::memcpy(file.data(), &header, sizeof header);
        std::memcpy(file.data() + 64, &code, sizeof code);
        std::memcpy(file.data() + 120, &data, sizeof data);
        return file;
    }
};

auto read(std::vector<std::byte> const& file) -> init::Result<Program> {
    return Program::read(file, init::elf::kAarch64, kBegin, kEnd);
}

auto refusal(std::function<void(Image&)> const& change) -> std::string {
    Image image;
    change(image);
    auto const file = image.bytes();
    auto const program = read(file);
    return program ? "" : std::string{program.error().what};
}

TEST(Elf, FindsTheSegments) {
    auto const file = Image{}.bytes();
    auto const program = read(file);
    ASSERT_TRUE(program.has_value());
    EXPECT_EQ(program->entry(), 0x40'0010U);
    ASSERT_EQ(program->segments().size(), 2U);
    auto const& code = program->segments()[0];
    EXPECT_EQ(code.first_page, 0x40'0000U);
    EXPECT_EQ(code.page_count, 1U);
    EXPECT_EQ(code.data.data(), file.data() + 0x1000);
    EXPECT_EQ(code.rights, kReadExecute);
    auto const& data = program->segments()[1];
    EXPECT_EQ(data.address, 0x40'1100U);
    EXPECT_EQ(data.first_page, 0x40'1000U);
    EXPECT_EQ(data.page_count, 3U);
    EXPECT_EQ(data.data.size(), 0x80U);
    EXPECT_EQ(data.rights, kReadWrite);
    EXPECT_EQ(program->page_count(), 4U);
}

TEST(Elf, RefusesOtherFiles) {
    EXPECT_EQ(read({}).error().what, "the file is cut off in its header");
    EXPECT_EQ(refusal([](Image& i) { i.header.identification[0] = 'X'; }),
              "it is not a 64-bit little-endian ELF file");
    EXPECT_EQ(refusal([](Image& i) { i.header.identification[4] = 1; }),
              "it is not a 64-bit little-endian ELF file");
    EXPECT_EQ(refusal([](Image& i) { i.header.type = 3; }), "it is not a static executable");
    EXPECT_EQ(refusal([](Image& i) { i.header.machine = init::elf::kRiscv; }), "it is for another machine");
    EXPECT_EQ(refusal([](Image& i) { i.header.program_size = 32; }), "its program headers are malformed");
    EXPECT_EQ(refusal([](Image& i) { i.header.program_count = 0; }), "its program headers are malformed");
    EXPECT_EQ(refusal([](Image& i) { i.header.program_offset = ~0ULL; }),
              "the file is cut off in its program headers");
    EXPECT_EQ(refusal([](Image& i) { i.data.type = 3; }), "it is not a static executable");
}

TEST(Elf, RefusesWhereTheFileIsCutOff) {
    auto const whole = Image{}.bytes();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        std::vector<std::byte> const part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        auto const program = read(part);
        ASSERT_FALSE(program.has_value()) << size;
        EXPECT_TRUE(program.error().what.starts_with("the file is cut off")) << size;
    }
}

TEST(Elf, RefusesMalformedSegments) {
    EXPECT_EQ(refusal([](Image& i) { i.code.file_size = 0x101; }), "a segment is larger than its memory");
    EXPECT_EQ(refusal([](Image& i) { i.code.offset = ~0ULL - 0x10; }), "the file is cut off in a segment");
    EXPECT_EQ(refusal([](Image& i) { i.code.address = 0x1000; }),
              "a segment lies outside the addresses of an image");
    EXPECT_EQ(refusal([](Image& i) { i.data.memory_size = ~0ULL; }),
              "a segment lies outside the addresses of an image");
    EXPECT_EQ(refusal([](Image& i) { i.code.alignment = 3; }), "a segment is misaligned");
    EXPECT_EQ(refusal([](Image& i) { i.code.address += 8; }), "a segment is misaligned");
    EXPECT_EQ(refusal([](Image& i) { i.code.flags = 1; }), "a segment is not readable");
    EXPECT_EQ(refusal([](Image& i) { i.code.flags = 7; }), "a segment is both writable and executable");
    EXPECT_EQ(refusal([](Image& i) { i.data.address = 0x40'0100; }), "two segments share a page");
    EXPECT_EQ(refusal([](Image& i) { i.data.memory_size = 0x8000'0000; }), "it is too large");
    EXPECT_EQ(refusal([](Image& i) { i.header.entry = 0x40'1100; }), "its entry point is not in its code");
    EXPECT_EQ(refusal([](Image& i) { i.header.entry = 0x40'0011; }), "its entry point is not in its code");
    EXPECT_EQ(refusal([](Image& i) { i.code.type = 0; }), "its entry point is not in its code");
}

TEST(Elf, SurvivesRandomDamage) {
    auto const good = Image{}.bytes();
    std::mt19937_64 random{20260102};
    std::size_t accepted = 0;
    for (int round = 0; round < 50'000; ++round) {
        auto file = good;
        for (std::uint64_t changes = random() % 4 + 1; changes > 0; --changes) {
            file[random() % 176] = static_cast<std::byte>(random() % 4 == 0 ? 0xFF : random());
        }
        if (random() % 8 == 0) {
            file.resize(random() % file.size());
        }
        auto const program = read(file);
        if (!program) {
            continue;
        }
        ++accepted;
        for (auto const& segment : program->segments()) {
            EXPECT_GE(segment.first_page, kBegin);
            EXPECT_LE(segment.first_page + segment.page_count * 4096, kEnd);
            EXPECT_LE(segment.address + segment.data.size(), segment.first_page + segment.page_count * 4096);
            EXPECT_NE(segment.rights & 6U, 6U);
            // Reads every byte: the sanitizer sees a span that leaves the file.
            (void)std::accumulate(
                segment.data.begin(), segment.data.end(), 0U,
                [](unsigned sum, std::byte byte) { return sum + std::to_integer<unsigned>(byte); });
        }
    }
    EXPECT_GT(accepted, 100U);
}

} // namespace
