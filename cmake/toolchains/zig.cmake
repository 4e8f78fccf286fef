# clang, libc++ and the headers of many systems in one package: pip install ziglang. zig_target says for which.
find_program(python NAMES python3 python py)
execute_process(COMMAND ${python} -c "import os, ziglang; print(os.path.dirname(ziglang.__file__))"
    OUTPUT_VARIABLE ziglang OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
find_program(zig NAMES zig HINTS ${ziglang})
if(NOT zig)
    message(FATAL_ERROR "Ordinal: the compiler for ${zig_target} is not here. To install it: pip install ziglang")
endif()
set(CMAKE_CXX_COMPILER ${zig} c++ -target ${zig_target} -fno-sanitize=undefined)    # else it checks what is not optimised
set(CMAKE_CXX_ARCHIVE_CREATE "\"${zig}\" ar qc <TARGET> <OBJECTS>")    # this system's own knows this system's objects
set(CMAKE_CXX_ARCHIVE_APPEND "\"${zig}\" ar q <TARGET> <OBJECTS>")
set(CMAKE_CXX_ARCHIVE_FINISH "\"${zig}\" ranlib <TARGET>")
set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
include(${CMAKE_CURRENT_LIST_DIR}/headers.cmake)
