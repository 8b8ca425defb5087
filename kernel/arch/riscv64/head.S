// SPDX-License-Identifier: MIT
/// Where the machine starts: the image header, the MMU, the high half.
///
/// Entry: supervisor mode, MMU off, a0 = number of the hart, a1 = device tree. One hart comes here, any of them; the
/// firmware keeps the others until they are started. The image runs at any 4 KiB aligned physical address.
///
/// OpenSBI before 1.3 marks a hart as to be started before it notes where (sbi_hsm_hart_start). One that is only now on its way
/// to where it waits for that may come here instead, with the registers of a first one.

    .equ    kTimeCompare, 0x14D         // stimecmp
    .equ    kUserEnvironment, 0x10A     // senvcfg
    // Of sstatus.
    .equ    kSupervisorInterrupts, 1 << 1
    .equ    kFloatingPoint, 3 << 13
    .equ    kUserWidth, 2 << 32         // 64 bits
    .equ    kStackShift, 14             // stacks.hpp

    .section .text.head, "ax"
    .option norvc
    .option arch, +f, +d
    .global image_head
image_head:
    // Header of a Linux RISC-V image ("Boot image header in RISC-V Linux"), so that boot loaders know what to do with the
    // file.
    j       enter
    .long   0
    .quad   0x200000                    // load at this offset from the start of RAM
    .quad   image_size
    .quad   0                           // little endian
    .long   2                           // version 0.2
    .long   0
    .quad   0
    .ascii  "RISCV\0\0\0"
    .ascii  "RSC\x05"                    // what says that this is one
    .long   0
    // kernel::boot::ImageHeader, at kImageHeaderOffset; the composer fills in the payload's place.
    .quad   0x4547414D494E5254
    .quad   0
    .quad   0

enter:
    csrw    sie, zero
    csrci   sstatus, kSupervisorInterrupts
    lla     t0, has_entered
    li      t1, 1
    amoswap.w.aqrl t1, t1, (t0)
    bnez    t1, enter_again
    mv      s0, a0
    mv      s1, a1                      // kept until kernel_main: the device tree
    rdtime  s3

    // Is the comparator of Sstc there, and ours? If not, writing it is an illegal instruction.
    li      s2, 0
    lla     t0, 1f
    csrw    stvec, t0
    li      t1, -1
    csrw    kTimeCompare, t1
    li      s2, 1
    .balign 4
1:
    lla     t0, has_time_compare
    sd      s2, (t0)
    // Has it floating-point registers of 64 bits? The same.
    li      s2, 0
    lla     t0, 1f
    csrw    stvec, t0
    li      t1, kFloatingPoint
    csrs    sstatus, t1
    fmv.d.x f0, zero
    li      s2, 1
    .balign 4
1:
    lla     t0, has_floating_point
    sd      s2, (t0)
    lla     t0, boot_hart
    sd      s0, (t0)
    lla     t0, boot_ticks
    sd      s3, (t0)

    lla     sp, boot_stack_top
    call    build_boot_tables           // -> satp
    lla     t0, boot_translation
    sd      a0, (t0)
    ld      t0, first_address
    j       enable_mmu

/// Not the first hart: the core that is being started.
enter_again:
    lla     t0, joining_core
    ld      a1, (t0)
    bnez    a1, enter_other_core
1:  wfi                                 // it is too late, and never joins
    j       1b

/// Another core, with its number in a1.
    .global enter_other_core
enter_other_core:
    mv      s1, a1
    csrw    sie, zero
    csrci   sstatus, kSupervisorInterrupts
    lla     t0, boot_translation
    ld      a0, (t0)
    ld      t0, other_address

/// a0 = satp, t0 = where to go on, in the high half. The code is not mapped where it is: the exception that fetching the
/// next instruction takes is the way there.
enable_mmu:
    // What caches do is not for user code. A processor that cannot let it has no such register: an illegal instruction.
    lla     t1, 1f
    csrw    stvec, t1
    csrw    kUserEnvironment, zero
    .balign 4
1:  csrw    stvec, t0
    sfence.vma
    csrw    satp, a0
    nop

    .balign 4
first_in_high_half:
    lla     sp, boot_stack_top
    lla     t1, kernel_main
    j       in_high_half

    .balign 4
other_in_high_half:
    lla     sp, boot_stack_top          // of core 0; the others' are above it
    slli    t0, s1, kStackShift
    add     sp, sp, t0
    lla     t1, kernel_other_core

/// t1 = a function that does not return, s1 = its argument.
in_high_half:
    // Where the first return goes to is user mode. All else that the firmware may have left on is off: sight of user
    // memory, and registers that nobody saves, such as those of vectors.
    li      t0, kUserWidth
    csrw    sstatus, t0
    lla     t0, trap_entry
    csrw    stvec, t0
    lla     t0, kernel_crash            // until there is a Core: trap.S saves a register there
    csrw    sscratch, t0
    mv      tp, zero
    mv      s0, zero                    // no frame
    mv      ra, zero
    mv      a0, s1
    jr      t1

    .balign 8
first_address:
    .quad   first_in_high_half
other_address:
    .quad   other_in_high_half

    .data
    .balign 8
has_entered:
    .quad   0
    .global has_time_compare
has_time_compare:
    .quad   0
    .global has_floating_point
has_floating_point:
    .quad   0
    .global boot_hart
boot_hart:
    .quad   0
    .global boot_ticks
boot_ticks:
    .quad   0
boot_translation:
    .quad   0
