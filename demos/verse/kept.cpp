// What the page of demos/play shows: encodings as the training of this demo has left them.
#include <ordinal/core/nd_math.h>
#include "demos/models/encodings.h"
#include "demos/models/masked_language_model.h"
#include "demos/verse/verse.h"

namespace ordinal::demos {

std::vector<KeptEncoding> trained_encodings(const Measurements& found, const VersePlan& plan) {
    const auto kept = [&](const std::string& name, Index trained, Index most, const std::string& specification,
                          const Label& run) {
        const Measurements of_run = found.where(run);
        const EncodingRequest request{.d_model = 32, .max_length = most, .num_heads = bert_heads};
        KeptEncoding all{name, trained, request, specification, sample_of(specification, request)};
        for (const auto& [parameter, tensor] : all.encoding->parameters()) {
            const NdArray learned = of_run.array({{"parameter", parameter}});    // of the first seed
            const bool whole = learned.shape() == tensor.shape();
            tensor.set_values(whole ? learned : contiguous(slice(learned, 0, 0, tensor.dim(0))));
        }
        return all;
    };
    const Index trained = plan.trained(), evaluated = plan.evaluated();
    const std::string ring = "ring(rows=12, random_start=no, std=0.1) + forgetting(form=two_sided)",
                      repeated = text_of("ring(rows=", trained, ", random_start=no)");    // the table's trained rows
    return {kept("table", trained, evaluated, "table", {"model", "table"}),
            kept("repeated", trained, evaluated, repeated, {"model", "table"}),
            kept("rnn", trained, evaluated, orthogonal_rnn, {"model", orthogonal_rnn}),
            kept("verse", 48, 48, "table", {"verse", verse_label(6)}),
            kept("control", 48, 48, "table", {"verse", control_label(6)}),
            kept("ring", trained, evaluated, ring, {"model", ring})};
}

}    // namespace ordinal::demos
