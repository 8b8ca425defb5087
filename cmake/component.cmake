# SPDX-License-Identifier: MIT
# tarn_component(<name> SOURCES <files> [INTERFACES <names>] [LIBRARIES <targets>])
#
# A program for user space, described by component.yaml in the same folder. INTERFACES names the IDL files it
# includes the headers of. The image takes ${PROJECT_BINARY_DIR}/programs/<name>; debuggers take the file with
# symbols, ${PROJECT_BINARY_DIR}/symbols/<name>.
function(tarn_component name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;INTERFACES;LIBRARIES")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "tarn_component(${name}): what is '${arg_UNPARSED_ARGUMENTS}'?")
    endif()
    foreach(interface IN LISTS arg_INTERFACES)
        if(NOT EXISTS ${PROJECT_SOURCE_DIR}/idl/${interface}.idl)
            message(FATAL_ERROR "tarn_component(${name}): there is no idl/${interface}.idl")
        endif()
    endforeach()

    set(symbols ${PROJECT_BINARY_DIR}/symbols)
    set(program ${PROJECT_BINARY_DIR}/programs/${name})
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/programs)
    tarn_environment(${name}_environment ${CMAKE_CURRENT_SOURCE_DIR})
    add_executable(${name} ${arg_SOURCES})
    # A group: libstdc++ calls libc, libc calls libos, libos calls libstdc++. What libos replaces is found first.
    target_link_libraries(${name} PRIVATE
        ${name}_environment interfaces ${arg_LIBRARIES} libos user_flags
        -Wl,--start-group $<TARGET_FILE:libos> -lstdc++ -lc -lgcc -lgcc_eh -Wl,--end-group)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${symbols})
    add_custom_command(TARGET ${name} POST_BUILD
        COMMAND ${CMAKE_OBJCOPY} --strip-all $<TARGET_FILE:${name}> ${program}
        BYPRODUCTS ${program}
        VERBATIM)
endfunction()

# tarn_add_folders(): adds every folder here that has a CMakeLists.txt.
#
# GLOB, against the rule: a component is added by adding its folder, with no list to edit elsewhere.
function(tarn_add_folders)
    file(GLOB descriptions CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*/CMakeLists.txt)
    foreach(description IN LISTS descriptions)
        cmake_path(GET description PARENT_PATH folder)
        add_subdirectory(${folder})
    endforeach()
endfunction()
