// Where does the time go? With ORDINAL_PROFILE=1 in its environment, any program prints at its end, on stderr, what
// each operation took: how often it was called, how long forward and backward, and the bytes of the arrays that it
// made.
//
// The operations know nothing of it. One begins where a thread asks for room for the first time since the one before,
// and ends where it is recorded, in Tensor::from_op, which has its name. What happens inside of it, a bias that
// attention computes block by block, or whatever a backward formula calls, is a part of it and not counted again. So is
// what comes before it: where a program computes with arrays itself, or an operation throws, the next one on that thread
// gets the time from there on.
#pragma once

#include <atomic>

#include <ordinal/core/fast/parallel.h>

namespace ordinal::detail {

extern const bool profiling;    // without it nothing else here is called

// What a thread has spent since its last operation. The threads that help it with its slices add to it as well.
struct Spending {
    std::atomic<Index> begun{0};    // at this time, in nanoseconds; 0: not yet
    std::atomic<Index> bytes{0};
};
void spend(Index bytes);    // for an array
void forget_spending();     // it was for an array that is no result: what a program brings along
void record_spending(const char* op);

// While it lives, this thread computes one thing, which is called `name`, and everything inside is a part of it.
class Measured {
public:
    Measured(const char* name, bool is_backward);
    ~Measured();
    Measured(const Measured&) = delete;
    Measured& operator=(const Measured&) = delete;

private:
    const char* name_;    // nullptr: inside of something that is measured already, or nobody asks
    bool is_backward_;
};

}    // namespace ordinal::detail
