// SPDX-License-Identifier: MIT
/// A kernel, a client and a server in one process: calls on the session's endpoint go straight to an
/// `os::Server`, capabilities are entries of a table, and everything that is sent is kept to be looked at.
#pragma once

#include "libos/src/memory_manager.hpp"
#include "tests/unit/libos/startup_page.hpp"

#include "generated/everything.hpp"
#include "generated/part.hpp"
#include "kernel/abi/object.hpp"
#include "os/arch/trap.hpp"
#include "os/server.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace test {

struct Capability {
    abi::ObjectType type{};
    std::uint8_t rights{};
    std::uint64_t badge{};
};

struct Sent {
    abi::CPtr to;
    os::Message message;
};

class FakeSystem {
public:
    static constexpr abi::CPtr kEndpoint = 20;
    static constexpr abi::CPtr kPager = 21;
    static constexpr abi::CPtr kClientNotification = 22;
    static constexpr abi::CPtr kFirstReply = 3000;
    static constexpr std::uint16_t kSession = 1;
    static constexpr std::size_t kWindowSize = 16384;

    FakeSystem() : window_(kWindowSize / sizeof(Line)) {
        page_.info().provided_ports = page_.table<std::uint32_t>({page_.text("everything")});
        auto const client = page_.text("tester");
        os::Session session{};
        session.window = {.address = reinterpret_cast<std::uint64_t>(window_.data()), .size = kWindowSize};
        session.event_notification = kClientNotification;
        session.client = client;
        session.quota = 77;
        // Session 0 belongs to another port and has no window.
        os::Session other{};
        other.interface_index = 5;
        page_.info().sessions = page_.table<os::Session>({other, session});
        startup_ = os::StartupView::create(page_.finish());

        capabilities[kEndpoint] = {abi::ObjectType::Endpoint, 0xE, kSession};
        capabilities[os::slot::kService] = {abi::ObjectType::Endpoint, 0xF, 0};
        os::memory_endpoint = kPager;
        os::arch::fake_kernel = [this](abi::Syscall number, abi::CPtr capability, os::Message const& message,
                                       abi::CPtr /*from*/) { return trap(number, capability, message); };
    }
    FakeSystem(FakeSystem const&) = delete;
    auto operator=(FakeSystem const&) -> FakeSystem& = delete;
    ~FakeSystem() {
        os::arch::fake_kernel = nullptr;
        os::memory_endpoint = abi::kNullCPtr;
    }

    [[nodiscard]] auto startup() const -> os::StartupView const& { return *startup_; }
    [[nodiscard]] auto service() const { return os::Service<idl::everything::Interface>{*startup_, 0}; }

    [[nodiscard]] auto port() const -> os::UsedPort {
        return {.endpoint = kEndpoint,
                .window = {.address = reinterpret_cast<std::uint64_t>(window_.data()), .size = kWindowSize},
                .event_badge = 4,
                .name = 1,
                .interface_hash = 0};
    }
    [[nodiscard]] auto window() -> std::byte* { return window_.front().bytes.data(); }

    /// Sends words as they are to the session; what the server answers at once.
    auto raw(os::Message const& message) -> os::Message {
        return trap(abi::Syscall::Call, kEndpoint, message).message;
    }

    /// What serves the calls.
    std::function<std::optional<os::Message>(os::Received const&)> serve;
    /// Changes each answer on its way to the client.
    std::function<void(os::Message&)> tamper;
    std::map<abi::CPtr, Capability> capabilities;
    std::vector<Sent> sent; ///< by Send, NBSend and Reply
    bool out_of_memory{};
    std::optional<os::Message> last_answer;

private:
    struct alignas(64) Line {
        std::array<std::byte, 64> bytes{};
    };

