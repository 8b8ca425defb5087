# SPDX-License-Identifier: MIT
# The one place for compiler flags: link kernel_flags, user_flags or host_flags. What an architecture needs beyond
# these is in flags-<architecture>.cmake.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(common_flags INTERFACE)
target_include_directories(common_flags INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
target_compile_options(common_flags INTERFACE
    -g -fno-common -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
    $<$<COMPILE_LANGUAGE:CXX>:
        -Wall -Wextra -Wpedantic -Werror -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast -Wcast-align
        -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wextra-semi>)

# What all code for a board is compiled with. The architecture's file adds its own flags to target_flags and
# kernel_flags.
add_library(target_flags INTERFACE)
target_link_libraries(target_flags INTERFACE common_flags)
target_compile_options(target_flags INTERFACE
    -O2 -fno-pie -fno-stack-protector -ffunction-sections -fdata-sections
    $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti -fno-threadsafe-statics>)
target_link_options(target_flags INTERFACE
    -static -no-pie -nostdlib -nostartfiles
    -Wl,--gc-sections -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,--no-warn-rwx-segments)

# Freestanding, without FP registers: those belong to user threads. Functions and loops are not
# aligned for the fetch unit: that would only make the kernel larger.
add_library(kernel_flags INTERFACE)
target_link_libraries(kernel_flags INTERFACE target_flags)
target_compile_options(kernel_flags INTERFACE
    -ffreestanding -falign-functions=4 -falign-loops=1 -fno-asynchronous-unwind-tables -fno-unwind-tables)

# Hosted C++23 over picolibc, see tools/tarn/cxx_library.py. -nostdinc keeps glibc's headers out.
add_library(user_flags INTERFACE)
target_link_libraries(user_flags INTERFACE target_flags)

if(TARN_BOARD)
    include(flags-${CMAKE_SYSTEM_PROCESSOR})
    execute_process(
        COMMAND ${CMAKE_COMMAND} -E env PYTHONPATH=${PROJECT_SOURCE_DIR}/tools
                ${TARN_PYTHON} -m tarn.cxx_library ${CMAKE_SYSTEM_PROCESSOR} --cmake
        OUTPUT_VARIABLE cxx_library COMMAND_ERROR_IS_FATAL ANY)
    # A list of two: include directories and library directories, each separated by "|".
    list(GET cxx_library 0 include_directories)
    list(GET cxx_library 1 library_directories)
    string(REPLACE "|" ";" include_directories "${include_directories}")
    string(REPLACE "|" ";" library_directories "${library_directories}")
    list(TRANSFORM include_directories PREPEND "SHELL:-isystem " OUTPUT_VARIABLE include_flags)
    list(TRANSFORM library_directories PREPEND "-L" OUTPUT_VARIABLE library_flags)
    target_compile_options(user_flags INTERFACE
        -nostdinc $<$<COMPILE_LANGUAGE:CXX>:-nostdinc++> ${include_flags}
        -U__linux__ -U__gnu_linux__ -Ulinux -ftls-model=local-exec)
    target_link_options(user_flags INTERFACE ${library_flags})
endif()

# Tests on the development host, with the address and undefined behaviour sanitizers. They run for seconds and
# compile for minutes: not optimised.
add_library(host_flags INTERFACE)
target_link_libraries(host_flags INTERFACE common_flags)
target_compile_options(host_flags INTERFACE
    -O0 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all)
target_link_options(host_flags INTERFACE -fsanitize=address,undefined)
