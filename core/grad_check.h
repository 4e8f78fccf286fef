// Is a backward formula right? Compare it with the slope that one measures.
//
// For every input element x:  numeric = (L(x + eps) - L(x - eps)) / (2 eps),  analytic = what backward() says.
// L is the output projected by random weights: L = sum(weights * f(inputs)). Under a plain sum, a softmax whose
// backward returns 0 would pass, because its rows always add up to 1.
//
// Numeric slopes lose a third of the digits, so this is meant for the double build: there eps = 1e-5 leaves 1e-10.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ordinal/core/random.h>
#include <ordinal/core/tensor.h>

namespace ordinal {

struct GradCheck {    // a wrong gradient throws nothing: it is in the answer
    bool passed = false;
    std::string report;    // the worst element, or what else is wrong
};

// f must be deterministic: it is called twice for every element. Passes when |analytic - numeric| <= 1e-8 + 1e-6
// |numeric| for all elements of all inputs. Gradients that are 0 everywhere fail: both sides being dead is no proof.
[[nodiscard]] GradCheck grad_check(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                                   const std::vector<Tensor>& inputs, Rng& rng, double eps = 1e-5);

}    // namespace ordinal
