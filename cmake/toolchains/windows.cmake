# Windows by clang and libc++; elsewhere wine runs what they made.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(zig_target x86_64-windows-gnu)
if(NOT CMAKE_HOST_WIN32)
    set(CMAKE_CROSSCOMPILING_EMULATOR ${CMAKE_CURRENT_LIST_DIR}/wine)
    set(ordinal_leave_out "random compositions*")    # wine 8 walks through a list of all free memory: for minutes
endif()
include(${CMAKE_CURRENT_LIST_DIR}/zig.cmake)
