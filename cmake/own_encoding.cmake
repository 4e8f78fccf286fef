# For schemes in files of their own, outside this tree: docs/add-your-own-encoding.md shows how.

# ordinal_add_demo(my_family family scheme.cpp ...): the demo demos/family.cpp, which then knows the schemes that
# scheme.cpp registers.
function(ordinal_add_demo target demo)
    if(NOT TARGET ordinal::demo)
        message(FATAL_ERROR "ordinal_add_demo: this Ordinal was built without its demos; build it with "
            "-DORDINAL_BUILD_DEMOS=ON")
    endif()
    if(NOT EXISTS ${ordinal_SOURCE_DIR}/demos/${demo}.cpp)
        message(FATAL_ERROR "ordinal_add_demo: there is no demo '${demo}'; see the files in ${ordinal_SOURCE_DIR}/demos")
    endif()
    add_executable(${target} ${ordinal_SOURCE_DIR}/demos/${demo}.cpp ${ARGN})
    target_link_libraries(${target} PRIVATE ordinal::demo)
endfunction()

# ordinal_add_promises(promises scheme.cpp ...): a program that holds the schemes you name to the contract.
function(ordinal_add_promises target)
    add_executable(${target} ${ordinal_SOURCE_DIR}/tests/own_encoding/promises.cpp ${ARGN})
    target_include_directories(${target} PRIVATE ${ordinal_SOURCE_DIR})
    target_compile_definitions(${target} PRIVATE ORDINAL_SOURCE_DIR="${ordinal_SOURCE_DIR}")
    target_link_libraries(${target} PRIVATE ordinal::positional)
endfunction()
