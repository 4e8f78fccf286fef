# Apple silicon by clang and libc++, without a Mac: what is made can only be looked at.
set(CMAKE_SYSTEM_NAME Darwin)
set(CMAKE_SYSTEM_PROCESSOR arm64)
set(zig_target aarch64-macos)
set(CMAKE_INSTALL_NAME_TOOL unused)    # CMake asks for one
include(${CMAKE_CURRENT_LIST_DIR}/zig.cmake)
