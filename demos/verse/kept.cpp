// What the page of demos/play shows: encodings as the training of this demo has left them.
#include <ordinal/core/nd_math.h>
#include "demos/models/encodings.h"
#include "demos/models/masked_language_model.h"
#include "demos/verse/verse.h"

namespace ordinal::demos {
namespace {

// What the first seed has kept of one run.
std::vector<std::pair<std::string, NdArray>> parameters_of(const Measurements& found, const Label& run) {
    const Measurements of_run = found.where(run);
    std::vector<std::pair<std::string, NdArray>> all;
    for (const auto& [labels, seed, values] : of_run.arrays)
        for (const Label& label : labels)
            if (label.axis == "parameter" && seed == of_run.arrays.front().seed) all.emplace_back(label.value, values);
    require<OptionError>(!all.empty(), "verse: nothing was trained with ", run.axis, " ", run.value,
                         "; the page shows what --all trains");
    return all;
}

}    // namespace

std::vector<KeptEncoding> trained_encodings(const Measurements& found, const VersePlan& plan) {
    const EncodingRequest long_ones{.d_model = 32, .max_length = plan.evaluated(), .num_heads = bert_heads};
    const EncodingRequest short_ones{.d_model = 32, .max_length = 48, .num_heads = bert_heads};
    const auto trained = [&](const std::string& name, const std::string& encoding) {
        return KeptEncoding{name, plan.trained(), long_ones, encoding, parameters_of(found, {"model", encoding})};
    };
    const auto rhythm = [&](const std::string& name, const std::string& verse) {
        return KeptEncoding{name, 48, short_ones, "table", parameters_of(found, {"verse", verse})};
    };
    KeptEncoding repeated = trained("repeated", "table");    // the trained rows, again and again
    repeated.specification = text_of("ring(rows=", plan.trained(), ", random_start=no)");
    NdArray& rows = repeated.parameters.front().second;
    rows = slice(rows, 0, 0, plan.trained());
    return {trained("table", "table"),
            repeated,
            trained("rnn", orthogonal_rnn),
            rhythm("verse", verse_label(6)),
            rhythm("control", control_label(6)),
            trained("ring", "ring(rows=12, random_start=no, std=0.1) + forgetting(form=two_sided)")};
}

}    // namespace ordinal::demos
