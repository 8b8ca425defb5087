// SPDX-License-Identifier: MIT
/// Who has which block: quotas, and the blocks of each session. Knows no client and makes no system call.
#pragma once

#include "components/memory/buddy.hpp"
#include "components/memory/untyped.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <vector>

namespace memory {

using Session = std::uint16_t;

inline constexpr unsigned kSmallFrameBits = 12;
inline constexpr unsigned kLargeFrameBits = 21;
inline constexpr unsigned kMinUntypedBits = 12;
inline constexpr unsigned kMaxUntypedBits = 24;

/// What a session has, and may have.
struct Account {
    std::uint64_t quota = 0; ///< bytes
    std::uint64_t used = 0;  ///< bytes
    std::uint32_t blocks = 0;
};

struct Allocation {
    std::uint32_t block; ///< its number, for `free`
    Slot object;         ///< of the server's capability, which stays
};

class Store {
public:
    /// A session for each of `quotas`, in bytes. Together they have at most `most_blocks` blocks, and none
    /// has more than its share: a client with small blocks cannot use up what all need.
    Store(Buddy& buddy, UntypedOperations& operations, std::span<std::uint64_t const> quotas,
          std::size_t most_blocks);

    /// Pre (all): `session` is less than the number of quotas.
    auto allocate(Session session, Kind kind, unsigned bits) -> std::expected<Allocation, Refusal>;
    auto free(Session session, std::uint32_t block) -> std::expected<void, Refusal>;
    /// Takes back all that the session has.
    void free_all(Session session);
    [[nodiscard]] auto account(Session session) const -> Account const& { return accounts_[session]; }

    [[nodiscard]] auto free_bytes() const -> std::uint64_t { return buddy_.free_bytes(); }

private:
    struct Entry {
        Buddy::Block block;
        Slot object;
        Session session;
        bool used;
    };

    auto remember(Entry const& entry) -> std::uint32_t;

    Buddy& buddy_;
    UntypedOperations& operations_;
    std::size_t blocks_per_session_;
    std::vector<Account> accounts_;
    // Invariant: `unused_` lists the entries that are not in use; an account's sums are those of its entries.
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> unused_;
};

} // namespace memory
