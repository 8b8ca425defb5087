# SPDX-License-Identifier: MIT
# tarn_component(<name> SOURCES <files> [INTERFACES <names>] [LIBRARIES <targets>])
#
# A program for user space, described by component.yaml in the same folder. INTERFACES names the IDL files it
# includes the headers of. The image takes ${PROJECT_BINARY_DIR}/programs/<name>; debuggers take the file with
# symbols, ${PROJECT_BINARY_DIR}/symbols/<name>.
function(tarn_component name)
    tarn_environment(${name}_environment ${CMAKE_CURRENT_SOURCE_DIR})
    tarn_program(${name} ${ARGN} RUNTIME ${name}_environment component_runtime)
endfunction()

# tarn_program(<name> SOURCES <files> RUNTIME <targets> ...): as above, for a program that is started in another
# way than a component is.
function(tarn_program name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;RUNTIME;INTERFACES;LIBRARIES")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "tarn_component(${name}): what is '${arg_UNPARSED_ARGUMENTS}'?")
    endif()
    if(TARGET ${name})
        message(FATAL_ERROR "tarn_component(${name}): the build has another target of this name: choose another one")
    endif()
    foreach(interface IN LISTS arg_INTERFACES)
        if(NOT EXISTS ${PROJECT_SOURCE_DIR}/idl/${interface}.idl)
            message(FATAL_ERROR "tarn_component(${name}): there is no idl/${interface}.idl")
        endif()
    endforeach()

    set(program ${PROJECT_BINARY_DIR}/programs/${name})
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/programs)
    add_executable(${name} ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/symbols)
    # The libraries are a group: libstdc++ calls libc and libgcc, and they call each other.
    target_link_libraries(${name} PRIVATE
        ${arg_RUNTIME} ${arg_LIBRARIES} interfaces user_flags
        -Wl,--start-group -lstdc++ -lc -lgcc -lgcc_eh -Wl,--end-group)
    add_custom_command(TARGET ${name} POST_BUILD
        COMMAND ${CMAKE_OBJCOPY} --strip-all $<TARGET_FILE:${name}> ${program}
        BYPRODUCTS ${program}
        VERBATIM)
endfunction()

# tarn_add_folders(<folders>): adds every folder in them that has a CMakeLists.txt.
#
# GLOB, against the rule: a component is added by adding its folder, with no list to edit elsewhere.
function(tarn_add_folders)
    foreach(parent IN LISTS ARGN)
        file(GLOB descriptions CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${parent}/*/CMakeLists.txt)
        foreach(description IN LISTS descriptions)
            cmake_path(GET description PARENT_PATH folder)
            add_subdirectory(${folder})
        endforeach()
    endforeach()
endfunction()
