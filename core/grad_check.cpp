#include <ordinal/core/grad_check.h>

#include <algorithm>
#include <cmath>
#include <deque>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops_elementwise.h>
#include <ordinal/core/ops_reduce.h>

namespace ordinal {

// Gives an input its values and its gradient back, also when f throws.
struct AsItWas {
    explicit AsItWas(const Tensor& x) : input(x), values(x.values()), grad(x.node()->grad) {}
    ~AsItWas() {
        input.set_values(values);
        input.node()->grad = grad;
    }
    const Tensor input;
    const NdArray values, grad;
};

GradCheck grad_check(const std::function<Tensor(const std::vector<Tensor>&)>& f, const std::vector<Tensor>& inputs,
                     Rng& rng, double eps) {
    require<OptionError>(f != nullptr, "grad_check: expected a function, got an undefined one");
    require<GraphError>(
        std::all_of(inputs.begin(), inputs.end(), [](auto& x) { return x.requires_grad() && x.is_leaf(); }),
        "grad_check: expected parameters, got the result of an operation or an undefined tensor");
    const std::deque<AsItWas> restored_at_the_end(inputs.begin(), inputs.end());
    for (const Tensor& input : inputs) input.clear_grad();
    const Tensor output = f(inputs);
    const NdArray weights = random_normal(output.shape(), 1, rng);
    sum(output * Tensor(weights)).backward();

    const auto loss = [&] {
        NoGrad guard;
        return static_cast<double>(sum_all(f(inputs).values() * weights));
    };
    double worst = 0;
    bool all_zero = true;
    std::string report = "all elements agree";
    for (std::size_t which = 0; which < inputs.size(); ++which) {
        const Tensor& input = inputs[which];
        const std::vector<Scalar> analytic = (input.has_grad() ? input.grad() : zeros(input.shape())).to_vector();
        const std::vector<Scalar> values = input.values().to_vector();
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto loss_at = [&](double x) {
                input.mutable_values()[i] = static_cast<Scalar>(x);
                return loss();
            };
            const double x = static_cast<double>(values[i]);
            const double numeric = (loss_at(x + eps) - loss_at(x - eps)) / (2 * eps);
            const double got = static_cast<double>(analytic[i]);
            const double excess = std::abs(got - numeric) / (1e-8 + 1e-6 * std::abs(numeric));
            input.mutable_values()[i] = values[i];    // for the next element's slope
            all_zero = all_zero && got == 0;
            if (!(excess <= 1) && !(excess <= worst)) {    // written so that a NaN counts as an error
                worst = excess;
                report = text_of("input ", which, " ", input.shape(), ", element ", i, ": backward says ", got,
                                 ", the measured slope is ", numeric);
            }
        }
    }
    if (worst == 0 && all_zero) report = "every gradient is 0: nothing was tested";
    return {worst == 0 && !all_zero, report};
}

}    // namespace ordinal
