# SPDX-License-Identifier: MIT
# host_test(<name> SOURCES <files> [LIBRARIES <targets>] [INCLUDES <folders>])
#
# A GoogleTest program for the development host, under the address and undefined behaviour sanitizers. pytest
# finds it in ${PROJECT_BINARY_DIR}/unit and reports each of its cases as a test of its own.
function(host_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES;INCLUDES")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "host_test(${name}): what is '${arg_UNPARSED_ARGUMENTS}'?")
    endif()
    add_executable(${name} ${arg_SOURCES})
    # <cxxabi.h> would take the name `abi` from our own namespace.
    target_compile_definitions(${name} PRIVATE GTEST_HAS_CXXABI_H_=0)
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/libos/include ${arg_INCLUDES})
    target_link_libraries(${name} PRIVATE
        ${arg_LIBRARIES} kernel_interfaces interfaces host_flags GTest::gtest_main)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/unit)
    add_test(NAME ${name} COMMAND ${name})
endfunction()

if(NOT TARN_BOARD)
    find_package(GTest REQUIRED)
endif()
