// SPDX-License-Identifier: MIT
/// Events: one-way messages from a server to a client, in a ring at the end of the session's window.
///
/// ```
///   0  head    u32, records written since the start; only the server writes it
///   4  dropped u32, records that found the ring full; only the server writes it
///  64  tail    u32, records read since the start; only the client writes it
/// 128  kEventCapacity records; record n is at index n mod kEventCapacity
/// ```
/// Neither side trusts the other's index: it only ever selects a record, or makes the ring look full or
/// empty.
#pragma once

#include "kernel/abi/message.hpp"
#include "os/syscall.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

namespace os {

inline constexpr std::uint32_t kEventCapacity = 64;
inline constexpr std::size_t kEventRingHeader = 128;

/// What both ends know of the ring. A record is `Words` words, the first its ordinal.
template <std::size_t Words>
class EventRing {
public:
    using Record = std::array<std::uint64_t, Words>;

    /// `begin` is 64-byte aligned.
    explicit EventRing(std::byte* begin) : begin_{begin} {}

    /// Server: adds a record. False when the ring is full; the record is then dropped and counted.
    [[nodiscard]] auto push(Record const& record) const -> bool {
        auto const head = index(kHead).load(std::memory_order_relaxed);
        // Acquire: pairs with the release in `pop`; the client has copied what is overwritten now.
        auto const tail = index(kTail).load(std::memory_order_acquire);
        if (head - tail >= kEventCapacity) {
            // Not an atomic addition, which a client could keep from ever succeeding: nobody else counts.
            index(kDropped).store(dropped() + 1, std::memory_order_relaxed);
            return false;
        }
        std::memcpy(at(head), record.data(), sizeof(Record));
        // Release: pairs with the acquire in `pop`; the record is complete before it is counted.
        index(kHead).store(head + 1, std::memory_order_release);
        return true;
    }

    /// Client: takes the oldest record, as a copy.
    [[nodiscard]] auto pop() const -> std::optional<Record> {
        auto const tail = index(kTail).load(std::memory_order_relaxed);
        if (index(kHead).load(std::memory_order_acquire) == tail) {
            return std::nullopt;
        }
        Record record{};
        std::memcpy(record.data(), at(tail), sizeof(Record));
        index(kTail).store(tail + 1, std::memory_order_release);
        return record;
    }

    /// Records that were lost since the start.
    [[nodiscard]] auto dropped() const -> std::uint32_t {
        return index(kDropped).load(std::memory_order_relaxed);
    }

private:
    static constexpr std::size_t kHead = 0;
    static constexpr std::size_t kDropped = 4;
    static constexpr std::size_t kTail = 64;

    /// The window is mapped for this layout; its indices are shared between two address spaces.
    [[nodiscard]] auto index(std::size_t offset) const -> std::atomic_ref<std::uint32_t> {
        void* const place = begin_ + offset;
        return std::atomic_ref{*static_cast<std::uint32_t*>(place)};
    }
    [[nodiscard]] auto at(std::uint32_t number) const -> std::byte* {
        return begin_ + kEventRingHeader + number % kEventCapacity * sizeof(Record);
    }

    std::byte* begin_;
};

/// The server's end of one session's events.
template <std::size_t Words>
class EventSender {
public:
    using Record = typename EventRing<Words>::Record;

    EventSender(std::byte* ring, abi::CPtr notification) : ring_{ring}, notification_{notification} {}

    /// Adds a record and wakes the client. False when the client is too far behind.
    auto send(Record const& record) const -> bool {
        if (notification_ == abi::kNullCPtr) {
            return false;
        }
        auto const sent = ring_.push(record);
        signal(notification_);
        return sent;
    }

private:
    EventRing<Words> ring_;
    abi::CPtr notification_;
};

} // namespace os
