// Where does the time go? With ORDINAL_PROFILE=1 in its environment, any program prints at its end, on stderr, what
// each operation took: how often it was called, how long forward and backward, and the bytes of the arrays that it
// made. What the program did beside is a row of its own, so that the rows add up to the program's time.
//
// The operations know nothing of it. One begins where a thread first reads an input of it since the one before; or
// where the thread first makes an array since then, if that is later. It ends where it is recorded, in Tensor::from_op,
// which has its name. What happens inside of it, a bias that attention computes block by block, or whatever a backward
// formula calls, is a part of it and not counted again.
#pragma once

#include <array>
#include <atomic>
#include <vector>

#include <ordinal/core/fast/parallel.h>

namespace ordinal {
class Tensor;
struct Node;
}    // namespace ordinal

namespace ordinal::detail {

extern const bool profiling;    // without it nothing else here is called

// What a thread has spent since its last operation. Times are in nanoseconds.
struct Spending {
    std::array<std::pair<const Node*, Index>, 32> reads{};    // of which tensors, the latest, and when first
    std::size_t next_read = 0;
    Index first_array = 0;          // 0: none yet
    std::atomic<Index> bytes{0};    // the threads that help with its slices add theirs
    bool has_rows = false;
};
Spending& spending();
void hand_spending_to(Spending& other);    // by a thread that has helped with its slices
void spend(Index bytes);                   // for an array
void forget_spending();                    // it was for an array that is no result: what a program brings along
void note_reading(const Node* tensor);
void record_spending(const char* op, const std::vector<Tensor>& inputs);

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
    Index begun_ = 0;
};

}    // namespace ordinal::detail
