// SPDX-License-Identifier: MIT
/// Allocation against a quota.
#include "components/memory/store.hpp"

#include "base/result.hpp"

#include <algorithm>

namespace memory {
namespace {

auto is_size(Kind kind, unsigned bits) -> bool {
    if (kind == Kind::Frame) {
        return bits == kSmallFrameBits || bits == kLargeFrameBits;
    }
    return bits >= kMinUntypedBits && bits <= kMaxUntypedBits;
}

} // namespace

Store::Store(Buddy& buddy, UntypedOperations& operations, std::span<std::uint64_t const> quotas,
             std::size_t most_blocks)
    : buddy_{buddy},
      operations_{operations},
      blocks_per_session_{most_blocks / std::max<std::size_t>(quotas.size(), 1)} {
    for (std::uint64_t const quota : quotas) {
        accounts_.push_back({.quota = quota});
    }
    entries_.reserve(most_blocks);
    unused_.reserve(most_blocks);
}

auto Store::allocate(Session session, Kind kind, unsigned bits) -> std::expected<Allocation, Refusal> {
    if (!is_size(kind, bits)) {
        return std::unexpected{Refusal::BadBlock};
    }
    Account& account = accounts_[session];
    std::uint64_t const size = std::uint64_t{1} << bits;
    if (size > account.quota - account.used || account.blocks >= blocks_per_session_) {
        return std::unexpected{Refusal::Quota};
    }
    Buddy::Block const block = TRY(buddy_.allocate(bits));
    auto const object = operations_.make(buddy_.slot(block), kind, bits);
    if (!object.has_value()) {
        buddy_.release(block);
        return std::unexpected{object.error()};
    }
    account.used += size;
    ++account.blocks;
    return Allocation{.block =
                          remember({.block = block, .object = *object, .session = session, .used = true}),
                      .object = *object};
}

auto Store::free(Session session, std::uint32_t block) -> std::expected<void, Refusal> {
    if (block >= entries_.size() || !entries_[block].used || entries_[block].session != session) {
        return std::unexpected{Refusal::BadBlock};
    }
    Entry& entry = entries_[block];
    operations_.destroy(buddy_.slot(entry.block), entry.object);
    Account& account = accounts_[session];
    account.used -= std::uint64_t{1} << buddy_.bits(entry.block);
    --account.blocks;
    buddy_.release(entry.block);
    entry.used = false;
    unused_.push_back(block);
    return {};
}

void Store::free_all(Session session) {
    for (std::uint32_t block = 0; block < entries_.size(); ++block) {
        (void)free(session, block); // refused where it has none
    }
}

auto Store::remember(Entry const& entry) -> std::uint32_t {
    if (unused_.empty()) {
        entries_.push_back(entry);
        return static_cast<std::uint32_t>(entries_.size() - 1);
    }
    std::uint32_t const number = unused_.back();
    unused_.pop_back();
    entries_[number] = entry;
    return number;
}

} // namespace memory
