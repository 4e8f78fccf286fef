// Is this build made by a sanitizer? g++ says so by macros, clang by features; here both by the macros of g++. Will
// another machine or system be imitated to run it? tests/CMakeLists.txt says so, by ORDINAL_EMULATED.
#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1
#endif
#if __has_feature(thread_sanitizer) && !defined(__SANITIZE_THREAD__)
#define __SANITIZE_THREAD__ 1
#endif
#endif

// Both make a program twenty times slower and learn nothing from the hundredth repetition.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(ORDINAL_EMULATED)
constexpr int repetitions(int, int when_slow) { return when_slow; }
#else
constexpr int repetitions(int usual, int) { return usual; }
#endif
