# Finds the libraries Ordinal stands on. All but the threads and utf8proc are headers that only our own sources read.
# Whatever is missing is reported at once, in a single error with the lines to type.
include(GNUInstallDirs)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

set(missing "")
find_path(ordinal_json_dir nlohmann/json.hpp)
if(NOT ordinal_json_dir)
    list(APPEND missing nlohmann-json)
endif()
if(ORDINAL_BUILD_DEMOS)
    find_path(ordinal_stb_dir stb_truetype.h PATH_SUFFIXES stb)    # Debian: /usr/include/stb
    if(NOT ordinal_stb_dir)
        list(APPEND missing stb)
    endif()
    find_path(ordinal_cli_dir CLI/CLI.hpp)
    if(NOT ordinal_cli_dir)
        list(APPEND missing cli11)
    endif()
endif()
if(ORDINAL_BUILD_TESTS)
    find_path(ordinal_doctest_dir doctest/doctest.h)
    if(NOT ordinal_doctest_dir)
        list(APPEND missing doctest)
    endif()
endif()

find_path(ordinal_utf8proc_dir utf8proc.h)    # optional: see ordinal_use_utf8proc in targets.cmake
find_library(ordinal_utf8proc_library utf8proc)

if(missing AND ORDINAL_FETCH_DEPENDENCIES)
    include(${CMAKE_CURRENT_LIST_DIR}/fetch.cmake)
elseif(missing)
    list(JOIN missing ", " names)
    message(FATAL_ERROR "Ordinal: not found: ${names}. To install all it stands on, type the line of your system:\n"
        "  Debian, Ubuntu:  sudo apt-get install doctest-dev libstb-dev libcli11-dev nlohmann-json3-dev libutf8proc-dev\n"
        "  macOS:           brew install doctest cli11 nlohmann-json utf8proc\n"
        "  vcpkg:           vcpkg install doctest stb cli11 nlohmann-json utf8proc\n"
        "or let CMake download what is missing: -DORDINAL_FETCH_DEPENDENCIES=ON\n")
endif()
