// SPDX-License-Identifier: MIT
/// Where the machine starts: the image header, the way down to EL1, the MMU, the high half.
///
/// Entry: MMU off, interrupts in any state, EL1, EL2 or EL3, x0 = device tree or anything. All cores may come
/// here; core 0 goes on, the others are parked. The image runs at any 4 KiB aligned physical address. Core 0 has the
/// others started at `enter_other_core`, in the same state; they find the page tables made.

    .section .text.head, "ax"
    .global image_head
image_head:
    // Header of a Linux arm64 image, so that boot loaders know what to do with the file.
    b       enter
    .long   0
    .quad   0x80000                     // load at this offset from a 2 MiB boundary
    .quad   image_size
    .quad   0b1010                      // little endian, 4 KiB pages, anywhere in memory
    .quad   0, 0, 0
    .ascii  "ARM\x64"
    .long   0
    // kernel::boot::ImageHeader, at kImageHeaderOffset; the composer fills in the payload's place.
    .quad   0x4547414D494E5254
    .quad   0
    .quad   0

enter:
    msr     daifset, #0xf
    mov     x19, x0                     // kept until kernel_main: the device tree
    mrs     x1, mpidr_el1
    tst     x1, #0xff
    b.ne    park
    adr     x21, first_core
    b       descend

    .global enter_other_core
enter_other_core:
    msr     daifset, #0xf
    adr     x21, other_core

/// x21 = where to go on at EL1.
descend:
    mrs     x1, CurrentEL
    cmp     x1, #(2 << 2)
    b.lo    at_el1
    b.eq    from_el2

    // EL3: non-secure below, 64-bit, HVC allowed; no traps.
    mov     x1, #0x531
    msr     scr_el3, x1
    msr     cptr_el3, xzr
    mrs     x1, id_aa64pfr0_el1
    tst     x1, #0xf00                  // is there an EL2?
    mov     x1, #0x3c5                  // EL1h, interrupts masked
    mov     x2, #0x3c9                  // EL2h, interrupts masked
    csel    x1, x1, x2, eq
    adr     x3, at_el1
    adr     x2, from_el2
    csel    x2, x3, x2, eq
    msr     spsr_el3, x1
    msr     elr_el3, x2
    eret

from_el2:
    // EL2: EL1 is 64-bit and free to use timers, floating point and everything else. HVC is undefined: nobody is
    // left here to answer it.
    mov     x1, #(1 << 31 | 1 << 29)
    msr     hcr_el2, x1
    mov     x1, #0b11
    msr     cnthctl_el2, x1
    msr     cntvoff_el2, xzr
    mov     x1, #0x33ff
    msr     cptr_el2, x1
    msr     hstr_el2, xzr
    msr     vttbr_el2, xzr
    mrs     x1, midr_el1
    msr     vpidr_el2, x1
    mrs     x1, mpidr_el1
    msr     vmpidr_el2, x1
    mov     x1, #0x3c5
    msr     spsr_el2, x1
    adr     x1, at_el1
    msr     elr_el2, x1
    eret

at_el1:
    // MMU and caches off, little endian, alignment not checked, reserved bits as they must be.
    ldr     x1, =0x30d00800
    msr     sctlr_el1, x1
    isb
    msr     spsel, #1
    br      x21

first_core:
    ldr     x22, =first_in_high_half
    adrp    x1, boot_stack_top
    add     sp, x1, :lo12:boot_stack_top
    bl      build_boot_tables           // what it returns is for `enable_mmu`
    mov     x20, x0

    // What was written with the caches off must not be shadowed by lines from before.
    adrp    x1, __data_start
    adrp    x2, __image_end
invalidate:
    dc      ivac, x1
    add     x1, x1, #64
    cmp     x1, x2
    b.lo    invalidate
    dsb     sy
    b       enable_mmu

other_core:
    ldr     x22, =other_in_high_half
    adrp    x20, boot_registers
    add     x20, x20, :lo12:boot_registers

/// x20 -> MAIR, TCR, TTBR0, TTBR1, SCTLR; x22 = where to go on, in the high half.
enable_mmu:
    ldp     x1, x2, [x20]
    ldp     x3, x4, [x20, #16]
    ldr     x5, [x20, #32]
    msr     mair_el1, x1
    msr     tcr_el1, x2
    msr     ttbr0_el1, x3
    msr     ttbr1_el1, x4
    tlbi    vmalle1
    ic      iallu
    dsb     sy
    isb
    msr     sctlr_el1, x5
    isb
    ldr     x1, =exception_vectors
    msr     vbar_el1, x1
    mov     x29, xzr
    mov     x30, xzr
    br      x22

first_in_high_half:
    ldr     x1, =boot_stack_top
    mov     sp, x1
    mov     x0, x19                     // the device tree, if the board passes one
    bl      kernel_main                 // does not return

other_in_high_half:
    mrs     x0, mpidr_el1
    and     x0, x0, #0xff
    ldr     x1, =boot_stack_top         // of core 0; each has kStackSize = 2^14 bytes
    add     x1, x1, x0, lsl #14
    mov     sp, x1
    bl      kernel_other_core           // (number) does not return

park:
    wfe
    b       park

    .ltorg
