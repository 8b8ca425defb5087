// SPDX-License-Identifier: MIT
/// Instructions that ask what runs below the kernel, if anything does. An exception in this range is answered with
/// -1 (vectors.S, kernel_synchronous), so each is safe to try. Function(x0, x1...) -> x0; x1 to x17 are lost.

    .text
    .global firmware_calls
firmware_calls:

/// x0 = function, x1 to x3 its arguments; PSCI and the like. Whoever is nearest answers: a hypervisor, else the secure
/// firmware.
    .global call_firmware
call_firmware:
    mov     x9, x0
    hvc     #0
    cmn     x0, #1
    b.ne    1f
    mov     x0, x9
    smc     #0
1:  ret

/// x0 = operation, x1 -> its parameters: the debugger or emulator.
    .global call_semihosting
call_semihosting:
    hlt     #0xf000
    ret

    .global firmware_calls_end
firmware_calls_end:
