# Says what is missing in an old compiler, instead of a page of errors.
function(ordinal_require_compiler id version name lacks)
    if(CMAKE_CXX_COMPILER_ID STREQUAL id AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS version)
        message(FATAL_ERROR "Ordinal needs ${name}, and ${CMAKE_CXX_COMPILER} is ${CMAKE_CXX_COMPILER_VERSION}, which "
            "lacks ${lacks}. Choose a newer one with -DCMAKE_CXX_COMPILER=... or the variable CXX.")
    endif()
endfunction()

ordinal_require_compiler(GNU 12 "g++ 12 or newer" "__builtin_shufflevector; Ubuntu 22.04 has g++-12 beside it")
ordinal_require_compiler(Clang 14 "clang 14 or newer" "parts of C++20")
ordinal_require_compiler(AppleClang 15 "Xcode 15 or newer" "the algorithms of std::ranges")
if(MSVC)
    message(FATAL_ERROR "Ordinal is written for g++ and clang: MSVC has no vectors in its language and no functions for "
        "one instruction set. On Windows, use WSL, or: pip install ziglang ninja; cmake --workflow --preset windows")
endif()
