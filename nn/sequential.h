// Sequential: layers in a row, each fed with what the one before gives.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>

#include <ordinal/nn/module.h>

namespace ordinal {

//     const Sequential net{Linear(2, 64, rng), tanh, Linear(64, 3, rng)};
//
// A part is a layer with forward(x) or forward(x, mode), or a function. The list in braces is evaluated from left to
// right, and layers draw their starts in that order. Parameters are "0.weight", "2.weight", by places, as in PyTorch.
class Sequential : public Module {
public:
    class Part {
    public:
        Part(Tensor (*function)(const Tensor&)) : Part(std::function<Tensor(const Tensor&)>(function)) {}

        template <class F>
        requires(!std::same_as<F, Part>) Part(F part) {
            if constexpr (requires { part == nullptr; })
                require<OptionError>(!(part == nullptr), "Sequential: expected a function, got an empty one");
            const auto shared = std::make_shared<const F>(std::move(part));
            if constexpr (std::derived_from<F, Module>) module_ = shared;
            forward_ = [shared](const Tensor& x, const Mode* mode) -> Tensor {
                if constexpr (std::same_as<F, Sequential>)
                    return shared->run(x, mode);
                else if constexpr (requires { (*shared)(x); })
                    return (*shared)(x);
                else if constexpr (requires { shared->forward(x, *mode); }) {
                    require<OptionError>(mode,
                                         "Sequential: a layer behaves differently in training; call forward(x, mode)");
                    return shared->forward(x, *mode);
                } else
                    return shared->forward(x);
            };
        }

    private:
        friend class Sequential;
        std::shared_ptr<const Module> module_;    // none where there is nothing to learn
        std::function<Tensor(const Tensor&, const Mode*)> forward_;
    };

    Sequential(std::initializer_list<Part> parts) : parts_(parts) {}

    Tensor forward(const Tensor& x) const { return run(x, nullptr); }
    Tensor forward(const Tensor& x, const Mode& mode) const { return run(x, &mode); }

    Parameters parameters() const override {
        Parameters all;
        for (std::size_t i = 0; i < parts_.size(); ++i)
            if (parts_[i].module_) append(all, text_of(i), *parts_[i].module_);
        return all;
    }

private:
    Tensor run(Tensor x, const Mode* mode) const {
        for (const Part& part : parts_) x = part.forward_(x, mode);
        return x;
    }

    std::vector<Part> parts_;
};

}    // namespace ordinal