    auto trap(abi::Syscall number, abi::CPtr capability, os::Message const& message) -> os::Received {
        if (number == abi::Syscall::Reply) {
            replied_ = message;
        }
        if (number != abi::Syscall::Call) {
            sent.push_back({capability, message});
            return {};
        }
        auto const found = capabilities.find(capability);
        if (capability == kPager) {
            return {.badge = 0, .message = make_objects(message)};
        }
        if (found != capabilities.end() && found->second.type == abi::ObjectType::Endpoint) {
            return {.badge = 0, .message = call(found->second.badge, message)};
        }
        return {.badge = 0, .message = invoke(capability, message)};
    }

    auto call(std::uint64_t badge, os::Message const& message) -> os::Message {
        replied_.reset();
        auto answer = serve(os::Received{.badge = badge, .message = carried(message)});
        last_answer = answer;
        if (!answer) {
            answer = replied_;
        }
        if (!answer) {
            return refused(abi::Error::Aborted);
        }
        auto arrived = carried(*answer);
        if (tamper) {
            tamper(arrived);
        }
        return arrived;
    }

    /// A message as it arrives: only its capability is translated, to the receive slot.
    auto carried(os::Message const& message) -> os::Message {
        if (!message.tag.has(abi::MessageTag::kCapability)) {
            return message;
        }
        auto arrived = message;
        auto const source = capabilities.find(message.words[7]);
        arrived.words[7] = 0;
        if (source == capabilities.end() || receive_slot_ == 0 || capabilities.contains(receive_slot_)) {
            arrived.tag = abi::MessageTag{message.tag.label(), message.tag.length()};
        } else {
            capabilities[receive_slot_] = source->second;
        }
        return arrived;
    }

    auto make_objects(os::Message const& message) -> os::Message {
        if (out_of_memory) {
            return {.tag = abi::MessageTag{static_cast<std::uint64_t>(abi::Error::NotEnoughMemory), 0},
                    .words = {}};
        }
        if (message.tag.label() == 1) {
            auto const slot = kFirstReply + made_++;
            capabilities[slot] = {static_cast<abi::ObjectType>(message.words[0]), 0xF, 0};
            return {.tag = abi::MessageTag{0, 2}, .words = {slot, 1}};
        }
        return {};
    }

    auto invoke(abi::CPtr capability, os::Message const& message) -> os::Message {
        auto const& words = message.words;
        switch (message.tag.label()) {
        case 0x202: { // CNode.mint
            auto minted = capabilities.at(words[3]);
            minted.rights = static_cast<std::uint8_t>(words[0] >> 16U);
            minted.badge = words[4];
            capabilities[words[1]] = minted;
            return granted({});
        }
        case 0x206: capabilities.erase(words[1]); return granted({}); // CNode.delete
        case 0x209: {                                                 // CNode.identify
            auto const found = capabilities.contains(words[1]) ? capabilities[words[1]] : Capability{};
            return granted({static_cast<std::uint64_t>(found.type) | std::uint64_t{found.rights} << 8U});
        }
        case 0x304: receive_slot_ = words[2]; return granted({}); // Tcb.set_receive_slot
        case 0x701:                                               // Reply.save
        case 0x702: sent.push_back({capability, message}); return granted({});
        default: return refused(abi::Error::IllegalOperation);
        }
    }

    static auto granted(abi::Words const& words) -> os::Message {
        return {.tag = abi::MessageTag{0, 8, abi::MessageTag::kKernel}, .words = words};
    }
    static auto refused(abi::Error error) -> os::Message {
        return {.tag = abi::MessageTag{static_cast<std::uint64_t>(error), 0, abi::MessageTag::kKernel},
                .words = {}};
    }

    StartupPage page_;
    std::vector<Line> window_;
    std::optional<os::StartupView> startup_;
    abi::CPtr made_{};
    std::optional<os::Message> replied_; ///< by the Reply call, while a message is served
    static inline abi::CPtr
        receive_slot_{}; ///< as the thread's: it outlives the system, like what libos knows
};

} // namespace test
