# SPDX-License-Identifier: MIT
# AArch64. tools/tarn/cxx_library.py builds the C++ library with the same flags for code.

# GCC would call helpers that ask glibc for the processor's features: no outline atomics. It would also copy structures
# through vector registers, and every program would own the floating-point unit: no vectors but where a program asks.
target_compile_options(target_flags INTERFACE -mcpu=cortex-a53+nosimd -mno-outline-atomics)
target_compile_options(kernel_flags INTERFACE -mgeneral-regs-only)
# A message is 72 bytes. Taken apart into its words it stays in registers; what is larger than this is not taken apart.
target_compile_options(user_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:--param=sra-max-scalarization-size-Ospeed=128>)
