// parallel_for: the only way Ordinal uses more than one thread.
//
//     parallel_for(rows, 64, [&](Index begin, Index end) { for (Index r = begin; r < end; ++r) ...; });
//
// The range is cut into one slice per thread. Every output element is computed by exactly one thread, in the same
// order whatever the number of threads, so results are bitwise equal for 1, 2 or 64 of them.
//
// Several threads may call it at once. A forked child computes on threads of its own; fork() while another thread
// computes is outside the promise: the child may find a lock closed that nobody will open.
#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include <ordinal/core/error.h>
#include <ordinal/core/scalar.h>

namespace ordinal {

// How many threads kernels may use. 0 = one per processor (the start value, unless ORDINAL_THREADS says otherwise).
// More than there are processors cut the work into more slices, which then take turns.
void set_num_threads(int count);
int num_threads();

namespace detail {
int number_of_slices(Index count, Index grain);    // 1 where more would not pay, or must not be
void run_slices(int slices, Index count, bool is_long, const std::function<void(Index, Index)>& body);

// What the guards SerialScope, NoGrad and TraceNan have set on a thread, and whether ORDINAL_PROFILE measures it
// already. A slice is run under its caller's.
struct ThreadFlags {
    bool serial = false;
    bool recording = true;
    bool tracing_nan = false;
    bool measured = false;
};
extern constinit thread_local ThreadFlags thread_flags;

// While it lives, a flag of this thread has another value.
class FlagScope {
public:
    FlagScope(bool ThreadFlags::*flag, bool value) : flag_(flag), before_(std::exchange(thread_flags.*flag, value)) {}
    ~FlagScope() { thread_flags.*flag_ = before_; }
    FlagScope(const FlagScope&) = delete;
    FlagScope& operator=(const FlagScope&) = delete;

private:
    bool ThreadFlags::*flag_;
    bool before_;
};
}    // namespace detail

// Calls body(begin, end) on slices that cover 0 .. count. Slices are at least `grain` long: below that, handing one to
// another thread costs more than it brings. A thread that sleeps is woken for four grains or more, or where the grain
// is 1, a piece of work of any size; a shorter job is shared with those that still look around for work. Called from
// inside a slice, it runs serially. An exception reaches the caller as it was thrown; of several, that of the first
// slice.
template <class Body>
void parallel_for(Index count, Index grain, const Body& body) {
    if constexpr (std::is_same_v<Body, std::function<void(Index, Index)>>)
        require<OptionError>(body != nullptr, "parallel_for: expected a function, got an undefined one");
    const int slices = detail::number_of_slices(count, grain);
    if (slices > 1)
        detail::run_slices(slices, count, grain <= 1 || count / 4 >= grain, std::cref(body));
    else if (count > 0)
        body(Index(0), count);    // a small array costs a plain call
}

// While it lives, this thread's kernels stay on this thread.
struct SerialScope : detail::FlagScope {
    SerialScope() : FlagScope(&detail::ThreadFlags::serial, true) {}
};

}    // namespace ordinal
