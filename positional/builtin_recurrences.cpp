#include "positional/builtin.h"

#include "positional/linear_recurrence.h"

namespace ordinal {
namespace {

using Made = std::shared_ptr<Encoding>;

Made linear(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    LinearRecurrenceOptions recurrence;
    recurrence.state = options.count("state", request.d_model);
    recurrence.jitter = options.number("jitter", recurrence.jitter);
    recurrence.noise = options.number("noise", recurrence.noise);
    recurrence.decay = options.number("decay", recurrence.decay);
    return std::make_shared<LinearRecurrence>(request.d_model, recurrence, rng);
}

}    // namespace

EncodingList builtin_recurrences() {
    return {
        {"linear", linear},
    };
}

}    // namespace ordinal
