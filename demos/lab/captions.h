// Captions that speak only of what is shown.
#pragma once

#include <algorithm>

#include "demos/lab/measurements.h"

namespace ordinal::demos {

// A part of a caption, and the labels that it speaks of: {"The table falls.", {learned_table}}
struct Sentence {
    std::string text;
    std::vector<std::string> about = {};
};

// The sentences of which every label was measured, whatever its axis.
inline std::string caption(const Measurements& shown, const std::vector<Sentence>& sentences) {
    const auto is_shown = [&](const std::string& label) {
        return std::ranges::any_of(shown.numbers, [&](const Measured<double>& measured) {
            return std::ranges::find(measured.labels, label, &Label::value) != measured.labels.end();
        });
    };
    std::string text;
    for (const Sentence& sentence : sentences)
        if (std::ranges::all_of(sentence.about, is_shown)) text += (text.empty() ? "" : " ") + sentence.text;
    return text;
}

}    // namespace ordinal::demos
