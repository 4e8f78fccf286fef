// What the tests of layers and encodings share: comparing arrays, loading torch's weights, checking gradients.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include <ordinal/core/grad_check.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops.h>
#include <ordinal/nn/module.h>
#include <ordinal/nn/position_scheme.h>
#include "tests/core/numbers.h"
#include "tests/parity/figures.h"

namespace ordinal::testing {

// Another position scheme in each layer; nullptr = none.
class OneEachLayer : public PositionScheme {
public:
    explicit OneEachLayer(std::vector<std::shared_ptr<const PositionScheme>> schemes) : schemes_(std::move(schemes)) {}
    std::vector<std::shared_ptr<const PositionScheme>> of_layers() const override { return schemes_; }
    Place acts_at() const override { return Place::nowhere; }
    Parameters parameters() const override { return {}; }

private:
    std::vector<std::shared_ptr<const PositionScheme>> schemes_;
};

inline std::shared_ptr<const PositionScheme> one_each_layer(
    std::vector<std::shared_ptr<const PositionScheme>> schemes) {
    return std::make_shared<OneEachLayer>(std::move(schemes));
}

// The largest |got - expected|, relative where the expected number is larger than 1. Other shapes and NaN: infinity.
inline double largest_error(const NdArray& got, const NdArray& expected) {
    if (!(got.shape() == expected.shape())) return infinity;
    const std::vector<Scalar> a = got.to_vector(), b = expected.to_vector();
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
        if (a[i] == hidden_score && b[i] == hidden_score) continue;    // a bias hides the same key in both
        if (!std::isfinite(x) || !std::isfinite(y)) return infinity;
        largest = std::max(largest, std::abs(x - y) / std::max(1.0, std::abs(y)));
    }
    return largest;
}

inline double largest(const NdArray& a) {
    double most = 0;
    for (const Scalar x : a.to_vector()) most = std::max(most, std::abs(static_cast<double>(x)));
    return most;
}

inline bool same_numbers(const NdArray& a, const NdArray& b) {
    return a.shape() == b.shape() && a.to_vector() == b.to_vector();
}

inline bool all_finite(const NdArray& a) {
    const std::vector<Scalar> values = a.to_vector();
    return std::all_of(values.begin(), values.end(), [](Scalar x) { return std::isfinite(x); });
}

inline std::vector<double> ids_of(const Positions& positions) {
    std::vector<double> ids;
    for (Index i = 0; i < positions.size(); ++i) ids.push_back(positions[i]);
    return ids;
}

inline std::vector<std::string> names(const Module& module) {
    std::vector<std::string> all;
    for (const auto& parameter : module.parameters()) all.push_back(parameter.name);
    return all;
}

inline Tensor parameter_of(const Module& module, const std::string& name) {
    for (const auto& parameter : module.parameters())
        if (parameter.name == name) return parameter.tensor;
    throw OptionError("no parameter " + name);
}

inline Tensor random_parameter(const Shape& shape, Rng& rng) { return Tensor::parameter(random_normal(shape, 1, rng)); }

// Gives each parameter of the module the figures' numbers of the same name.
inline void load(const Module& module, const Figures& figures, const std::string& group) {
    for (const auto& [name, tensor] : module.parameters()) tensor.set_values(figures[group + "." + name]);
}

// Sends the figures' upstream gradient through `out`; returns the largest error of out and of all gradients: those of
// the module's parameters and those of the inputs, which have the figures' names.
inline double error_against_torch(const Tensor& out, const Module& module, const Parameters& inputs,
                                  const Figures& figures, const std::string& group) {
    double error = largest_error(out.values(), figures[group + ".out"]);
    out.backward(figures[group + ".out.grad"]);
    Parameters all = module.parameters();
    all.insert(all.end(), inputs.begin(), inputs.end());
    for (const auto& [name, tensor] : all)
        error = std::max(error, largest_error(tensor.grad(), figures[group + "." + name + ".grad"]));
    return error;
}

// How many tensors that learn went into `output` without the module listing them: each would never be trained or saved.
inline Index unlisted_parameters(const Module& module, const Tensor& output) {
    std::set<const Node*> listed, met{output.node().get()};
    for (const auto& parameter : module.parameters()) listed.insert(parameter.tensor.node().get());
    Index unlisted = 0;
    for (std::vector<const Node*> todo{output.node().get()}; !todo.empty();) {
        const Node* node = todo.back();
        todo.pop_back();
        unlisted += node->requires_grad && node->inputs.empty() && listed.count(node) == 0;
        for (const Tensor& input : node->inputs)
            if (met.insert(input.node().get()).second) todo.push_back(input.node().get());
    }
    return unlisted;
}

// grad_check of f() by all parameters of the module and by the inputs. Empty when all is well, else the report.
// Parameters are drawn anew first: some start at 0 or 1, where errors hide.
inline std::string wrong_gradients(const Module& module, std::vector<Tensor> inputs, Rng& rng,
                                   const std::function<Tensor()>& f) {
    for (const auto& [name, tensor] : module.parameters()) {
        tensor.set_values(random_normal(tensor.shape(), 0.5, rng));
        inputs.push_back(tensor);
    }
    const GradCheck check = grad_check([&](const std::vector<Tensor>&) { return f(); }, inputs, rng);
    return check.passed ? "" : check.report;
}

}    // namespace ordinal::testing
