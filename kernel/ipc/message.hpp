// SPDX-License-Identifier: MIT
/// The registers of a thread as the message it sends, or has received.
#pragma once

#include "kernel/abi/error.hpp"
#include "kernel/abi/message.hpp"
#include "kernel/object/tcb.hpp"

#include <cstddef>
#include <cstdint>

namespace kernel::message {

using Registers = arch::Registers;

[[nodiscard]] inline auto capability(Tcb const& thread) -> abi::CPtr {
    return thread.registers.values[Registers::kCapability];
}
[[nodiscard]] inline auto tag(Tcb const& thread) -> abi::MessageTag {
    return abi::MessageTag{thread.registers.values[Registers::kTag]};
}
[[nodiscard]] inline auto word(Tcb const& thread, std::size_t index) -> std::uint64_t {
    return thread.registers.values[Registers::kWords[index]];
}
[[nodiscard]] inline auto words(Tcb const& thread) -> abi::Words {
    return {word(thread, 0), word(thread, 1), word(thread, 2), word(thread, 3),
            word(thread, 4), word(thread, 5), word(thread, 6), word(thread, 7)};
}

/// What every received message begins with. The register of SendRecv's second capability is scratch from here
/// on.
inline void set_header(Tcb& thread, std::uint64_t badge, abi::MessageTag tag) {
    thread.registers.values[Registers::kReceiveCapability] = 0;
    thread.registers.values[Registers::kCapability] = badge;
    thread.registers.values[Registers::kTag] = tag.raw();
}
inline void set_word(Tcb& thread, std::size_t index, std::uint64_t value) {
    thread.registers.values[Registers::kWords[index]] = value;
}
inline void set_words(Tcb& thread, abi::Words const& words) {
    // In a row: so the compiler sees which register each word is, and an array that is only passed on never
    // exists.
    set_word(thread, 0, words[0]);
    set_word(thread, 1, words[1]);
    set_word(thread, 2, words[2]);
    set_word(thread, 3, words[3]);
    set_word(thread, 4, words[4]);
    set_word(thread, 5, words[5]);
    set_word(thread, 6, words[6]);
    set_word(thread, 7, words[7]);
}

/// A message without words.
inline void set_empty(Tcb& thread, std::uint64_t badge, abi::MessageTag tag) {
    set_header(thread, badge, tag);
    set_words(thread, {});
}
/// The kernel's own answer to a call.
inline void set_error(Tcb& thread, abi::Error error) {
    set_empty(thread, 0, {static_cast<std::uint64_t>(error), 0, abi::MessageTag::kKernel});
}

} // namespace kernel::message
