// The learning rates of the demos' models.
#pragma once

#include <ordinal/nn/optimizer.h>

namespace ordinal::demos {

// T5's bias learns at ten times the rate: with Adam a step is about as long as the rate, and a bias has further to go
// (3, say) than a weight (0.1).
inline std::vector<ParameterGroup> parameter_groups(const Parameters& parameters) {
    std::vector<ParameterGroup> groups{{.learning_rate_factor = 1}, {.learning_rate_factor = 10}};
    for (const NamedParameter& parameter : parameters)
        groups[parameter.name.ends_with("relative_attention_bias.weight")].parameters.push_back(parameter);
    return groups;
}

}    // namespace ordinal::demos
