// Lab 6: nobody waits. The page, README.md, says what each function is for; ./go lab 6 --for NAME says what your
// conventions are (what a step does, the order of the operands, the end at which a scan begins).
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <ordinal/core.h>
#include "not_yet.h"

namespace mine {

using namespace ordinal;

// One step of a linear recurrence, number by number: two numbers a and b for each number of h. What the step makes of h
// is your convention, for example h -> b - a h.
struct Step {
    Tensor a, b;    // any shape, both the same: that of h
};
inline Tensor apply(const Step& step, const Tensor& h) { not_yet("apply"); }

// Two steps as one. With your order of operands, `combine(x, y)` is "first x, then y" or "first y, then x":
//     earlier first:   apply(combine(x, y), h) = apply(y, apply(x, h))
//     later first:     apply(combine(x, y), h) = apply(x, apply(y, h))
inline Step combine(const Step& x, const Step& y) { not_yet("combine"); }

// The step that changes nothing: apply(nothing(h), h) = h.
inline Step nothing(const Tensor& h) { not_yet("nothing"); }

// All prefixes, in rounds: out[t] is x[0], x[1], ..., x[t], done one after the other. (If your scan begins at the end:
// x[n-1], x[n-2], ..., x[t].) Grouping is yours to choose, order is not. So that nobody waits, at most ceil(log2 n)
// calls of `combine` may stand one behind the other. combine has your order of operands.
template <class Value, class Combine>
std::vector<Value> scan(std::vector<Value> x, const Combine& combine) {
    not_yet("scan");
}

// The states of a linear recurrence, without waiting: start goes through steps[0], then steps[1], ...; out[t] is what
// the steps up to t have made of it. (If your scan begins at the end: steps[n-1] first, then down to steps[t].)
inline std::vector<Tensor> recurrence(const std::vector<Step>& steps, const Tensor& start) { not_yet("recurrence"); }

}    // namespace mine
