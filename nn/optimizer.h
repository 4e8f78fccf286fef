// Optimizers: how a gradient becomes a step. Also gradient clipping and the learning-rate schedule.
#pragma once

#include <cmath>
#include <numbers>

#include <ordinal/core/elementwise.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/nn/module.h>

namespace ordinal {

class Optimizer {
public:
    explicit Optimizer(Parameters parameters) : parameters_(std::move(parameters)) {
        for (std::size_t i = 0; i < parameters_.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                require<OptionError>(parameters_[i].tensor.node() != parameters_[j].tensor.node(), "Optimizer: '",
                                     parameters_[j].name, "' and '", parameters_[i].name,
                                     "' are the same tensor; list it once, or it is stepped twice");
    }
    virtual ~Optimizer() = default;

    // One step for every parameter that has a gradient; one without is left as it is.
    void step(double learning_rate) {
        ++steps_;
        for (std::size_t i = 0; i < parameters_.size(); ++i) {
            const Tensor& parameter = parameters_[i].tensor;
            if (!parameter.has_grad()) continue;
            const NdArray gradient = contiguous(parameter.grad());
            update(i, static_cast<Scalar>(learning_rate), gradient.data(), parameter.mutable_values(),
                   parameter.size());
        }
    }

    // Gradients add up until they are cleared: call this before every backward().
    void clear_gradients() const {
        for (const auto& parameter : parameters_) parameter.tensor.clear_grad();
    }

protected:
    // w <- w - (a step from the gradient g), n numbers of parameter number `which`
    virtual void update(std::size_t which, Scalar learning_rate, const Scalar* g, Scalar* w, Index n) = 0;

    // A memory of the parameters' shapes, all 0: momentum and the like.
    std::vector<NdArray> zeros_like_parameters() const {
        std::vector<NdArray> zeros;
        for (const auto& parameter : parameters_) zeros.emplace_back(parameter.tensor.shape());
        return zeros;
    }
    Index steps() const { return steps_; }

private:
    Parameters parameters_;
    Index steps_ = 0;
};

// v <- momentum v + g,  w <- w - lr v          momentum 0: plain gradient descent
class Sgd : public Optimizer {
public:
    explicit Sgd(Parameters parameters, double momentum = 0)
        : Optimizer(std::move(parameters)),
          momentum_(static_cast<Scalar>(momentum)),
          velocity_(zeros_like_parameters()) {}

protected:
    void update(std::size_t which, Scalar learning_rate, const Scalar* g, Scalar* w, Index n) override {
        Scalar* v = velocity_[which].mutable_data();
        for (Index i = 0; i < n; ++i) {
            v[i] = momentum_ * v[i] + g[i];
            w[i] -= learning_rate * v[i];
        }
    }

private:
    Scalar momentum_;
    std::vector<NdArray> velocity_;
};

struct AdamOptions {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double eps = 1e-8;
};

// m <- beta1 m + (1 - beta1) g          v <- beta2 v + (1 - beta2) g^2          t counts the steps from 1
// w <- w - lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)
// Kingma and Ba 2015, arXiv 1412.6980
class Adam : public Optimizer {
public:
    explicit Adam(Parameters parameters, const AdamOptions& options = {}) : Adam(std::move(parameters), options, 0) {}

protected:
    Adam(Parameters parameters, const AdamOptions& options, double weight_decay)    // the decay is AdamW's, see there
        : Optimizer(std::move(parameters)),
          options_(options),
          weight_decay_(weight_decay),
          m_(zeros_like_parameters()),
          v_(zeros_like_parameters()) {}

    void update(std::size_t which, Scalar learning_rate, const Scalar* g, Scalar* w, Index n) override {
        const double t = static_cast<double>(steps());
        const auto beta1 = static_cast<Scalar>(options_.beta1), beta2 = static_cast<Scalar>(options_.beta2);
        const auto eps = static_cast<Scalar>(options_.eps);
        const auto keep = static_cast<Scalar>(1 - static_cast<double>(learning_rate) * weight_decay_);
        const auto rate = static_cast<Scalar>(static_cast<double>(learning_rate) / (1 - std::pow(options_.beta1, t)));
        const auto correction = static_cast<Scalar>(1 / std::sqrt(1 - std::pow(options_.beta2, t)));
        Scalar *m = m_[which].mutable_data(), *v = v_[which].mutable_data();
        parallel_for(n, elements_for_a_thread, [=](Index begin, Index end) {
            for (Index i = begin; i < end; ++i) {
                m[i] = beta1 * m[i] + (1 - beta1) * g[i];
                v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
                w[i] = keep * w[i] - rate * m[i] / (std::sqrt(v[i]) * correction + eps);
            }
        });
    }

private:
    AdamOptions options_;
    double weight_decay_;
    std::vector<NdArray> m_, v_;
};

// Adam after w <- w - lr weight_decay w: the decay acts on the weights themselves, not through the gradient: Loshchilov
// and Hutter 2019, arXiv 1711.05101. A table row that no batch visits has gradient 0 and shrinks towards 0.
class AdamW : public Adam {
public:
    explicit AdamW(Parameters parameters, double weight_decay = 0.01,
                   const AdamOptions& options = {})    // as in PyTorch
        : Adam(std::move(parameters), options, weight_decay) {}
};

// Scales all gradients down together so that their common norm is at most max_norm. Returns the norm before.
// Pascanu et al. 2013, arXiv 1211.5063
inline double clip_gradients(const Parameters& parameters, double max_norm) {
    double squares = 0;
    for (const auto& parameter : parameters)
        if (parameter.tensor.has_grad()) {
            const NdArray gradient = contiguous(parameter.tensor.grad());
            for (Index i = 0; i < gradient.size(); ++i) {
                const auto g = static_cast<double>(gradient.data()[i]);
                squares += g * g;
            }
        }
    const double norm = std::sqrt(squares);
    if (norm > max_norm)
        for (const auto& parameter : parameters)
            if (parameter.tensor.has_grad())
                parameter.tensor.set_grad(parameter.tensor.grad() * static_cast<Scalar>(max_norm / (norm + 1e-6)));
    return norm;    // 1e-6 as in PyTorch
}

// lr_t = peak min(1, (t + 1) / warmup) max(floor, (1 + cos(pi t / total)) / 2),   t = 0, 1, ..., total - 1
// A linear rise, under half a cosine that comes down to floor * peak. Loshchilov and Hutter 2017, arXiv 1608.03983
inline double warmup_cosine(Index t, Index total, double peak, Index warmup = 50, double floor = 0.02) {
    require<OptionError>(total > 0 && warmup > 0, "warmup_cosine: expected total and warmup of at least 1, got ", total,
                         " and ", warmup);
    const double progress = static_cast<double>(t) / static_cast<double>(total);
    const double rise = std::min(1.0, static_cast<double>(t + 1) / static_cast<double>(warmup));
    return peak * rise * std::max(floor, 0.5 * (1 + std::cos(std::numbers::pi * progress)));
}

}    // namespace ordinal
