# -DORDINAL_FETCH_DEPENDENCIES=ON: downloads what is missing. All four are headers; nothing of theirs is built.
include(FetchContent)

function(ordinal_fetch name repository tag)
    message(STATUS "Fetching ${repository} ${tag}")
    string(LENGTH ${tag} length)    # a commit, which cannot be asked for alone, or a release
    string(COMPARE LESS ${length} 40 shallow)
    FetchContent_Declare(${name} GIT_REPOSITORY https://github.com/${repository}.git GIT_TAG ${tag}
        GIT_SHALLOW ${shallow} SOURCE_SUBDIR no_build)
    FetchContent_MakeAvailable(${name})
    set(${name}_SOURCE_DIR ${${name}_SOURCE_DIR} PARENT_SCOPE)
endfunction()

if("nlohmann-json" IN_LIST missing)
    ordinal_fetch(json nlohmann/json v3.11.2)
    set(ordinal_json_dir ${json_SOURCE_DIR}/include)
endif()
if("stb" IN_LIST missing)
    ordinal_fetch(stb nothings/stb 5736b15f7ea0ffb08dd38af21067c314d6a3aae9)    # of January 2023; it makes no releases
    set(ordinal_stb_dir ${stb_SOURCE_DIR})
endif()
if("cli11" IN_LIST missing)
    ordinal_fetch(cli11 CLIUtils/CLI11 v2.3.2)
    set(ordinal_cli_dir ${cli11_SOURCE_DIR}/include)
endif()
if("doctest" IN_LIST missing)
    ordinal_fetch(doctest doctest/doctest v2.4.11)
    set(ordinal_doctest_dir ${doctest_SOURCE_DIR})
endif()
