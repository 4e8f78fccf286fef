// Weights, or a whole training run, to a file and back. Everything is matched by name, never by order.
#pragma once

#include <string>
#include <vector>

#include <ordinal/nn/files/safetensors.h>
#include <ordinal/nn/module.h>
#include <ordinal/nn/optimizer.h>

namespace ordinal {

void save_parameters(const std::string& path, const Module& module);

// How the names in a file from elsewhere become the module's:
//     load_parameters(path, model, {.prefix = "bert.", .rename = {{"LayerNorm.gamma", "LayerNorm.weight"}}});
struct LoadOptions {
    std::string prefix = {};    // taken off; arrays whose names do not begin with it are not looked at
    std::vector<std::pair<std::string, std::string>> rename = {};    // {in the file, in the module}, parts of names
    bool allow_more = false;                                         // the file may hold what the module does not have
};

// Every parameter must be in the file, with its shape, and the file may hold nothing else (but see above). On any error
// the module keeps all of its old values.
void load_parameters(const std::string& path, const Module& module, const LoadOptions& options = {});

// A training run that goes on as if it had never stopped, to the last bit: weights, what the optimizer has gathered,
// the state of the one Rng that the run draws from, and how many steps it has taken. Who is stopped while saving keeps
// the last checkpoint whole. Options (rates, betas, the schedule) are not in the file: the program has them. Nor is
// what a model is beside its arrays: how many heads, causal or not, and which position scheme if that has no
// parameters. A model with rope takes the file of one with alibi.
//
//     for (Index step = load_checkpoint(path, model, optimizer, rng); step < steps; ++step) { ... }
void save_checkpoint(const std::string& path, const Module& module, const Optimizer& optimizer, const Rng& rng,
                     Index steps_taken);

// The number of steps taken. On any error nothing has changed.
Index load_checkpoint(const std::string& path, const Module& module, Optimizer& optimizer, Rng& rng);

}    // namespace ordinal
