// How Ordinal says that something is wrong.
//
//     require(a.ndim() == 2, "matmul: expected A [m, k], got A ", a.shape());
//
// A message names who complains, what was expected, what came, and what to do. Whatever the library throws is one of
// the types below.
#pragma once

#include <locale>
#include <sstream>
#include <stdexcept>
#include <string>

namespace ordinal {

struct Error : std::runtime_error {
    using std::runtime_error::runtime_error;
};
struct ShapeError : Error {    // sizes that do not fit together
    using Error::Error;
};
struct IndexError : Error {    // an index or axis outside its range
    using Error::Error;
};
struct PositionOutOfRange : IndexError {    // a position past an encoding's bound
    using IndexError::IndexError;
};
struct GraphError : Error {    // a gradient asked for where there is none
    using Error::Error;
};
struct FileError : Error {    // a file that is missing, damaged or cannot be written
    using Error::Error;
};
struct OptionError : Error {    // an unknown name, or a value outside its range
    using Error::Error;
};

// All parts printed one after the other: text_of("row ", 3) == "row 3". In every locale: a program whose global one
// groups digits would else have parameters called layers.1.234.
template <class... Parts>
std::string text_of(const Parts&... parts) {
    std::ostringstream out;
    out.imbue(std::locale::classic());
    (out << ... << parts);
    return out.str();
}

// Throws E with the given text unless the condition holds. Most checks are about shapes, hence the default.
template <class E = ShapeError, class... Parts>
void require(bool condition, const Parts&... parts) {
    if (!condition) throw E(text_of(parts...));
}

}    // namespace ordinal
