# How this project builds its own targets.

# For our sources only: nothing here reaches a project that links against Ordinal.
function(ordinal_compile_options target)
    string(FIND "${CMAKE_CXX_FLAGS}" "-fsanitize" at)
    math(EXPR sanitized "${at} + 1")
    set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wconversion -Wshadow
        $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>    # a false alarm of g++ 12 in "text" + string
        $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${sanitized}>>:-Wno-maybe-uninitialized>    # g++ 12 then warns in <regex>
        -fno-math-errno -fno-trapping-math    # lets loops over sqrt and comparisons be vectorised
        -ffp-contract=off)                    # a * b + c is rounded twice, in every build and on every code path
    if(ORDINAL_WARNINGS_AS_ERRORS)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
endfunction()

# A layer of the library is a folder: put a .cpp file into it and it is compiled, no list to edit.
# A layer made of headers alone has nothing to compile and becomes an INTERFACE library.
function(ordinal_add_layer layer)
    set(target ordinal_${layer})
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${layer}/*.cpp)
    if(sources)
        add_library(${target} STATIC ${sources})
        ordinal_compile_options(${target})
        set(scope PUBLIC)
    else()
        add_library(${target} INTERFACE)
        set(scope INTERFACE)
    endif()
    add_library(ordinal::${layer} ALIAS ${target})
    set_target_properties(${target} PROPERTIES EXPORT_NAME ${layer})

    # #include <ordinal/core/tensor.h> means the same in this tree and after installation. In the tree, the build folder
    # has links to the layers, so that a user sees nothing else of it: a core/error.h of their own stays theirs.
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/include/ordinal)
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${layer} ${PROJECT_BINARY_DIR}/include/ordinal/${layer} SYMBOLIC)
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${layer}/${layer}.h ${PROJECT_BINARY_DIR}/include/ordinal/${layer}.h
        SYMBOLIC)
    target_include_directories(${target} ${scope}
        $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
        $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    target_compile_features(${target} ${scope} cxx_std_20)
    target_link_libraries(${target} ${scope} ${ARGN})
endfunction()
