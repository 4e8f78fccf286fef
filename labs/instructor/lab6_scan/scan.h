// Lab 6: nobody waits. The page, README.md, says what each function is for; ./go lab 6 --for NAME says what your
// conventions are (what a step does, the order of the operands, the end at which a scan begins).
// INSTRUCTOR-ONLY
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <ordinal/core.h>
#include "not_yet.h"

namespace mine {

using namespace ordinal;

namespace conventions {
const std::string step = RULE_step;
const bool later_first = std::string(RULE_operands) == "later first";
const bool from_the_end = std::string(RULE_begins) == "at the end";
}    // namespace conventions

// One step of a linear recurrence, number by number: two numbers a and b for each number of h. What the step makes of h
// is your convention, for example h -> b - a h.
struct Step {
    Tensor a, b;    // any shape, both the same: that of h
};
inline Tensor apply(const Step& step, const Tensor& h) {
    if (conventions::step == "a h - b") return step.a * h - step.b;
    if (conventions::step == "b - a h") return step.b - step.a * h;
    if (conventions::step == "-(a h + b)") return -(step.a * h + step.b);
    return step.a * h + step.b;
}

// Two steps as one. With your order of operands, `combine(x, y)` is "first x, then y" or "first y, then x":
//     earlier first:   apply(combine(x, y), h) = apply(y, apply(x, h))
//     later first:     apply(combine(x, y), h) = apply(x, apply(y, h))
inline Step combine(const Step& x, const Step& y) {
    const Step& first = conventions::later_first ? y : x;
    const Step& then = conventions::later_first ? x : y;
    const bool falls = conventions::step == "b - a h" || conventions::step == "-(a h + b)";
    if (falls) return {-(then.a * first.a), then.b - then.a * first.b};
    return {then.a * first.a, then.a * first.b + then.b};
}

// The step that changes nothing: apply(nothing(h), h) = h.
inline Step nothing(const Tensor& h) {
    const double a = conventions::step == "b - a h" || conventions::step == "-(a h + b)" ? -1 : 1;
    return {Tensor(full(h.shape(), a)), Tensor(zeros(h.shape()))};
}

// All prefixes, in rounds: out[t] is x[0], x[1], ..., x[t], done one after the other. (If your scan begins at the end:
// x[n-1], x[n-2], ..., x[t].) Grouping is yours to choose, order is not. So that nobody waits, at most ceil(log2 n)
// calls of `combine` may stand one behind the other. combine has your order of operands.
template <class Value, class Combine>
std::vector<Value> scan(std::vector<Value> x, const Combine& combine) {
    if (conventions::from_the_end) std::reverse(x.begin(), x.end());
    for (std::size_t reach = 1; reach < x.size(); reach *= 2) {
        const std::vector<Value> before = x;
        for (std::size_t t = reach; t < x.size(); ++t)
            x[t] = conventions::later_first ? combine(before[t], before[t - reach])
                                            : combine(before[t - reach], before[t]);
    }
    if (conventions::from_the_end) std::reverse(x.begin(), x.end());
    return x;
}

// The states of a linear recurrence, without waiting: start goes through steps[0], then steps[1], ...; out[t] is what
// the steps up to t have made of it. (If your scan begins at the end: steps[n-1] first, then down to steps[t].)
inline std::vector<Tensor> recurrence(const std::vector<Step>& steps, const Tensor& start) {
    std::vector<Tensor> states;
    for (const Step& so_far : scan(steps, combine)) states.push_back(apply(so_far, start));
    return states;
}

}    // namespace mine
