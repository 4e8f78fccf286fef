// What run.py writes into the copy of the library: mutants that sleep until ORDINAL_MUTANT names them. Every file of
// the copy is compiled with this header before its first line.
//
//     x < y        becomes    x < ordinal_mutants::Less<17>{} < y         and is x <= y while number 17 is awake
//     1e-5         becomes    ordinal_mutants::either(17, 1e-5, 1e-3)
//     f(x);        becomes    if (ordinal_mutants::on(17)) {} else f(x);
#pragma once

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
inline bool on(int number) { return awake() == number; }

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
            if constexpr (std::is_convertible_v<decltype(begun.left wrong_operator right), Result>)        \
                if (on(number)) return static_cast<std::decay_t<Result>>(begun.left wrong_operator right); \
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
ORDINAL_OPERATOR(Plus, +, -)
ORDINAL_OPERATOR(Minus, -, +)
ORDINAL_OPERATOR(Times, *, /)
ORDINAL_OPERATOR(Over, /, *)
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
