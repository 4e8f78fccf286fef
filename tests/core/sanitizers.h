// Is this build made by a sanitizer? g++ says so by macros, clang by features; here both by the macros of g++.
#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1
#endif
#if __has_feature(thread_sanitizer) && !defined(__SANITIZE_THREAD__)
#define __SANITIZE_THREAD__ 1
#endif
#endif

// A sanitizer makes a program twenty times slower and learns nothing from the hundredth repetition.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int repetitions(int, int sanitized) { return sanitized; }
#else
constexpr int repetitions(int usual, int) { return usual; }
#endif
