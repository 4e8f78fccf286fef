// Activations: what a model computed on its way, by name, for whoever wants to look.
//
//     Activations seen;
//     model.forward(ids, Mode::evaluation(), {.watch = {&seen}});
//     seen["encoder.layers.0.self_attn.weights"];    // [B, H, T, T]
#pragma once

#include <map>
#include <string>
#include <vector>

#include <ordinal/core/nd_array.h>
#include <ordinal/nn/nearest_name.h>

namespace ordinal {

class Activations {
public:
    const NdArray& operator[](const std::string& name) const {
        const auto found = arrays_.find(name);
        require<OptionError>(found != arrays_.end(), "Activations: nothing was kept under the name '", name, "'; ",
                             did_you_mean(name, names()));
        return found->second;
    }
    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const auto& [name, array] : arrays_) all.push_back(name);
        return all;
    }
    void keep(const std::string& name, NdArray values) { arrays_[name] = std::move(values); }

private:
    std::map<std::string, NdArray> arrays_;
};

// What a part of a model is handed: where to leave its numbers, and under which name. By default nobody looks.
struct Watch {
    Activations* activations = nullptr;
    std::string name = "";

    explicit operator bool() const { return activations != nullptr; }
    Watch part(const std::string& of) const {    // a part of the part
        return activations == nullptr ? Watch{} : Watch{activations, name.empty() ? of : name + "." + of};
    }
    void keep(const std::string& what, const NdArray& values) const {
        if (activations != nullptr) activations->keep(part(what).name, values);
    }
};

}    // namespace ordinal
