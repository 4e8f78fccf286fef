// Weights to a file and back, by name.
#pragma once

#include <map>
#include <string>

#include <ordinal/nn/module.h>
#include <ordinal/nn/safetensors.h>

namespace ordinal {

inline void save_parameters(const std::string& path, const Module& module) {
    NamedArrays arrays;
    for (const auto& [name, tensor] : module.parameters()) arrays.emplace_back(name, tensor.values());
    save_safetensors(path, arrays);
}

// Every parameter must be in the file, with its shape, and the file may hold nothing else. On any error the module
// keeps all of its old values.
inline void load_parameters(const std::string& path, const Module& module) {
    std::map<std::string, NdArray> stored;
    for (auto& [name, values] : load_safetensors(path)) stored.emplace(name, values);
    const Parameters parameters = module.parameters();
    for (const auto& [name, tensor] : parameters) {
        const auto found = stored.find(name);
        require<FileError>(found != stored.end(), "load_parameters: ", path, " has no array '", name, "'");
        require<FileError>(found->second.shape() == tensor.shape(), "load_parameters: '", name, "' in ", path,
                           " has shape ", found->second.shape(), ", the module needs ", tensor.shape());
    }
    if (stored.size() > parameters.size())
        for (const auto& [name, values] : stored) {
            bool wanted = false;
            for (const auto& parameter : parameters) wanted = wanted || parameter.name == name;
            require<FileError>(wanted, "load_parameters: ", path, " holds '", name,
                               "', which the module does not have");
        }
    for (const auto& [name, tensor] : parameters) tensor.set_values(stored.at(name));
}

}    // namespace ordinal
