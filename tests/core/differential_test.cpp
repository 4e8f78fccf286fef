// Random small graphs, of random shapes with sizes 0 and 1 among them and of views in every order, against plain loops
// in double: the values, and the slope along a random direction. A failure prints its seed and the steps of its graph.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops.h>
#include "tests/core/plain_array.h"
#include "tests/core/poison.h"

using namespace ordinal;

namespace {

using namespace plain;
using Values = std::vector<Plain>;

// One step of a graph, in both worlds. Sources stand at the front of the list, the step's input at its end.
struct Step {
    std::string name;
    std::function<Tensor(const std::vector<Tensor>& all, const Tensor& x)> library;
    std::function<Plain(Values& all, Plain& x)> plain;
};

class Graph {
public:
    explicit Graph(std::uint64_t seed) : rng_(seed) {
        Place shape;
        for (Index axes = 1 + rng_.below(3); axes > 0; --axes) shape.push_back(draw_size());
        shape_ = shape;
        add_source(shape);
        for (Index count = 1 + rng_.below(4); count > 0; --count) add_step();
    }

    std::string story() const {
        std::string text;
        for (const Step& step : steps_) text += step.name + " ";
        return text;
    }

    void check() {
        poison();
        Tensor y = sources_[0];
        for (const Step& step : steps_) y = step.library(sources_, y);
        const Plain expected = run(0);
        REQUIRE(y.shape() == Shape(expected.shape));
        const std::vector<Scalar> got = y.values().to_vector();
        double largest = 1, worst = 0;
        for (double value : expected.values) largest = std::max(largest, std::abs(value));
        for (std::size_t i = 0; i < got.size(); ++i) {
            const double error = std::abs(static_cast<double>(got[i]) - expected.values[i]);
            if (!(error <= worst)) worst = error;
        }
        CHECK(worst <= 1000 * epsilon * largest);    // some steps make errors grow: none makes them a thousand times

        const NdArray weights = random_normal(y.shape(), 1, rng_);
        poison();
        y.backward(weights);
        double slope = 0, size = 1;
        for (std::size_t i = 0; i < sources_.size(); ++i) {
            const std::vector<Scalar> grad = sources_[i].grad().to_vector();
            for (std::size_t j = 0; j < grad.size(); ++j) {
                const double part = static_cast<double>(grad[j]) * directions_[i].values[j];
                slope += part;
                size += std::abs(part);
            }
        }
        const auto loss = [&](double h) {
            const Plain result = run(h);
            double total = 0;
            for (std::size_t i = 0; i < result.values.size(); ++i)
                total += result.values[i] * static_cast<double>(weights.data()[i]);
            return total;
        };
        const double h = 1e-5, measured = (loss(h) - loss(-h)) / (2 * h);    // exact to about h^2 and 1e-16 / h
        INFO("slope ", slope, ", measured ", measured);
        CHECK(std::abs(slope - measured) <= (1000 * epsilon + 1e-7) * size);
    }

private:
    static constexpr double epsilon = std::numeric_limits<Scalar>::epsilon();

    Index draw_size() {
        constexpr Index sizes[] = {0, 1, 1, 2, 3, 4, 5, 33};
        return sizes[rng_.below(8)];
    }

    std::size_t add_source(const Place& shape) {
        sources_.push_back(Tensor::parameter(random_normal(Shape(shape), 1, rng_)));
        Plain values(shape), direction(shape);
        for (std::size_t i = 0; i < values.values.size(); ++i) {
            values.values[i] = static_cast<double>(sources_.back().values().data()[i]);
            direction.values[i] = rng_.normal();
        }
        plain_.push_back(values);
        directions_.push_back(direction);
        return plain_.size() - 1;
    }

    Plain run(double h) {
        Values moved = plain_;
        for (std::size_t i = 0; i < moved.size(); ++i)
            for (std::size_t j = 0; j < moved[i].values.size(); ++j) moved[i].values[j] += h * directions_[i].values[j];
        Plain x = moved[0];
        for (const Step& step : steps_) x = step.plain(moved, x);
        return x;
    }

