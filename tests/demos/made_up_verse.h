// Poems of random characters with the marks where verse has them, for the tests of the demos on poems.
#pragma once

#include <ordinal/core/random.h>
#include "demos/models/verse_text.h"

namespace ordinal::demos {

// A line: period - 1 of twelve characters, from `first` on, and a comma or a full stop in turn.
inline Poem made_up_poem(Index period, Index lines, char32_t first, Rng& rng) {
    Poem poem{U"", period};
    for (Index line = 0; line < lines; ++line) {
        for (Index i = 1; i < period; ++i) poem.text += static_cast<char32_t>(first + rng.below(12));
        poem.text += line % 2 == 0 ? U'，' : U'。';
    }
    return poem;
}

inline Verse made_up_verse(std::vector<Poem> poems, std::vector<Index> periods) {
    return {{.name = "a test", .title = "made up", .file = "a test"}, U"，。", std::move(poems), std::move(periods)};
}

}    // namespace ordinal::demos
