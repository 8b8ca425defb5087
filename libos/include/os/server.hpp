// SPDX-License-Identifier: MIT
/// The server loop: takes messages from the component's endpoint and gives each to the implementation it is
/// for.
#pragma once

#include "os/answer.hpp"
#include "os/incoming.hpp"
#include "os/pending.hpp"
#include "os/service.hpp"
#include "os/startup_info.hpp"
#include "os/syscall.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <type_traits>

namespace os {

/// Parts of the badge of a session's endpoint capability.
namespace badge {
inline constexpr unsigned kObjectShift = 16;
inline constexpr unsigned kInterfaceShift = 56;
inline constexpr std::uint64_t kObjectMask = (std::uint64_t{1} << (kInterfaceShift - kObjectShift)) - 1;

[[nodiscard]] constexpr auto session(std::uint64_t badge) -> std::uint16_t {
    return static_cast<std::uint16_t>(badge);
}
[[nodiscard]] constexpr auto object(std::uint64_t badge) -> std::uint64_t {
    return (badge >> kObjectShift) & kObjectMask;
}
[[nodiscard]] constexpr auto interface(std::uint64_t badge) -> std::size_t {
    return badge >> kInterfaceShift;
}
} // namespace badge

/// A few words of a callable, kept by value.
class NotificationHandler {
public:
    NotificationHandler() = default;
    template <typename Function>
    explicit NotificationHandler(Function const& function) : call_{&call_it<Function>} {
        static_assert(sizeof(Function) <= sizeof(storage_) && std::is_trivially_copyable_v<Function>,
                      "capture no more than two references");
        std::memcpy(storage_.data(), &function, sizeof(Function));
    }

    void operator()(std::uint64_t bits) const {
        if (call_ != nullptr) {
            call_(storage_.data(), bits);
        }
    }

private:
    template <typename Function>
    static void call_it(void const* storage, std::uint64_t bits) {
        // The constructor has put a trivially copyable Function there.
        (*static_cast<Function const*>(storage))(bits);
    }

    alignas(std::uint64_t) std::array<std::byte, 16> storage_{};
    void (*call_)(void const*, std::uint64_t){};
};

/// Serves ports, and the objects that their methods hand out, on the endpoint of the component.
/// Implementations belong to the caller and outlive the server.
class Server : public ObjectGranter {
public:
    explicit Server(StartupView const& startup)
        : sessions_{startup}, next_object_index_{startup.provided_ports().size()} {}

    /// Serves a port with `implementation`.
    template <typename Interface, typename Implementation>
    void add(Service<Interface> const& service, Implementation& implementation) {
        add_at<Interface>(service.index(), implementation);
    }

    /// Serves the objects of an interface that methods hand out as `os::Object<Interface>`.
    template <typename Interface, typename Implementation>
    void add_objects(Implementation& implementation) {
        add_at<Interface>(next_object_index_++, implementation);
    }

    /// Calls `function(bits)` when the component's notification is signalled. It is kept by value: capture
    /// references.
    template <typename Function>
    void on_notification(Function const& function) {
        notified_ = NotificationHandler{function};
    }

    /// Serves for ever.
    [[noreturn]] void run() {
        auto received = next();
        while (true) {
            received = serve(received);
        }
    }

    /// Handles one message or signal. Nothing: there is nothing to answer now.
    [[nodiscard]] auto handle(Received const& received) -> std::optional<Message> {
        auto const& tag = received.message.tag;
        if (tag.has(abi::MessageTag::kNotification)) [[unlikely]] {
            notified_(received.badge);
            return std::nullopt;
        }
        auto const index = badge::interface(received.badge);
        auto const session = badge::session(received.badge);
        if (index >= kMaxInterfaces || entries_[index].dispatch == nullptr || session >= sessions_.size())
            [[unlikely]] {
            return refuse(tag);
        }
        auto const& entry = entries_[index];
        Window const window{sessions_[session].window};
        if (window.size() < entry.window_size) [[unlikely]] {
            return refuse(tag);
        }
        Incoming const incoming{received, Caller{session, badge::object(received.badge), sessions_},
                                AnswerTarget{window, session, this}, deferred_};
        return entry.dispatch(entry.implementation, incoming);
    }

private:
    using Dispatch = auto (*)(void*, Incoming const&) -> std::optional<Message>;

    struct Entry {
        Dispatch dispatch{};
        void* implementation{};
        std::size_t window_size{};
    };

    template <typename Interface, typename Implementation>
    void add_at(std::size_t index, Implementation& implementation) {
        using Dispatcher = typename Interface::template Dispatcher<Implementation>;
        if (index >= kMaxInterfaces) {
            return;
        }
        entries_[index] = {&dispatch<Dispatcher, Implementation>, &implementation, Interface::kWindowSize};
        hashes_[index] = Interface::kHash;
        takes_capabilities_ = takes_capabilities_ || Dispatcher::kTakesCapabilities;
    }

    template <typename Dispatcher, typename Implementation>
    static auto dispatch(void* implementation, Incoming const& incoming) -> std::optional<Message> {
        return Dispatcher{*static_cast<Implementation*>(implementation)}.handle(incoming);
    }

    [[nodiscard]] static auto refuse(abi::MessageTag tag) -> Message {
        if (tag.has(abi::MessageTag::kCapability)) {
            receive_slot::discard();
        }
        return refusal(Transport::Denied);
    }

    /// Answers one message and waits for the next.
    [[nodiscard]] auto serve(Received const& received) -> Received {
        auto const answer = handle(received);
        if (!answer) {
            return next();
        }
        prepare_to_receive();
        return reply_receive(slot::kService, *answer);
    }

    [[nodiscard]] auto next() -> Received {
        prepare_to_receive();
        return receive(slot::kService);
    }

    void prepare_to_receive() const {
        // Without a slot no capability arrives, and the methods that take one answer BadRequest.
        if (takes_capabilities_) {
            (void)receive_slot::prepare();
        }
    }

    Sessions sessions_;
    std::array<Entry, kMaxInterfaces> entries_{}; ///< by the interface index that badges carry
    std::size_t next_object_index_;
    DeferredCalls deferred_;
    NotificationHandler notified_;
    bool takes_capabilities_{};
};

/// Serves one port for ever. If the implementation has `on_notification(bits)`, it is called for each signal
/// of the component's notification.
template <typename Interface, typename Implementation>
[[noreturn]] void serve(Service<Interface> const& service,
                        // It stays here. NOLINTNEXTLINE(cppcoreguidelines-missing-std-forward)
                        Implementation&& implementation) {
    Server server{service.startup()};
    server.add(service, implementation);
    if constexpr (requires { implementation.on_notification(std::uint64_t{}); }) {
        server.on_notification(
            [&implementation](std::uint64_t bits) { implementation.on_notification(bits); });
    }
    server.run();
}

} // namespace os
