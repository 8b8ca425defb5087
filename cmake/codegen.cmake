# SPDX-License-Identifier: MIT
# Runs the generator. Everything lands in ${PROJECT_BINARY_DIR}/generated and is included as "generated/...".
#
# Link `interfaces`, `kernel_interfaces` or `board_facts`: who does is compiled after the headers are there.
# The generator is run once for all files, so all mistakes of all files show at once. It writes only what has
# changed, and ninja then builds only what depends on that.

set(codegen ${CMAKE_COMMAND} -E env PYTHONPATH=${PROJECT_SOURCE_DIR} PYTHONDONTWRITEBYTECODE=1
    ${TARN_PYTHON} -m codegen)
# GLOB, against the rule: what the generator consists of, and which interfaces there are, is said by their
# folders alone, so that a new interface is one new file.
file(GLOB_RECURSE codegen_sources CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/codegen/*.py ${PROJECT_SOURCE_DIR}/codegen/*.j2)
file(GLOB service_idl CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/idl/*.idl)
file(GLOB kernel_idl CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/idl/kernel/*.idl)

# tarn_generate(<target> OUTPUT <files> ARGUMENTS <of codegen> DEPENDS <files> COMMENT <text>)
function(tarn_generate target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "COMMENT" "OUTPUT;ARGUMENTS;DEPENDS")
    add_custom_command(
        OUTPUT ${arg_OUTPUT}
        COMMAND ${codegen} ${arg_ARGUMENTS}
        DEPENDS ${arg_DEPENDS} ${codegen_sources}
        WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
        COMMENT ${arg_COMMENT}
        VERBATIM)
    add_custom_target(generate_${target} DEPENDS ${arg_OUTPUT})
    add_library(${target} INTERFACE)
    add_dependencies(${target} generate_${target})
endfunction()

# tarn_relative(<result> <files>): as seen from the project's folder, the way diagnostics should show them.
function(tarn_relative result)
    list(TRANSFORM ARGN REPLACE "^${PROJECT_SOURCE_DIR}/" "")
    set(${result} ${ARGN} PARENT_SCOPE)
endfunction()

foreach(part "" _types _client _server)
    list(TRANSFORM service_idl REPLACE "^.*/([^/]+)[.]idl$" "${PROJECT_BINARY_DIR}/generated/\\1${part}.hpp"
        OUTPUT_VARIABLE headers)
    list(APPEND service_headers ${headers})
endforeach()
tarn_relative(service_files ${service_idl})
tarn_generate(interfaces
    OUTPUT ${service_headers}
    ARGUMENTS idl ${service_files} --out ${PROJECT_BINARY_DIR}
    DEPENDS ${service_idl}
    COMMENT "Generating service interfaces")

list(TRANSFORM kernel_idl REPLACE "^.*/([^/]+)[.]idl$" "${PROJECT_BINARY_DIR}/generated/kernel/\\1.hpp"
    OUTPUT_VARIABLE kernel_headers)
list(TRANSFORM kernel_headers REPLACE "/generated/kernel/" "/generated/object/" OUTPUT_VARIABLE object_headers)
tarn_relative(kernel_files ${kernel_idl})
tarn_generate(kernel_interfaces
    OUTPUT ${kernel_headers} ${object_headers}
    ARGUMENTS kernel ${kernel_files} --out ${PROJECT_BINARY_DIR}
    DEPENDS ${kernel_idl}
    COMMENT "Generating kernel invocations")

if(TARN_BOARD)
    tarn_generate(board_facts
        OUTPUT ${PROJECT_BINARY_DIR}/generated/board_facts.hpp ${PROJECT_BINARY_DIR}/generated/board.json
        ARGUMENTS board boards/${TARN_BOARD}.yaml --out ${PROJECT_BINARY_DIR}
        DEPENDS ${PROJECT_SOURCE_DIR}/boards/${TARN_BOARD}.yaml
        COMMENT "Generating facts of board ${TARN_BOARD}")
endif()

# tarn_environment(<target> <folder>): the class Env from <folder>/component.yaml, as "generated/env.hpp" for
# those who link <target>.
function(tarn_environment target folder)
    set(out ${PROJECT_BINARY_DIR}/environment/${target})
    tarn_relative(description ${folder}/component.yaml)
    tarn_generate(${target}
        OUTPUT ${out}/generated/env.hpp
        ARGUMENTS env ${description} --out ${out}
        DEPENDS ${folder}/component.yaml ${service_idl}
        COMMENT "Generating Env from ${description}")
    target_include_directories(${target} INTERFACE ${out})
endfunction()
