#include <ordinal/positional/builtin.h>

#include <ordinal/positional/combined/gain.h>
#include <ordinal/positional/combined/sum_of_encodings.h>
#include <ordinal/positional/recurrences/linear_recurrence.h>
#include <ordinal/positional/tables/extended_table.h>
#include <ordinal/positional/tables/fresh_table.h>
#include <ordinal/positional/tables/residual_table.h>
#include <ordinal/positional/waves/learned_sinusoid.h>
#include <ordinal/positional/waves/sinusoidal.h>

namespace ordinal {
namespace {

using Made = std::shared_ptr<Encoding>;

// A table that stands for a trained one: it starts as BERT's does, and its numbers come from a checkpoint. By default
// half of the positions are old.
Made extended_table(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    const Index length = request.max_length;
    const Index rows = options.count("rows", std::max((length + 1) / 2, std::min<Index>(length, 2)));
    const std::string strategy =
        options.choice("strategy", {"hierarchical", "linear", "group", "copy", "zero", "random"});
    const Extension extension{extend_by_name(strategy), options.number("alpha", Extension{}.alpha)};
    require<OptionError>(strategy == "hierarchical" || !options.has("alpha"),
                         "extended_table: only strategy=hierarchical asks for 'alpha', got it with ", strategy);
    const bool freeze = options.choice("freeze", {"no", "yes"}) == "yes";
    return std::make_shared<ExtendedTable>(fresh_table("ExtendedTable", rows, request.d_model, 0.02, rng), length,
                                           extension, freeze ? OldRows::frozen : OldRows::trained, rng);
}

Made learned_sinusoid(const EncodingRequest& request, EncodingOptions& options, Rng&) {
    return std::make_shared<LearnedSinusoid>(request.d_model, options.number("base", 10000));
}

// A table of `rows` rows beside a rule. rule_gain: the rule times a learned number, as gain does for the whole.
Made table_plus(std::shared_ptr<const AdditiveEncoding> rule, double table_std, double dropout,
                const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    const Index rows = options.count("rows", request.max_length);
    auto table = std::make_shared<ResidualTable>(
        fresh_table("ResidualTable", rows, request.d_model, options.number("std", table_std), rng));
    const double rule_gain = options.number("rule_gain", 1);
    if (options.has("rule_gain")) rule = std::make_shared<Gain>(rule, rule_gain);
    return std::make_shared<SumOfEncodings>(table, rule, options.number("dropout", dropout));
}

Made sinusoid_plus_table(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    const auto rule = std::make_shared<Sinusoidal>(request.d_model, options.number("base", 10000));
    return table_plus(rule, 0, 0, request, options, rng);    // before training it is the sinusoid
}

Made table_plus_linear(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    LinearRecurrenceOptions recurrence;
    recurrence.state = options.count("state", std::min<Index>(16, request.d_model / 2 * 2));
    recurrence.noise = options.number("noise", recurrence.noise);
    const auto rule = std::make_shared<LinearRecurrence>(request.d_model, recurrence, rng);
    return table_plus(rule, 0.02, 0.5, request, options, rng);
}

}    // namespace

EncodingList builtin_tables() {
    return {
        {"extended_table", extended_table},
        {"learned_sinusoid", learned_sinusoid},
        {"sinusoid_plus_table", sinusoid_plus_table},
        {"table_plus_linear", table_plus_linear},
    };
}

}    // namespace ordinal
