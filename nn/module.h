// Module: something with parameters.
//
// Each layer lists its parameters by hand, under PyTorch's names where PyTorch has the layer (but for attention, whose
// query, key and value are three layers, and one in_proj_weight there), so that checkpoints map easily and a reader
// sees in one place what is learned.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <ordinal/core/random.h>
#include <ordinal/core/tensor.h>

namespace ordinal {

struct NamedParameter {
    std::string name;
    Tensor tensor;
};
using Parameters = std::vector<NamedParameter>;

class Module {
public:
    virtual ~Module() = default;
    virtual Parameters parameters() const = 0;
};

// Puts the parameters of a part behind those of the whole: append(all, "query", query_) adds "query.weight", ...
// A part without a name of its own adds "weight", ... What stands there already, since parts share it, is left out.
inline void append(Parameters& all, const std::string& prefix, const Module& part) {
    for (const auto& [name, tensor] : part.parameters()) {
        const auto same = [node = tensor.node()](const NamedParameter& other) { return other.tensor.node() == node; };
        if (std::none_of(all.begin(), all.end(), same))
            all.push_back({prefix.empty() ? name : prefix + "." + name, tensor});
    }
}

// A part of a model under its name. One that is not there (an empty optional or pointer) has no parameters.
struct NamedPart {
    NamedPart(const char* part_name, const Module& part) : name(part_name), module(&part) {}
    template <class Maybe>
    requires requires(const Maybe& part) { part ? &*part : nullptr; }
    NamedPart(const char* part_name, const Maybe& part) : name(part_name), module(part ? &*part : nullptr) {}
    const char* name;
    const Module* module;
};

// The same for all parts of a model at once:
//     Parameters parameters() const override { return parameters_of({{"tokens", tokens_}, {"head", head_}}); }
inline Parameters parameters_of(std::initializer_list<NamedPart> parts) {
    Parameters all;
    for (const auto& [name, module] : parts)
        if (module != nullptr) append(all, name, *module);
    return all;
}

// Training or evaluation? Some layers (dropout) behave differently in training, and then need random numbers.
// Handed down explicitly, so that no layer has a hidden state or a hidden source of chance.
class Mode {
public:
    static Mode evaluation() { return Mode(nullptr); }
    static Mode training(Rng& rng) { return Mode(&rng); }
    bool is_training() const { return rng_ != nullptr; }
    Rng& rng() const {
        require<GraphError>(is_training(), "Mode: there are random numbers in training only; ask is_training() first");
        return *rng_;
    }

private:
    explicit Mode(Rng* rng) : rng_(rng) {}
    Rng* rng_;
};

}    // namespace ordinal
