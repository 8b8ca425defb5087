// SPDX-License-Identifier: MIT
/// The tables of tests, a file each.
#pragma once

#include "outcome.hpp"

#include <span>

namespace suite {

auto framework_tests() -> std::span<Test const>;
auto capability_tests() -> std::span<Test const>;
auto cnode_refusal_tests() -> std::span<Test const>;
auto cspace_tests() -> std::span<Test const>;
auto untyped_tests() -> std::span<Test const>;
auto ipc_tests() -> std::span<Test const>;
auto message_tests() -> std::span<Test const>;
auto right_tests() -> std::span<Test const>;
auto sender_tests() -> std::span<Test const>;
auto transfer_tests() -> std::span<Test const>;
auto reply_tests() -> std::span<Test const>;
auto serial_tests() -> std::span<Test const>;
auto notification_tests() -> std::span<Test const>;
auto bound_tests() -> std::span<Test const>;
auto fault_tests() -> std::span<Test const>;
auto handler_tests() -> std::span<Test const>;
auto hostile_cspace_tests() -> std::span<Test const>;
auto hostile_ending_tests() -> std::span<Test const>;
auto abandoned_caller_tests() -> std::span<Test const>;
auto hostile_revocation_tests() -> std::span<Test const>;
auto hostile_handler_tests() -> std::span<Test const>;
auto hostile_answer_tests() -> std::span<Test const>;
auto memory_tests() -> std::span<Test const>;
auto space_tests() -> std::span<Test const>;
auto large_space_tests() -> std::span<Test const>;
auto tests_without_large_spaces() -> std::span<Test const>;
auto page_tests() -> std::span<Test const>;
auto interrupt_tests() -> std::span<Test const>;
auto timer_tests() -> std::span<Test const>;
auto thread_tests() -> std::span<Test const>;
auto thread_register_tests() -> std::span<Test const>;
auto register_after_send_tests() -> std::span<Test const>;
auto register_after_receive_tests() -> std::span<Test const>;
auto all_register_tests() -> std::span<Test const>;
auto floating_point_tests() -> std::span<Test const>;
auto scheduling_tests() -> std::span<Test const>;
auto priority_tests() -> std::span<Test const>;
auto turn_tests() -> std::span<Test const>;
auto core_tests() -> std::span<Test const>;
auto messages_between_cores_tests() -> std::span<Test const>;
auto cores_together_tests() -> std::span<Test const>;
auto long_tests() -> std::span<Test const>;
auto spaces_of_cores_tests() -> std::span<Test const>;
auto storm_tests() -> std::span<Test const>;
auto line_tests() -> std::span<Test const>;
auto queue_tests() -> std::span<Test const>;
auto period_tests() -> std::span<Test const>;
auto context_tests() -> std::span<Test const>;
auto signal_lending_tests() -> std::span<Test const>;
auto lending_tests() -> std::span<Test const>;
auto lending_end_tests() -> std::span<Test const>;
auto budget_tests() -> std::span<Test const>;
auto noise_tests() -> std::span<Test const>;
auto final_tests() -> std::span<Test const>;

} // namespace suite
