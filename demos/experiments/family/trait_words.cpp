#include "demos/experiments/family/trait_words.h"

#include <iomanip>
#include <ostream>

namespace ordinal {

std::string words(Place place) {
    switch (place) {
        case Place::nowhere:
            return "nowhere";
        case Place::input:
            return "input";
        case Place::queries_and_keys:
            return "queries and keys";
        case Place::scores:
            return "scores";
        default:    // a scheme's positions enter at one place; what else it does has traits of its own
            return "";
    }
}

std::string words(Depth depth) {
    switch (depth) {
        case Depth::constant:
            return "O(1)";
        case Depth::logarithmic:
            return "O(log n)";
        case Depth::linear:
            return "O(n)";
    }
    return "";
}

std::string words(AcceptedIds ids) {
    switch (ids) {
        case AcceptedIds::any:
            return "any";
        case AcceptedIds::whole:
            return "whole";
        case AcceptedIds::consecutive:
            return "0, 1, 2, ...";
    }
    return "";
}

std::string bound_words(const Traits& traits) {
    if (traits.max_length) return std::to_string(*traits.max_length) + " positions";
    return traits.computable_up_to ? "unbounded; computed up to " + std::to_string(*traits.computable_up_to)
                                   : "unbounded";
}

std::string place_words(const Traits& traits) {
    return words(traits.place) + (traits.sharpens_queries ? "; all queries are sharpened" : "");
}

Index parameter_count(const Module& module) {
    Index count = 0;
    for (const auto& parameter : module.parameters()) count += parameter.tensor.values().size();
    return count;
}

void print_traits(const Encoding& encoding, std::ostream& out) {
    const Traits traits = encoding.traits();
    const auto line = [&out](const char* trait, const std::string& value) {
        out << "  " << std::left << std::setw(24) << trait << value << "\n";
    };
    line("acts at", place_words(traits));
    line("positions", bound_words(traits));
    line("dependent steps", words(traits.depth) + " for n positions");
    line("ids it accepts", words(traits.ids) + (traits.ids == AcceptedIds::any ? " number" : ""));
    line("reads the tokens", yes_no(traits.content_dependent));
    line("serves every batch", traits.cacheable ? "yes: computed once for a set of weights" : "no");
    line("changes with length", yes_no(traits.length_dependent));
    const bool hides = traits.place == Place::scores;
    line("causal only", !traits.causal_only ? "no"
                        : hides             ? "yes: it hides the future itself"
                                            : "yes: the model has to bring a causal mask");
    line("only distance counts", traits.translation_invariant ? "yes, between equal tokens" : "not promised");
    line("tells tokens apart", traits.distinct ? "yes, the first 32 at least" : "not promised");
    line("nearer counts more", traits.fades ? "yes, always" : "not promised");
    line("numbers it learns", std::to_string(parameter_count(encoding)));
    line("source", traits.source);
}

}    // namespace ordinal
