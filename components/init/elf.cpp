// SPDX-License-Identifier: MIT
/// The checks of an ELF file.
#include "components/init/elf.hpp"

#include "base/address.hpp"
#include "base/result.hpp"
#include "kernel/abi/object.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace init::elf {
namespace {

struct FileHeader {
    std::array<std::uint8_t, 16> identification;
    std::uint16_t type;
    std::uint16_t machine;
    std::uint32_t version;
    std::uint64_t entry;
    std::uint64_t program_offset;
    std::uint64_t section_offset;
    std::uint32_t flags;
    std::uint16_t header_size;
    std::uint16_t program_size;
    std::uint16_t program_count;
    std::uint16_t section_size;
    std::uint16_t section_count;
    std::uint16_t section_names;
};
static_assert(sizeof(FileHeader) == 64);

struct ProgramHeader {
    std::uint32_t type;
    std::uint32_t flags;
    std::uint64_t offset;
    std::uint64_t address;
    std::uint64_t physical_address;
    std::uint64_t file_size;
    std::uint64_t memory_size;
    std::uint64_t alignment;
};
static_assert(sizeof(ProgramHeader) == 56);

constexpr std::array<std::uint8_t, 7> kIdentification{0x7F, 'E', 'L', 'F', 2, 1, 1}; // 64 bits, little endian
constexpr std::uint16_t kExecutable = 2;
constexpr std::uint32_t kLoad = 1;
constexpr std::uint32_t kDynamic = 2;
constexpr std::uint32_t kInterpreter = 3;
constexpr std::uint16_t kMaxHeaders = 32;

/// Pre: the bytes from `offset` on hold a `Row`.
template <typename Row>
auto copy_out(std::span<std::byte const> bytes, std::size_t offset) -> Row {
    Row row{};
    std::memcpy(&row, bytes.data() + offset, sizeof row);
    return row;
}

auto read_header(std::span<std::byte const> file, std::uint16_t machine) -> Result<FileHeader> {
    if (file.size() < sizeof(FileHeader)) {
        return std::unexpected{Failure{"the file is cut off in its header"}};
    }
    auto const header = copy_out<FileHeader>(file, 0);
    if (!std::ranges::equal(kIdentification,
                            std::span{header.identification}.first<kIdentification.size()>())) {
        return std::unexpected{Failure{"it is not a 64-bit little-endian ELF file"}};
    }
    if (header.type != kExecutable) {
        return std::unexpected{Failure{"it is not a static executable"}};
    }
    if (header.machine != machine) {
        return std::unexpected{Failure{"it is for another machine"}};
    }
    if (header.program_size != sizeof(ProgramHeader) || header.program_count == 0 ||
        header.program_count > kMaxHeaders) {
        return std::unexpected{Failure{"its program headers are malformed"}};
    }
    std::uint64_t const table_size = header.program_count * sizeof(ProgramHeader);
    if (header.program_offset > file.size() || table_size > file.size() - header.program_offset) {
        return std::unexpected{Failure{"the file is cut off in its program headers"}};
    }
    return header;
}

auto rights_of(std::uint32_t flags) -> std::uint8_t {
    std::uint32_t const rights = ((flags & 4U) != 0 ? abi::rights::kRead : 0U) |
                                 ((flags & 2U) != 0 ? abi::rights::kWrite : 0U) |
                                 ((flags & 1U) != 0 ? abi::rights::kExecute : 0U);
    return static_cast<std::uint8_t>(rights);
}

auto load(std::span<std::byte const> file, ProgramHeader const& header, std::uint64_t begin,
          std::uint64_t end) -> Result<Segment> {
    if (header.file_size > header.memory_size) {
        return std::unexpected{Failure{"a segment is larger than its memory"}};
    }
    if (header.offset > file.size() || header.file_size > file.size() - header.offset) {
        return std::unexpected{Failure{"the file is cut off in a segment"}};
    }
    if (header.address < begin || header.address > end || header.memory_size > end - header.address) {
        return std::unexpected{Failure{"a segment lies outside the addresses of an image"}};
    }
    if (header.alignment > 1 && (!std::has_single_bit(header.alignment) ||
                                 (header.address ^ header.offset) % header.alignment != 0)) {
        return std::unexpected{Failure{"a segment is misaligned"}};
    }
    std::uint8_t const rights = rights_of(header.flags);
    if ((rights & abi::rights::kRead) == 0) {
        return std::unexpected{Failure{"a segment is not readable"}};
    }
    if ((rights & abi::rights::kWrite) != 0 && (rights & abi::rights::kExecute) != 0) {
        return std::unexpected{Failure{"a segment is both writable and executable"}};
    }
    base::VirtAddr const first = base::VirtAddr{header.address}.align_down(base::kPageBits);
    base::VirtAddr const last = base::VirtAddr{header.address + header.memory_size}.align_up(base::kPageBits);
    return Segment{.address = header.address,
                   .first_page = first.value(),
                   .page_count = (last - first) / base::kPageSize,
                   .data = file.subspan(header.offset, header.file_size),
                   .rights = rights};
}

} // namespace

auto Program::read(std::span<std::byte const> file, std::uint16_t machine, std::uint64_t begin,
                   std::uint64_t end) -> Result<Program> {
    FileHeader const header = TRY(read_header(file, machine));
    Program program;
    for (std::size_t index = 0; index < header.program_count; ++index) {
        auto const entry =
            copy_out<ProgramHeader>(file, header.program_offset + index * sizeof(ProgramHeader));
        if (entry.type == kDynamic || entry.type == kInterpreter) {
            return std::unexpected{Failure{"it is not a static executable"}};
        }
        if (entry.type == kLoad && entry.memory_size > 0) {
            TRY(program.add(TRY(load(file, entry, begin, end))));
        }
    }
    if (!program.executable(header.entry)) {
        return std::unexpected{Failure{"its entry point is not in its code"}};
    }
    program.entry_ = header.entry;
    return program;
}

auto Program::add(Segment const& segment) -> Result<> {
    if (count_ == kMaxSegments) {
        return std::unexpected{Failure{"it has too many segments"}};
    }
    if (segment.page_count > kMaxPages - page_count()) {
        return std::unexpected{Failure{"it is too large"}};
    }
    std::uint64_t const end = segment.first_page + segment.page_count * base::kPageSize;
    for (Segment const& other : segments()) {
        if (segment.first_page < other.first_page + other.page_count * base::kPageSize &&
            other.first_page < end) {
            return std::unexpected{Failure{"two segments share a page"}};
        }
    }
    segments_[count_++] = segment;
    return {};
}

auto Program::executable(std::uint64_t address) const -> bool {
    return std::ranges::any_of(segments(), [address](Segment const& segment) {
        return (segment.rights & abi::rights::kExecute) != 0 && address % 2 == 0 &&
               address >= segment.address && address - segment.address < segment.data.size();
    });
}

auto Program::page_count() const -> std::uint64_t {
    std::uint64_t count = 0;
    for (Segment const& segment : segments()) {
        count += segment.page_count;
    }
    return count;
}

} // namespace init::elf
