// What a stub says until it is written.
#pragma once

#include <stdexcept>
#include <string>

struct NotYetWritten : std::logic_error {
    using std::logic_error::logic_error;
};

[[noreturn]] inline void not_yet(const std::string& what) { throw NotYetWritten(what + " is not yet written"); }
