// SPDX-License-Identifier: MIT
/// The drivers against registers in plain memory, and the loop that moves bytes against a device of one's
/// own.
#include "components/console/uart.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <deque>
#include <string>

namespace {

using console::Session;

struct Quiet final : console::Listener {
    void write_done(Session /*session*/, std::size_t /*written*/) override {}
    void line_done(Session /*session*/, console::LineEnd /*end*/, std::string_view text) override {
        line = text;
    }
    void key(Session /*session*/, std::uint8_t /*byte*/) override {}
    void interrupt(Session /*session*/) override {}

    std::string line{};
};

/// A device with a transmit FIFO of `capacity` bytes.
struct FakeDevice {
    struct State {
        std::deque<std::uint8_t> input{};
        std::string sent{};
        std::size_t room{8};
        bool announcing{};
    };

    [[nodiscard]] auto receive() const -> std::optional<std::uint8_t> {
        if (state.input.empty()) return std::nullopt;
        auto const byte = state.input.front();
        state.input.pop_front();
        return byte;
    }
    [[nodiscard]] auto can_transmit() const -> bool { return state.room > 0; }
    void transmit(std::uint8_t byte) const {
        --state.room;
        state.sent.push_back(static_cast<char>(byte));
    }
    void announce_room(bool on) const { state.announcing = on; }

    State& state;
};

TEST(Uart, OutputWaitsForRoomAndIsAnnounced) {
    Quiet quiet;
    console::Terminal terminal{quiet, 80};
    FakeDevice::State state;
    FakeDevice const device{state};
    terminal.write(1, "twelve bytes");
    console::transmit_output(device, terminal);
    EXPECT_EQ(state.sent, "twelve b");
    EXPECT_TRUE(state.announcing);
    state.room = 8;
    console::serve_interrupt(device, terminal);
    EXPECT_EQ(state.sent, "twelve bytes");
    EXPECT_FALSE(state.announcing);
}

TEST(Uart, InputIsTakenInBursts) {
    Quiet quiet;
    console::Terminal terminal{quiet, 80};
    FakeDevice::State state;
    state.room = 1'000'000;
    ASSERT_TRUE(terminal.read_line(1, ""));
    for (int count = 0; count < 100; ++count) {
        state.input.push_back('x');
    }
    state.input.push_back('\r');
    console::serve_interrupt(FakeDevice{state}, terminal);
    EXPECT_EQ(state.input.size(), 101 - console::kInputBurst);
    console::serve_interrupt(FakeDevice{state}, terminal);
    EXPECT_EQ(quiet.line, std::string(100, 'x'));
}

TEST(Uart, AllThatWasTypedEarlyIsThereForTheFirstLine) {
    Quiet quiet;
    console::Terminal terminal{quiet, 80};
    FakeDevice::State state;
    std::string const typed(console::kInputBurst + 1, 'x');
    state.input.assign(typed.begin(), typed.end());
    state.input.push_back('\r');
    console::take_early_input(FakeDevice{state}, terminal);
    EXPECT_TRUE(state.input.empty());
    ASSERT_TRUE(terminal.read_line(1, ""));
    EXPECT_EQ(quiet.line, typed);
}

TEST(Uart, Pl011IsSetUpForItsClock) {
    alignas(4096) std::array<std::uint32_t, 1024> memory{};
    console::Pl011 const uart{std::bit_cast<std::uint64_t>(memory.data()), 24'000'000};
    EXPECT_EQ(memory[0x24 / 4], 13U); // 24 MHz / 16 / 115200 = 13.02
    EXPECT_EQ(memory[0x28 / 4], 1U);
    EXPECT_EQ(memory[0x30 / 4], 0x301U);
    EXPECT_EQ(memory[0x38 / 4], 0x50U);
    uart.announce_room(true);
    EXPECT_EQ(memory[0x38 / 4], 0x70U);
    memory[0x18 / 4] = 1U << 5U;
    EXPECT_FALSE(uart.can_transmit());
    memory[0x18 / 4] = 1U << 4U;
    EXPECT_FALSE(uart.receive().has_value());
}

TEST(Uart, MiniUartIsSetUpForItsClock) {
    alignas(4096) std::array<std::uint32_t, 1024> memory{};
    console::MiniUart const uart{std::bit_cast<std::uint64_t>(memory.data()) + 0x40, 250'000'000};
    EXPECT_EQ(memory[0x68 / 4], 270U);
    EXPECT_EQ(memory[0x60 / 4], 3U);
    EXPECT_EQ(memory[0x48 / 4], 0U) << "what has been received is cleared";
    memory[0x54 / 4] = 1U;
    memory[0x40 / 4] = 'a';
    EXPECT_EQ(uart.receive(), 'a');
    EXPECT_FALSE(uart.can_transmit());
}

TEST(Uart, Ns16550KeepsWhatIsInItsFifos) {
    alignas(4096) std::array<std::uint8_t, 4096> memory{};
    console::Ns16550 const uart{std::bit_cast<std::uint64_t>(memory.data()), 0};
    EXPECT_EQ(memory[2], 1U); // FIFOs on; bits 1 and 2 would empty them
    EXPECT_EQ(memory[1], 1U);
    memory[5] = 1U;
    memory[0] = 'a';
    EXPECT_EQ(uart.receive(), 'a');
    EXPECT_FALSE(uart.can_transmit());
}

TEST(Uart, DriversAreChosenByWhatTheBoardFileSays) {
    alignas(4096) std::array<std::uint32_t, 1024> memory{};
    auto const address = std::bit_cast<std::uint64_t>(memory.data()) + 0x40;
    EXPECT_TRUE(std::holds_alternative<console::Pl011>(console::make_uart("arm,pl011", address, 0).value()));
    EXPECT_TRUE(std::holds_alternative<console::MiniUart>(
        console::make_uart("brcm,bcm2835-aux-uart", address, 0).value()));
    EXPECT_FALSE(console::make_uart("ns8250", address, 0).has_value());
}

} // namespace
