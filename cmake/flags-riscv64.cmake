# SPDX-License-Identifier: MIT
# RISC-V, 64 bits. tools/tarn/cxx_library.py builds the C++ library with the same flags for user code.

# Any address: the kernel is linked at the top of the address space.
target_compile_options(target_flags INTERFACE -mcmodel=medany)
# No FP register even in the kernel's calls, so its objects cannot be linked with those of user code.
# Headers of glibc, which the compiler's freestanding headers include, are there for the other ABI only: they are told
# that this is it.
target_compile_options(kernel_flags INTERFACE
    -march=rv64imac_zicsr_zifencei -mabi=lp64 -U__riscv_float_abi_soft -D__riscv_float_abi_double)
target_link_options(kernel_flags INTERFACE -march=rv64imac -mabi=lp64 -Wl,-melf64lriscv)
target_compile_options(user_flags INTERFACE -march=rv64gc -mabi=lp64d)
# A message is 72 bytes. Taken apart into its words it stays in registers; what is larger than this is not taken apart.
target_compile_options(user_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:--param=sra-max-scalarization-size-Ospeed=128>)
