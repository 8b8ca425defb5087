// SPDX-License-Identifier: MIT
/// Exceptions: saving a user thread's registers in its TCB, and loading the next thread's.
///
/// In user mode SP_EL1 is the address of the running thread's TCB, which starts with `Registers` (registers.hpp), and
/// whose `frame` is Short. TPIDR_EL1 is always the address of this core's `Core`. The kernel runs with interrupts
/// masked and never takes an exception on purpose, so its stack is empty at each entry.
///
/// x<n> is saved at kRegisterX0 + 8 n.

    .equ    kSupervisorCall, 0x5600     // ESR_EL1 without its lower half: the number of the system call

#include "generated/kernel/offsets.inc"
#include "kernel/arch/aarch64/kernel_lock.inc"
#include "kernel/arch/aarch64/short_frame.inc"

    .section .text.vectors, "ax"

/// Vector \number begins here. There is room for 32 instructions; what is more moves `.org` backwards, an error.
.macro vector number
    .org    exception_vectors + \number * 0x80
.endm

/// sp = TCB; x10 and x11 are saved already.
.macro save_all_registers
    stp     x0, x1, [sp, #kRegisterX0]
    stp     x2, x3, [sp, #kRegisterX0 + 16]
    stp     x4, x5, [sp, #kRegisterX0 + 32]
    stp     x6, x7, [sp, #kRegisterX0 + 48]
    stp     x8, x9, [sp, #kRegisterX0 + 64]
    stp     x12, x13, [sp, #kRegisterX0 + 96]
    stp     x14, x15, [sp, #kRegisterX0 + 112]
    stp     x16, x17, [sp, #kRegisterX0 + 128]
    stp     x18, x19, [sp, #kRegisterX0 + 144]
    stp     x20, x21, [sp, #kRegisterX0 + 160]
    stp     x22, x23, [sp, #kRegisterX0 + 176]
    stp     x24, x25, [sp, #kRegisterX0 + 192]
    stp     x26, x27, [sp, #kRegisterX0 + 208]
    stp     x28, x29, [sp, #kRegisterX0 + 224]
    mrs     x1, elr_el1
    mrs     x2, sp_el0
    mrs     x3, spsr_el1
    str     x30, [sp, #kRegisterX0 + 240]
    stp     x1, x2, [sp, #kRegisterPc]
    str     x3, [sp, #kRegisterPstate]
    strb    wzr, [sp, #kTcbFrame]       // Full
.endm

    .balign 0x800
    .global exception_vectors
exception_vectors:
    // From EL1 with SP_EL0, which is never in use. Behind the branches there is room for other code.
    vector  0
    b       kernel_exception

/// sp = TCB.
    .global load_all_registers
load_all_registers:
    mov     w4, #kFrameShort
    ldp     x1, x2, [sp, #kRegisterPc]
    ldr     x3, [sp, #kRegisterPstate]
    strb    w4, [sp, #kTcbFrame]
    ldp     x29, x30, [sp, #kRegisterX0 + 232]
    ldp     x27, x28, [sp, #kRegisterX0 + 216]
    ldp     x25, x26, [sp, #kRegisterX0 + 200]
    msr     elr_el1, x1
    msr     sp_el0, x2
    msr     spsr_el1, x3
    ldp     x23, x24, [sp, #kRegisterX0 + 184]
    ldp     x21, x22, [sp, #kRegisterX0 + 168]
    ldp     x19, x20, [sp, #kRegisterX0 + 152]
    ldp     x17, x18, [sp, #kRegisterX0 + 136]
    ldp     x15, x16, [sp, #kRegisterX0 + 120]
    ldp     x13, x14, [sp, #kRegisterX0 + 104]
    ldp     x11, x12, [sp, #kRegisterX0 + 88]
    ldp     x9, x10, [sp, #kRegisterX0 + 72]
    ldp     x7, x8, [sp, #kRegisterX0 + 56]
    ldp     x5, x6, [sp, #kRegisterX0 + 40]
    ldp     x3, x4, [sp, #kRegisterX0 + 24]
    ldp     x1, x2, [sp, #kRegisterX0 + 8]
    ldr     x0, [sp, #kRegisterX0]
    eret

    vector  1
    b       kernel_exception

/// Another core is in the kernel. The function for the entry is called once this one has the lock, unless there is
/// nothing left to do by then: the other core has stopped the thread meanwhile.
system_call_waits:
    mov     x3, #kEnteredBySystemCall
    adr     x22, enter_system_call
    b       wait_for_kernel
exception_waits:
    adr     x22, enter_exception
    b       1f
interrupt_waits:
    adr     x22, enter_interrupt
1:  mov     x3, #kEnteredByTrap
wait_for_kernel:
    mov     x19, x0
    mov     x20, x1
    mov     x21, x2
    mov     x1, x3
    bl      enter_contended             // (Core, Entry) -> Registers to run, or null
    cbnz    x0, leave_kernel
    mov     x0, x19
    mov     x1, x20
    mov     x2, x21
    adr     x30, leave_kernel
    br      x22

    vector  2
    b       kernel_exception

/// x10 is saved. The user gives up x10 to x18 and the condition flags.
    .global system_call
system_call:
    stp     x0, x1, [sp, #kRegisterX0]
    stp     x2, x3, [sp, #kRegisterX0 + 16]
    stp     x4, x5, [sp, #kRegisterX0 + 32]
    stp     x6, x7, [sp, #kRegisterX0 + 48]
    stp     x8, x9, [sp, #kRegisterX0 + 64]
    save_preserved_registers
    .global system_call_is_saved
system_call_is_saved:
    mrs     x1, esr_el1
    mrs     x0, tpidr_el1
    ldr     x2, [x0, #kCoreStack]
    and     x1, x1, #0xffff
    mov     sp, x2
    try_kernel_lock 0, 2, 3, 4, 5, system_call_waits
    bl      enter_system_call           // (Core, number) -> Registers to run
    b       leave_kernel

    vector  3
    b       kernel_exception

/// Saves everything in `kernel_crash` (panic.hpp) and reports it from there on a stack of its own.
kernel_exception:
    msr     tpidrro_el0, x16
    adrp    x16, kernel_crash
    add     x16, x16, :lo12:kernel_crash
    stp     x0, x1, [x16]
    stp     x2, x3, [x16, #16]
    stp     x4, x5, [x16, #32]
    stp     x6, x7, [x16, #48]
    stp     x8, x9, [x16, #64]
    stp     x10, x11, [x16, #80]
    stp     x12, x13, [x16, #96]
    stp     x14, x15, [x16, #112]
    mrs     x0, tpidrro_el0
    stp     x0, x17, [x16, #128]
    b       save_the_rest_of_a_crash

    // From EL1.
    vector  4
/// A synchronous exception of the kernel's own. In firmware.S it means that there is nobody to ask: go on there
/// with -1 as the answer. Anywhere else the kernel is broken.
/// SP_EL0 and TPIDRRO_EL0 are free here: the user's SP is saved, TPIDRRO_EL0 is otherwise zero.
    msr     tpidrro_el0, x16
    msr     sp_el0, x17
    mrs     x16, elr_el1
    adr     x17, firmware_calls
    cmp     x16, x17
    b.lo    1f
    adr     x17, firmware_calls_end
    cmp     x16, x17
    b.hs    1f
    add     x16, x16, #4
    msr     elr_el1, x16
    msr     tpidrro_el0, xzr
    mov     x0, #-1
    eret
1:  mrs     x17, sp_el0
    mrs     x16, tpidrro_el0
    b       kernel_exception

    vector  5
    b       kernel_exception

save_the_rest_of_a_crash:
    stp     x18, x19, [x16, #144]
    stp     x20, x21, [x16, #160]
    stp     x22, x23, [x16, #176]
    stp     x24, x25, [x16, #192]
    stp     x26, x27, [x16, #208]
    stp     x28, x29, [x16, #224]
    mov     x0, sp
    stp     x30, x0, [x16, #240]
    mrs     x0, elr_el1
    mrs     x1, spsr_el1
    stp     x0, x1, [x16, #256]
    mrs     x0, esr_el1
    mrs     x1, far_el1
    stp     x0, x1, [x16, #272]
    adrp    x1, crash_stack_top
    add     x1, x1, :lo12:crash_stack_top
    mov     sp, x1
    mov     x29, xzr
    mov     x30, xzr
    mov     x0, x16
    bl      report_crash                // does not return

    vector  6
    b       kernel_exception

user_exception:
    save_all_registers
    mrs     x10, tpidr_el1
    b       fast_exception

    vector  7
    b       kernel_exception

/// x10 = Core.
    .global exception_is_saved
exception_is_saved:
    mov     x0, x10
    ldr     x1, [x0, #kCoreStack]
    mov     sp, x1
    mrs     x1, esr_el1
    mrs     x2, far_el1
    try_kernel_lock 0, 3, 4, 5, 6, exception_waits
    bl      enter_exception             // (Core, cause, address) -> Registers to run
    b       leave_kernel

    // From user code.
    vector  8
    stp     x10, x11, [sp, #kRegisterX0 + 80]
    mrs     x10, esr_el1
    mov     w11, #(kSupervisorCall << 16)
    subs    w10, w10, w11
    b.eq    fast_call                   // number 0
    cmp     w10, #kReplyRecv
    b.eq    fast_reply_receive
    cmp     w10, #kSend
    b.eq    fast_send
    cmp     w10, #kYield
    b.eq    fast_yield
    lsr     w11, w10, #16
    cbz     w11, system_call
    b       user_exception

    vector  9
    b       user_interrupt
    vector  10
    b       user_interrupt

    // Something the thread did some time ago, most likely to a device, went wrong outside the core.
    vector  11
    stp     x10, x11, [sp, #kRegisterX0 + 80]
    b       user_exception

    // From 32-bit user code, which cannot exist: PSTATE is not the user's.
    vector  12
    b       kernel_exception
    vector  13
    b       kernel_exception
    vector  14
    b       kernel_exception
    vector  15
    b       kernel_exception

user_interrupt:
    stp     x10, x11, [sp, #kRegisterX0 + 80]
    save_all_registers
    mrs     x0, tpidr_el1
    ldr     x1, [x0, #kCoreStack]
    mov     sp, x1
    try_kernel_lock 0, 1, 2, 3, 4, interrupt_waits
    b       fast_interrupt

/// x0 -> Registers of the thread to run, at the start of its TCB.
    .global leave_kernel
leave_kernel:
    mrs     x1, tpidr_el1
    mov     sp, x0
    release_kernel_lock 1, 2, 3
    ldrb    w1, [sp, #kTcbFrame]
    cbz     w1, load_all_registers
    load_preserved_registers
    ldp     x0, x1, [sp, #kRegisterX0]
    ldp     x2, x3, [sp, #kRegisterX0 + 16]
    ldp     x4, x5, [sp, #kRegisterX0 + 32]
    ldp     x6, x7, [sp, #kRegisterX0 + 48]
    ldp     x8, x9, [sp, #kRegisterX0 + 64]
    ldr     x10, [sp, #kRegisterX0 + 80]
    eret
