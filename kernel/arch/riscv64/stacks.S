// SPDX-License-Identifier: MIT
/// The kernel's stacks: one a core, and one for its last words.

    .equ    kStackSize, 8192            // boot.cpp
    .equ    kCores, 8                   // kMaxCores, arch/boot.hpp

    .section .bss.stacks, "aw", %nobits
    .balign 16
    .global kernel_stacks
kernel_stacks:
    .skip   kStackSize
    .global boot_stack_top
boot_stack_top:                         // of core 0
    .skip   kStackSize * (kCores - 1)
    .skip   kStackSize
    .global crash_stack_top
crash_stack_top:
