#include "demos/models/trait_words.h"

namespace ordinal::demos {
namespace {

std::string words(Place place) {
    return place == Place::nowhere  ? "nowhere"
           : place == Place::input  ? "input"
           : place == Place::scores ? "scores"
                                    : "queries and keys";
}

std::string words(Depth depth) {
    return depth == Depth::constant         ? "O(1)"
           : depth == Depth::logarithmic    ? "O(log n)"
           : depth == Depth::at_most_linear ? "up to O(n)"
                                            : "O(n)";
}

std::string words(AcceptedIds ids) {
    return ids == AcceptedIds::any ? "any" : ids == AcceptedIds::whole ? "whole" : "0, 1, 2, ...";
}

std::string words(bool yes) { return yes ? "yes" : "no"; }

std::string bound_words(const Traits& traits) {
    if (traits.max_length) return text_of(*traits.max_length, " positions");
    return traits.computable_up_to ? text_of("unbounded; computed up to ", *traits.computable_up_to) : "unbounded";
}

}    // namespace

Index parameter_count(const Module& module) {
    Index count = 0;
    for (const auto& parameter : module.parameters()) count += parameter.tensor.size();
    return count;
}

std::vector<std::pair<std::string, std::string>> traits_in_words(const Traits& traits, Index parameters) {
    return {{"acts at", words(traits.place) + (traits.sharpens_queries ? "; all queries are sharpened" : "")},
            {"positions", bound_words(traits)},
            {"depth", words(traits.depth)},
            {"ids", words(traits.ids)},
            {"reads tokens", words(traits.content_dependent)},
            {"cacheable", words(traits.cacheable)},
            {"changes with length", words(traits.length_dependent)},
            {"causal only", words(traits.causal_only)},
            {"only distance counts", words(traits.translation_invariant)},
            {"told apart", words(traits.distinct)},
            {"fades", words(traits.fades)},
            {"learns", std::to_string(parameters)},
            {"source", traits.source}};
}

}    // namespace ordinal::demos
