// SPDX-License-Identifier: MIT
/// The kernel's stacks: one a core, and one for its last words. Each architecture's boot leaves the lowest page
/// of each unmapped: a stack that is used up is an exception and not a change of something else.

    .equ    kStackSize, 16384           // stacks.hpp, with the page that is not mapped
    .equ    kCores, 8                   // processors.hpp, kMaxCores

    .section .bss.stacks, "aw", %nobits
    .balign 4096
    .global kernel_stacks
kernel_stacks:
    .skip   kStackSize
    .global boot_stack_top
boot_stack_top:                         // of core 0
    .skip   kStackSize * (kCores - 1)
    .skip   kStackSize
    .global crash_stack_top
crash_stack_top:
