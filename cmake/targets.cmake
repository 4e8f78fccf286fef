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
    # g++ may use a seventh more memory before it looks for what it no longer needs, and is done 7 % earlier.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=262144>)    # in KB
    if(EMSCRIPTEN)    # there an Index has 64 bits and an address 32
        target_compile_options(${target} PRIVATE -Wno-shorten-64-to-32)
    endif()
    if(ORDINAL_WARNINGS_AS_ERRORS)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
endfunction()

# A layer of the library is a folder: put a .cpp file into it and it is compiled, no list to edit.
# ordinal_add_layer(nn ordinal::core) makes ordinal_nn, which users know as ordinal::nn.
function(ordinal_add_layer layer)
    set(target ordinal_${layer})
    ordinal_compile_layer(${target} ${layer} ${ARGN})
    add_library(ordinal::${layer} ALIAS ${target})
    set_target_properties(${target} PROPERTIES EXPORT_NAME ${layer})
    target_include_directories(${target} PUBLIC $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

    # #include <ordinal/core/tensor.h> means the same in this tree and after installation. In the tree, the build folder
    # has links to the layers, so that a user sees nothing else of it: a core/error.h of their own stays theirs.
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/include/ordinal)
    set(include ${PROJECT_BINARY_DIR}/include/ordinal)
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${layer} ${include}/${layer} RESULT failed SYMBOLIC)
    if(failed)
        message(FATAL_ERROR "Ordinal's build folder holds symbolic links, and this system refuses one: ${failed}. "
            "On Windows, switch on the developer mode in the system's settings.")
    endif()
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${layer}/${layer}.h ${include}/${layer}.h SYMBOLIC)
endfunction()

# Unicode's tables, for the one source file that asks them. Without the library that file says what is missing.
function(ordinal_use_utf8proc target source)
    if(NOT ordinal_utf8proc_dir OR NOT ordinal_utf8proc_library)
        message(STATUS "utf8proc (libutf8proc-dev) is not here: no text becomes the tokens of a real BERT")
        return()
    endif()
    set_source_files_properties(${source} PROPERTIES COMPILE_DEFINITIONS ORDINAL_HAS_UTF8PROC)
    target_include_directories(${target} SYSTEM PRIVATE ${ordinal_utf8proc_dir})
    target_link_libraries(${target} PRIVATE
        $<BUILD_INTERFACE:${ordinal_utf8proc_library}> $<INSTALL_INTERFACE:utf8proc>)
    # A program that is linked to the target and reads no text does without the library.
    target_link_options(${target} INTERFACE $<$<PLATFORM_ID:Linux>:LINKER:--as-needed>)
endfunction()

# The same sources in double, as ordinal_nn_double: for the gradient checks, which need 15 digits and little speed.
function(ordinal_add_double_layer layer)
    set(target ordinal_${layer}_double)
    ordinal_compile_layer(${target} ${layer} ${ARGN})
    # Nobody edits these: one source file for all of them reads the headers once.
    set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
    target_compile_definitions(${target} PUBLIC ORDINAL_DOUBLE)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

function(ordinal_compile_layer target layer)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${layer}/*.cpp)
    if(EMSCRIPTEN)    # a page meets no disk
        list(FILTER sources EXCLUDE REGEX /files/)
    endif()
    add_library(${target} STATIC ${sources})
    ordinal_compile_options(${target})
    if(NOT DEFINED CMAKE_POSITION_INDEPENDENT_CODE)    # a user's shared library or Python module may hold Ordinal
        set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
        target_compile_options(${target} PRIVATE    # nobody replaces our functions, as one could on Linux
            $<$<PLATFORM_ID:Linux>:-fno-semantic-interposition>)
    endif()
    # Headers are compiled in the user's target: there, too, a * b + c is rounded twice, so that the bits are ours.
    target_compile_options(${target} INTERFACE
        $<$<COMPILE_LANG_AND_ID:CXX,GNU,Clang,AppleClang>:-ffp-contract=off>)
    target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>)
    target_compile_features(${target} PUBLIC cxx_std_20)
    target_link_libraries(${target} PUBLIC ${ARGN})
endfunction()

# ordinal_embed(embedded.cpp plot/chart.css ...): a source file with the text of each, as chart_css and so on.
function(ordinal_embed output)
    set(embedded "#include \"demos/embedded.h\"\n\nnamespace ordinal::demos {\n")
    foreach(file IN LISTS ARGN)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
        get_filename_component(name ${file} NAME)
        string(MAKE_C_IDENTIFIER ${name} name)
        file(READ ${file} text)
        string(APPEND embedded "const char* const ${name} = R\"~~~(${text})~~~\";\n")
    endforeach()
    file(CONFIGURE OUTPUT ${output} CONTENT "${embedded}}    // namespace ordinal::demos\n" @ONLY)
    set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/${output} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
endfunction()
