// What run.py writes into the copy of the library: mutants that sleep until ORDINAL_MUTANT names them. Every file of
// the copy is compiled with this header before its first line.
//
//     x < y        becomes    x < ordinal_mutants::Less<17>{} < y         and is x <= y while number 17 is awake
//     x += y       becomes    x += ordinal_mutants::Plus<17>{} += y
//     a && b       becomes    a && (ordinal_mutants::on(17) || static_cast<bool>(b))
//     1e-5         becomes    ordinal_mutants::either(17, 1e-5, 1e-3)
//     f(x);        becomes    if (ordinal_mutants::on(17)) {} else f(x);
//
// While all sleep, the file that ORDINAL_REACHED names has a byte for each number, which is 1 once a test came to its
// place.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cstdlib>
#include <type_traits>
#include <utility>

namespace ordinal_mutants {

inline int awake() {
    static const int number = [] {
        const char* text = std::getenv("ORDINAL_MUTANT");
        return text == nullptr ? 0 : std::atoi(text);
    }();
    return number;
}
inline unsigned char* reached() {    // shared with child processes, and kept when they crash
    static unsigned char* const bytes = [] {
        const char* path = std::getenv("ORDINAL_REACHED");
        const int file = path == nullptr ? -1 : open(path, O_RDWR);
        struct stat about = {};
        if (file < 0 || fstat(file, &about) != 0) return static_cast<unsigned char*>(nullptr);
        const auto size = static_cast<std::size_t>(about.st_size);
        void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        close(file);
        return memory == MAP_FAILED ? nullptr : static_cast<unsigned char*>(memory);
    }();
    return bytes;
}
inline bool on(int number) {
    if (unsigned char* bytes = reached()) bytes[number] = 1;
    return awake() == number;
}

template <class T>
T either(int number, T right, std::type_identity_t<T> wrong) {
    return on(number) ? wrong : right;
}

// A left operand and the place of its operator, between x < and < y. It has the operator's own precedence.
template <class Left, int number>
struct Begun {
    Left&& left;
};

// `wrong` where the types allow it and the result is of the same type; else there is no such mutant: run.py's
// IMPOSSIBLE.
#define ORDINAL_OPERATOR(Name, right_operator, wrong_operator)                                             \
    template <int number>                                                                                  \
    struct Name {};                                                                                        \
    template <class Left, int number>                                                                      \
    Begun<Left, number> operator right_operator(Left&& left, Name<number>) {                               \
        return {std::forward<Left>(left)};                                                                 \
    }                                                                                                      \
    template <class Left, int number, class Right>                                                         \
    auto operator right_operator(Begun<Left, number> begun, Right&& right) {                               \
        using Result = decltype(begun.left right_operator right);                                          \
        if constexpr (requires { begun.left wrong_operator right; }) {                                     \
            if constexpr (std::is_convertible_v<decltype(begun.left wrong_operator right), Result>) {      \
                if (on(number)) return static_cast<std::decay_t<Result>>(begun.left wrong_operator right); \
            } else {                                                                                       \
                if (on(number)) _exit(77);                                                                 \
            }                                                                                              \
        } else {                                                                                           \
            if (on(number)) _exit(77);                                                                     \
        }                                                                                                  \
        return static_cast<std::decay_t<Result>>(begun.left right_operator right);                         \
    }
ORDINAL_OPERATOR(Less, <, <=)
ORDINAL_OPERATOR(LessEqual, <=, <)
ORDINAL_OPERATOR(Greater, >, >=)
ORDINAL_OPERATOR(GreaterEqual, >=, >)
ORDINAL_OPERATOR(Equal, ==, !=)
ORDINAL_OPERATOR(NotEqual, !=, ==)

// The same for +=, which are read from the right: x += (place += y).
template <class Right, int number>
struct Delayed {
    Right&& right;
};
#define ORDINAL_COMPOUND(Name, right_operator, wrong_operator)                                \
    template <int number, class Right>                                                        \
    Delayed<Right, number> operator right_operator(Name<number>, Right&& right) {             \
        return {std::forward<Right>(right)};                                                  \
    }                                                                                         \
    template <class Left, class Right, int number>                                            \
    Left& operator right_operator(Left& left, Delayed<Right, number> place) {                 \
        if (on(number)) {                                                                     \
            if constexpr (requires { left wrong_operator std::forward<Right>(place.right); }) \
                left wrong_operator std::forward<Right>(place.right);                         \
            else                                                                              \
                _exit(77);                                                                    \
        } else {                                                                              \
            left right_operator std::forward<Right>(place.right);                             \
        }                                                                                     \
        return left;                                                                          \
    }
#define ORDINAL_ARITHMETIC(Name, right_operator, wrong_operator) \
    ORDINAL_OPERATOR(Name, right_operator, wrong_operator)       \
    ORDINAL_COMPOUND(Name, right_operator## =, wrong_operator## =)
ORDINAL_ARITHMETIC(Plus, +, -)
ORDINAL_ARITHMETIC(Minus, -, +)
ORDINAL_ARITHMETIC(Times, *, /)
ORDINAL_ARITHMETIC(Over, /, *)
#undef ORDINAL_ARITHMETIC
#undef ORDINAL_COMPOUND
#undef ORDINAL_OPERATOR

template <int number>
struct Min {
    template <class T>
    T operator()(const T& a, const T& b) const {
        return on(number) ? std::max(a, b) : std::min(a, b);
    }
};
template <int number>
struct Max {
    template <class T>
    T operator()(const T& a, const T& b) const {
        return on(number) ? std::min(a, b) : std::max(a, b);
    }
};

}    // namespace ordinal_mutants
