#include <ordinal/nn/files/checkpoint.h>

#include <algorithm>
#include <bit>
#include <map>
#include <string_view>

namespace ordinal {
namespace {

// The name in the module of an array of the file.
std::string module_name(const std::string& stored, const LoadOptions& options) {
    std::string name = stored.substr(options.prefix.size());
    for (const auto& [from, to] : options.rename)
        for (auto at = name.find(from); !from.empty() && at != std::string::npos; at = name.find(from, at + to.size()))
            name.replace(at, from.size(), to);
    return name;
}

// New values for all parameters of a module, in its order; nothing is set yet. `who` begins each complaint.
std::vector<NdArray> values_for(const Module& module, const std::string& path, SafetensorsFile& file,
                                const LoadOptions& options, const std::string& who) {
    std::map<std::string, const StoredArray*> stored;
    for (const StoredArray& array : file.arrays()) {
        if (!array.name.starts_with(options.prefix)) continue;
        const auto [entry, is_new] = stored.emplace(module_name(array.name, options), &array);
        require<FileError>(is_new, who, path, " holds '", entry->second->name, "' and '", array.name,
                           "', which are both '", entry->first, "' in the module");
    }
    std::vector<NdArray> values;
    std::map<std::shared_ptr<Node>, NdArray> tied;    // one tensor may have several names
    for (const auto& [name, tensor] : module.parameters()) {
        const auto found = stored.find(name);
        const bool whole_run = options.prefix.empty() && file.metadata().count("optimizer") > 0;
        require<FileError>(found != stored.end(), who, path, " has no array '", options.prefix, name, "'",
                           whole_run ? "; it is a checkpoint: read it with load_checkpoint, or its weights alone with "
                                       ".prefix = \"model.\""
                                     : "");
        require<FileError>(found->second->has_shape(tensor.shape()), who, "'", name, "' in ", path, " has shape ",
                           found->second->shape, ", the module needs ", tensor.shape());
        const bool takes_values = tensor.is_leaf() && tensor.node()->op == std::string_view("leaf");    // as set_values
        require<FileError>(takes_values, who, "'", name, "' is the result of an operation and cannot be filled");
        values.push_back(file.read(*found->second));
        const auto [first, alone] = tied.emplace(tensor.node(), values.back());
        require<FileError>(alone || first->second.to_vector() == values.back().to_vector(), who, "'", name, "' in ",
                           path, " differs from another array that the module keeps in the same tensor");
        stored.erase(found);
    }
    require<FileError>(stored.empty() || options.allow_more, who, path, " holds '",
                       stored.empty() ? "" : stored.begin()->second->name, "', which the module does not have");
    return values;
}

void set_values(const Module& module, std::vector<NdArray> values) {
    const Parameters parameters = module.parameters();
    for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].tensor.set_values(std::move(values[i]));
}

// What a checkpoint calls its arrays: model.NAME, optimizer.NAME.exp_avg, steps.NAME, ... and rng, steps_taken
constexpr const char *model_prefix = "model.", *optimizer_prefix = "optimizer.", *steps_prefix = "steps.";

std::vector<Index> whole_numbers(SafetensorsFile& file, const StoredArray& array, Index count) {
    IndexArray numbers = file.read_indices(array);
    require<FileError>(numbers.size() == count, "'", array.name, "' holds ", numbers.size(), " numbers, expected ",
                       count);
    return std::move(numbers.values);
}

}    // namespace

void save_parameters(const std::string& path, const Module& module) {
    NamedArrays arrays;
    for (const auto& [name, tensor] : module.parameters()) arrays.emplace_back(name, tensor.values());
    save_safetensors(path, arrays);
}

void load_parameters(const std::string& path, const Module& module, const LoadOptions& options) {
    SafetensorsFile file(path);
    set_values(module, values_for(module, path, file, options, "load_parameters: "));
}

void save_checkpoint(const std::string& path, const Module& module, const Optimizer& optimizer, const Rng& rng,
                     Index steps_taken) {
    require<OptionError>(steps_taken >= 0, "save_checkpoint: expected a number of steps, got ", steps_taken);
    NamedArrays arrays;
    NamedIndices indices;    // counts and the generator's words, exactly
    for (const auto& [name, tensor] : module.parameters()) arrays.emplace_back(model_prefix + name, tensor.values());
    const OptimizerState state = optimizer.state_dict();
    for (const auto& [name, values] : state.memory) arrays.emplace_back(optimizer_prefix + name, values);
    for (const auto& [name, steps] : state.steps)
        indices.emplace_back(steps_prefix + name, IndexArray(Shape{}, {steps}));
    std::vector<Index> words;
    for (std::uint64_t word : rng.state()) words.push_back(std::bit_cast<Index>(word));
    indices.emplace_back("rng", IndexArray({4}, words));
    indices.emplace_back("steps_taken", IndexArray(Shape{}, {steps_taken}));
    save_safetensors(path, arrays, {{"optimizer", state.optimizer}}, indices);
}

Index load_checkpoint(const std::string& path, const Module& module, Optimizer& optimizer, Rng& rng) {
    SafetensorsFile file(path);
    const auto kind = file.metadata().find("optimizer");
    require<FileError>(kind != file.metadata().end(), "load_checkpoint: ", path,
                       " was not written by save_checkpoint; load_parameters reads weights alone");
    std::vector<NdArray> values = values_for(module, path, file, {.prefix = model_prefix}, "load_checkpoint: ");
    Rng restored = rng;
    Index steps_taken = 0;
    try {
        steps_taken = whole_numbers(file, file.info("steps_taken"), 1)[0];
        require<FileError>(steps_taken >= 0, "it says that ", steps_taken, " steps were taken");
        Rng::State words;
        const std::vector<Index> stored = whole_numbers(file, file.info("rng"), 4);
        std::transform(stored.begin(), stored.end(), words.begin(),
                       [](Index word) { return std::bit_cast<std::uint64_t>(word); });
        restored.set_state(words);
        OptimizerState state{kind->second, {}, {}};
        for (const StoredArray& array : file.arrays()) {
            const std::string& name = array.name;
            if (name.starts_with(optimizer_prefix))
                state.memory[name.substr(std::string_view(optimizer_prefix).size())] = file.read(array);
            else if (name.starts_with(steps_prefix))
                state.steps[name.substr(std::string_view(steps_prefix).size())] = whole_numbers(file, array, 1)[0];
            else
                require<FileError>(name.starts_with(model_prefix) || name == "rng" || name == "steps_taken",
                                   "it holds '", name, "', which no checkpoint has");
        }
        optimizer.load_state_dict(state);    // all or nothing, and the rest cannot fail
    } catch (const Error& reason) {
        throw FileError(text_of("load_checkpoint: cannot go on from ", path, ": ", reason.what()));
    }
    rng = restored;
    set_values(module, std::move(values));
    return steps_taken;
}

}    // namespace ordinal
