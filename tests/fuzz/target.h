// What is asked of everything that reads what others wrote: it answers, or refuses with an ordinal::Error. Another
// exception, a sanitizer's report and a wait without an end are faults.
//
// A target is one header of this folder. fuzz.cpp makes a libFuzzer program of each (preset fuzz, tests/fuzz/run);
// replay_test.cpp feeds them the files of corpus/NAME in every build.
#pragma once

#include <stdexcept>
#include <string>

#include <ordinal/core/error.h>
#include <ordinal/core/random.h>

namespace ordinal::fuzz {

struct Target {
    void (*feed)(const std::string& bytes);
    // Another input like this one: still well-formed, but something that it says is changed. Who changes bytes only
    // seldom gets past a parser. nullptr: bytes will do.
    std::string (*changed)(const std::string& bytes, Rng& rng) = nullptr;
};

template <class Work>
void answer_or_refuse(Work work) {
    try {
        work();
    } catch (const Error&) {
    }
}

// For what must hold of every answer. Not an ordinal::Error, which would pass for a refusal.
inline void must_hold(bool holds, const char* law) {
    if (!holds) throw std::logic_error(law);
}

}    // namespace ordinal::fuzz
