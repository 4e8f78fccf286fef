#include "positional/builtin.h"

#include "positional/extended_table.h"

namespace ordinal {
namespace {

using Made = std::shared_ptr<Encoding>;

// A table that stands for a trained one: it starts as BERT's does, and its numbers come from a checkpoint. By default
// half of the positions are old.
Made extended_table(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    const Index length = request.max_length;
    const Index rows = options.count("rows", std::max((length + 1) / 2, std::min<Index>(length, 2)));
    const Extension extension{
        extend_by_name(options.choice("strategy", {"hierarchical", "linear", "group", "copy", "zero", "random"})),
        options.number("alpha", Extension{}.alpha)};
    const bool freeze = options.choice("freeze", {"no", "yes"}) == "yes";
    return std::make_shared<ExtendedTable>(random_truncated_normal({rows, request.d_model}, 0.02, rng), length,
                                           extension, freeze ? OldRows::frozen : OldRows::trained, rng);
}

}    // namespace

EncodingList builtin_tables() {
    return {
        {"extended_table", extended_table},
    };
}

}    // namespace ordinal
