#include "demos/models/long_poems.h"

namespace ordinal::demos {

LongPoems long_poems(const Verse& verse) {
    const std::vector<Poem> poems = verse.with_period(verse.period());
    LongPoems task{verse, Vocabulary(poems)};
    TokenLists held_out;
    for (const auto& poem : task.vocabulary.encode(poems)) {
        if (std::ssize(poem) >= task.evaluated())
            held_out.push_back(poem);
        else if (std::ssize(poem) >= 2 * task.couplet())
            task.training.push_back(poem);
    }
    verse.require_enough(!task.training.empty() && !held_out.empty(),
                         text_of("poems of 4 to 15 lines of ", verse.period() - 1,
                                 " characters to train on, and one of 16 lines or more to be evaluated on"));
    task.windows = all_couplet_windows(held_out, task.evaluated(), task.couplet());
    task.is_mark = task.vocabulary.are_among(verse.marks);
    return task;
}

}    // namespace ordinal::demos
