// SPDX-License-Identifier: MIT
/// Implementations of `Everything` and `Part` that answer with what they were asked.
#pragma once

#include "generated/everything.hpp"
#include "generated/part.hpp"

#include <numeric>
#include <optional>
#include <string>
#include <vector>

namespace test {

namespace api = idl::everything;

struct EverythingServer {
    int calls{};
    std::optional<os::Pending<api::method::Wait>> waiting;
    std::vector<std::uint32_t> told;
    std::vector<std::uint16_t> forgotten;

    void forget(std::uint16_t session) { forgotten.push_back(session); }
    os::Cap<os::object::Notification> wake;
    std::string client;

    void nothing() { ++calls; }

    auto scalars(std::uint8_t a, std::int16_t b, std::uint32_t c, std::int64_t d, bool e)
        -> std::expected<api::ScalarsResult, os::Transport> {
        ++calls;
        return api::ScalarsResult{.a = a, .b = b, .c = c, .d = d, .e = e};
    }

    auto choices(api::Light light, api::Level level, api::Mode mode)
        -> std::expected<api::ChoicesResult, api::EverythingError> {
        ++calls;
        if (level == api::Level::High) {
            return std::unexpected(api::EverythingError::TooMuch);
        }
        return api::ChoicesResult{.light = light, .mode = mode};
    }

    auto structs(api::Inner const& inner, api::Outer const& outer) -> api::Outer {
        ++calls;
        auto answer = outer;
        answer.inner = inner;
        return answer;
    }

    auto arrays(std::array<std::uint8_t, 5> const& bytes, std::array<api::Light, 3> const& lights,
                std::array<std::uint64_t, 2> const& words) -> std::uint64_t {
        ++calls;
        return std::accumulate(bytes.begin(), bytes.end(), words[0] + words[1]) +
               std::to_underlying(lights[2]);
    }

    auto options(std::optional<std::uint32_t> number, std::optional<api::Light> light) -> api::OptionsResult {
        ++calls;
        return {.number = number, .light = light};
    }

    auto text(os::Caller const& caller, std::string_view first, std::string_view second) -> api::TextResult {
        ++calls;
        client = caller.client();
        api::TextResult result{.joined = first, .length = static_cast<std::uint32_t>(first.size())};
        (void)result.joined.append(second); // 16 and 40 are less than 64
        return result;
    }

    auto data(std::span<std::byte const> data) -> base::FixedVector<std::byte, 100> {
        ++calls;
        base::FixedVector<std::byte, 100> reversed;
        for (auto at = data.size(); at > 0; --at) {
            (void)reversed.push_back(data[at - 1]); // as large as what came
        }
        return reversed;
    }

    auto vectors(std::span<std::uint16_t const> numbers, std::span<api::Inner const> inners)
        -> api::VectorsResult {
        ++calls;
        api::VectorsResult result;
        for (auto const& inner : inners) {
            (void)result.lights.push_back(inner.light); // 4 are less than 8
            result.total += inner.count;
        }
        result.total = std::accumulate(numbers.begin(), numbers.end(), result.total);
        return result;
    }

    auto large(std::uint64_t first, std::array<std::uint64_t, 12> const& large, std::uint32_t second,
               std::array<api::Inner, 4> const& last) -> std::array<std::uint64_t, 12> {
        ++calls;
        auto answer = large;
        answer[0] = first;
        answer[1] = second;
        answer[2] = last[3].count;
        return answer;
    }

    auto read(std::uint64_t at, std::span<std::byte> into)
        -> std::expected<std::uint32_t, os::Failure<api::EverythingError>> {
        ++calls;
        if (at > 100) {
            return std::unexpected(os::Transport::Denied);
        }
        auto const count = std::min<std::size_t>(into.size(), 100 - at);
        std::fill_n(into.begin(), count, std::byte{static_cast<std::uint8_t>(at)});
        return static_cast<std::uint32_t>(count);
    }

    auto write(std::span<std::byte const> from, std::string_view name) -> std::uint32_t {
        ++calls;
        auto sum = static_cast<std::uint32_t>(name.size());
        for (auto const byte : from) {
            sum += std::to_integer<std::uint32_t>(byte);
        }
        return sum;
    }

    auto exchange(std::span<std::byte const> from, std::span<std::byte> into) -> base::FixedString<200> {
        ++calls;
        std::copy_n(from.begin(), std::min(from.size(), into.size()), into.begin());
        return std::string_view{"exchanged, and this text is long enough to lie where the leases might be"};
    }

    void tell(std::uint32_t number) { told.push_back(number); }

    void wait(std::uint32_t number, os::Pending<api::method::Wait> pending) {
        ++calls;
        switch (number) {
        case 0: pending.answer(7); break;
        case 1: pending.answer(std::unexpected(api::EverythingError::Nothing)); break;
        case 2: break; // dropped
        case 3: pending.abandon(); break;
        default: waiting = std::move(pending);
        }
    }

    void describe(os::Caller const& caller, std::uint32_t number,
                  os::Pending<api::method::Describe> pending) {
        ++calls;
        pending.answer(api::DescribeResult{.text = caller.client(), .number = number});
    }

    auto open(std::uint32_t number) -> std::expected<os::Object<idl::part::Interface>, api::EverythingError> {
        ++calls;
        if (number == 0) {
            return std::unexpected(api::EverythingError::Nothing);
        }
        return os::Object<idl::part::Interface>{number};
    }

    auto frame(std::uint8_t size) -> std::expected<api::FrameAnswer, os::Transport> {
        ++calls;
        return api::FrameAnswer{.number = 5, .frame = os::object::Frame{size}};
    }

    auto subscribe(std::uint32_t /*number*/, os::Cap<os::object::Notification> notification) -> void {
        ++calls;
        wake = std::move(notification);
    }
};

struct PartServer {
    auto number(os::Caller const& caller) -> std::uint64_t { return caller.object; }
    auto name(std::string_view text) -> base::FixedString<64> { return text; }
};

} // namespace test