    void add_step() {
        const std::size_t axes = shape_.size(), axis = static_cast<std::size_t>(rng_.below(static_cast<Index>(axes)));
        const auto which = static_cast<Index>(axis);
        const Index kind = rng_.below(14);
        if (kind == 0) return transpose_axes(axis);
        if (kind == 1) return slice_axis(axis);
        if (kind <= 4) return binary(kind);
        if (kind == 5) return multiply();
        if (kind == 6) {
            steps_.push_back({"sum", [=](const auto&, const Tensor& x) { return sum(x, which); },
                              [=](Values&, Plain& x) { return sum_over(x, axis); }});
            shape_[axis] = 1;
        }
        if (kind == 7 && shape_[axis] > 0) {
            const double n = static_cast<double>(shape_[axis]);
            steps_.push_back({"mean", [=](const auto&, const Tensor& x) { return mean(x, which); },
                              [=](Values&, Plain& x) {
                                  Plain total = sum_over(x, axis);
                                  return each(total, [=](double value) { return value / n; });
                              }});
            shape_[axis] = 1;
        }
        const auto pointwise = [&](const char* name, Tensor (*f)(const Tensor&), double (*g)(double)) {
            steps_.push_back({name, [=](const auto&, const Tensor& x) { return f(x); },
                              [=](Values&, Plain& x) { return each(x, g); }});
        };
        if (kind == 8) pointwise("tanh", tanh, [](double x) { return std::tanh(x); });
        if (kind == 9) pointwise("sigmoid", sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); });
        if (kind == 10) pointwise("gelu", gelu, [](double x) { return x * std::erfc(-x / std::sqrt(2.0)) / 2; });
        const auto rowwise = [&](const char* name, Tensor (*f)(const Tensor&), void (*g)(double*, std::size_t)) {
            steps_.push_back({name, [=](const auto&, const Tensor& x) { return f(x); },
                              [=](Values&, Plain& x) { return rows(x, g); }});
        };
        if (kind == 11)
            rowwise("softmax", softmax, [](double* x, std::size_t n) {
                const double log_total = log_of_sum(x, n);
                for (std::size_t i = 0; i < n; ++i) x[i] = std::exp(x[i] - log_total);
            });
        if (kind == 12)
            rowwise("log_softmax", log_softmax, [](double* x, std::size_t n) {
                const double log_total = log_of_sum(x, n);
                for (std::size_t i = 0; i < n; ++i) x[i] -= log_total;
            });
        if (kind == 13 && shape_.back() > 0) normalise();
    }

    void transpose_axes(std::size_t axis) {
        std::swap(shape_[0], shape_[axis]);
        steps_.push_back({"transpose", [=](const auto&, const Tensor& x) { return transpose(x, 0, Index(axis)); },
                          [=](Values&, Plain& x) { return transposed(x, 0, axis); }});
    }

    void slice_axis(std::size_t axis) {
        const Index begin = rng_.below(shape_[axis] + 1), end = begin + rng_.below(shape_[axis] - begin + 1);
        shape_[axis] = end - begin;
        steps_.push_back({"slice", [=](const auto&, const Tensor& x) { return slice(x, Index(axis), begin, end); },
                          [=](Values&, Plain& x) { return sliced(x, axis, begin, end); }});
    }

    void binary(Index kind) {    // with a source that is broadcast to x, or to which x is
        Place other = shape_;
        for (Index& size : other)
            if (rng_.chance(0.4)) size = 1;
        for (std::size_t axis = 0; axis < other.size(); ++axis)
            if (shape_[axis] == 1 && rng_.chance(0.3)) other[axis] = draw_size();
        if (rng_.chance(0.3)) other.erase(other.begin());
        const std::size_t which = add_source(other);
        for (std::size_t i = 0; i < other.size(); ++i) {
            Index& size = shape_[shape_.size() - 1 - i];
            if (size == 1) size = other[other.size() - 1 - i];
        }
        const auto add = [&](const char* name, Tensor (*f)(const Tensor&, const Tensor&), double (*g)(double, double)) {
            steps_.push_back({name, [=](const auto& all, const Tensor& x) { return f(x, all[which]); },
                              [=, shape = shape_](Values& all, Plain& x) { return each(x, all[which], shape, g); }});
        };
        if (kind == 2) add("sub", sub, [](double a, double b) { return a - b; });
        if (kind == 3) add("mul", mul, [](double a, double b) { return a * b; });
        if (kind == 4) add("maximum", maximum, [](double a, double b) { return std::max(a, b); });
    }

    void multiply() {    // by matmul, or by linear: then its weight lies the other way, and there is a bias
        if (shape_.size() < 2) return;
        const Index k = shape_.back(), n = draw_size();
        const bool by_linear = rng_.chance(0.5);
        const std::size_t which = add_source(by_linear ? Place{n, k} : Place{k, n}), bias = add_source({n});
        shape_.back() = n;
        const auto library = [=](const auto& all, const Tensor& x) {
            return by_linear ? linear(x, all[which], all[bias]) : matmul(x, all[which]) + all[bias];
        };
        steps_.push_back({by_linear ? "linear" : "matmul", library, [=](Values& all, Plain& x) {
                              Plain b = by_linear ? transposed(all[which], 0, 1) : all[which], y = product(x, b);
                              return each(y, all[bias], y.shape, [](double u, double v) { return u + v; });
                          }});
    }

    void normalise() {
        const std::size_t gamma = add_source({shape_.back()}), beta = add_source({shape_.back()});
        steps_.push_back({"layer_norm",
                          [=](const auto& all, const Tensor& x) { return layer_norm(x, all[gamma], all[beta], 0.1); },
                          [=](Values& all, Plain& x) {
                              return rows(x, [&](double* row, std::size_t n) {
                                  const double mean = std::accumulate(row, row + n, 0.0) / static_cast<double>(n);
                                  double variance = 0;
                                  for (std::size_t i = 0; i < n; ++i) variance += (row[i] - mean) * (row[i] - mean);
                                  const double s = std::sqrt(variance / static_cast<double>(n) + 0.1);
                                  for (std::size_t i = 0; i < n; ++i)
                                      row[i] = (row[i] - mean) / s * all[gamma].values[i] + all[beta].values[i];
                              });
                          }});
    }

    Rng rng_;
    Place shape_;    // of the last step's result
    std::vector<Tensor> sources_;
    Values plain_, directions_;
    std::vector<Step> steps_;
};

}    // namespace

TEST_CASE("random graphs agree with plain loops in double - values and slopes") {
    for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
        Graph graph(seed);
        INFO("seed ", seed, ": ", graph.story());
        graph.check();
    }
}
