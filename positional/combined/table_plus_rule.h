// A learned table beside a rule without a bound, in two settings.
//
// Source:  ours; see sum_of_encodings.h
// Formula: p_k = r_k + f_k,  r: a table of `rows` rows that is 0 past them,  f: the sinusoid, or a linear recurrence
// Shapes:  positions [T] -> codes [T, D]
// Why:     sinusoid_plus_table begins as the sinusoid, for its table begins at 0; table_plus_linear learns both,
//          and leaves the table out in half of the training steps. The price: see sum_of_encodings.h.
#pragma once

#include <ordinal/positional/combined/gain.h>
#include <ordinal/positional/combined/sum_of_encodings.h>
#include <ordinal/positional/recurrences/linear_recurrence.h>
#include <ordinal/positional/tables/fresh_table.h>
#include <ordinal/positional/tables/residual_table.h>
#include <ordinal/positional/waves/sinusoidal.h>

namespace ordinal {

// rule_gain: the rule times a learned number, as gain does for the whole.
inline std::shared_ptr<Encoding> table_plus(std::shared_ptr<const Encoding> rule, double table_std, double dropout,
                                            const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    const Index rows = options.count("rows", request.max_length);
    const auto table = std::make_shared<ResidualTable>(
        fresh_table("ResidualTable", rows, request.d_model, options.number("std", table_std), rng));
    const double rule_gain = options.number("rule_gain", 1);
    if (options.has("rule_gain")) rule = std::make_shared<Gain>(rule, rule_gain);
    return std::make_shared<SumOfEncodings>(table, rule, options.number("dropout", dropout));
}

// sinusoid_plus_table(base=10000, rows=max_length, std=0, rule_gain, dropout=0)
inline std::shared_ptr<Encoding> sinusoid_plus_table(const EncodingRequest& request, EncodingOptions& options,
                                                     Rng& rng) {
    const auto rule = std::make_shared<Sinusoidal>(request.d_model, options.number("base", 10000));
    return table_plus(rule, 0, 0, request, options, rng);
}

// table_plus_linear(state=16, noise=0, rows=max_length, std=0.02, rule_gain, dropout=0.5)
inline std::shared_ptr<Encoding> table_plus_linear(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    LinearRecurrenceOptions recurrence;
    recurrence.state = options.count("state", std::min<Index>(16, request.d_model / 2 * 2));
    recurrence.noise = options.number("noise", recurrence.noise);
    const auto rule = std::make_shared<LinearRecurrence>(request.d_model, recurrence, rng);
    return table_plus(rule, 0.02, 0.5, request, options, rng);
}

}    // namespace ordinal
