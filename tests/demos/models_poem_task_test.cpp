// The task of `swap` and `attention_maps`: what is held out, and what is to be guessed.
#include "demos/models/poem_task.h"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "tests/demos/made_up_verse.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

// Eight lines a poem, and in each poem a character that no other has.
Verse made_up_poems(Index of_five, Index of_seven) {
    Rng rng(1);
    std::vector<Poem> poems;
    for (Index n = 0; n < of_five + of_seven; ++n) {
        poems.push_back(made_up_poem(n < of_five ? 6 : 8, 8, n < of_five ? 0x4e00 : 0x4e32, rng));
        poems.back().text[3] = static_cast<char32_t>(0x5200 + n);
    }
    return made_up_verse(std::move(poems), {6, 8});
}

PoemTask task_of(Index of_five, Index of_seven) { return poem_task(made_up_poems(of_five, of_seven)); }

}    // namespace

TEST_CASE("15 of 100 poems of each period are held out and the vocabulary is of the rest") {
    const PoemTask task = task_of(20, 40);
    CHECK(task.training[0].size() == 17);
    CHECK(task.training[1].size() == 34);
    CHECK(task.vocabulary.size() == Vocabulary::first_character + 12 + 12 + 2);
    CHECK(task.inside_text() == "0..23");
    CHECK(task.beyond_text() == "24..47");
    CHECK(task.inside.size() == 3);
    CHECK((task.inside[0].inputs.shape == Shape{(3 + 6) * 3, 24}));    // 48 and 64 tokens: three starts each
    CHECK((task.beyond[0].inputs.shape == Shape{3 * 1 + 6 * 2, 48}));
    std::set<std::vector<Index>> hidden;
    for (const MaskedBatch& batch : task.inside) hidden.insert(batch.targets.values);
    CHECK(hidden.size() == 3);
    CHECK((task_of(20, 40).beyond[2].inputs.values == task.beyond[2].inputs.values));
}

TEST_CASE("no character outside the vocabulary is to be guessed and beyond means from 24 on") {
    const PoemTask task = task_of(20, 40);
    Index hidden = 0, shown = 0, unknown = 0;
    for (const auto* questions : {&task.inside, &task.beyond})
        for (const MaskedBatch& batch : *questions)
            for (Index i = 0; i < batch.inputs.size(); ++i) {
                const Index target = batch.targets[i], input = batch.inputs[i];
                unknown += input == Vocabulary::unknown;
                CHECK(target != Vocabulary::unknown);
                if (target == MaskedBatch::ignore_index) {
                    CHECK(input != Vocabulary::mask);
                    continue;
                }
                if (questions == &task.beyond) CHECK(i % 48 >= 24);
                ++hidden;
                shown += input != Vocabulary::mask;
            }
    CHECK(unknown > 0);    // each held-out poem has a character of its own
    CHECK(std::abs(static_cast<double>(shown) / static_cast<double>(hidden) - 0.1) < 0.03);    // 2.5 deviations
}

TEST_CASE("a training batch has windows of both periods that start at a couplet") {
    const PoemTask task = task_of(20, 20);
    Rng rng(3);
    const MaskedBatch batch = task.training_batch(200, rng);
    REQUIRE((batch.inputs.shape == Shape{200, 24}));
    const auto comma = task.vocabulary.id(U'，');
    Index five = 0, seven = 0;
    for (Index b = 0; b < 200; ++b) {
        const auto truth = [&](Index i) {
            const Index target = batch.targets[b * 24 + i];
            return target == MaskedBatch::ignore_index ? batch.inputs[b * 24 + i] : target;
        };
        five += truth(5) == comma && truth(17) == comma;
        seven += truth(7) == comma && truth(23) == comma;
    }
    CHECK(five + seven == 200);
    CHECK(std::abs(static_cast<double>(five) / 200 - 48.0 / 112) < 0.1);    // poems are drawn by length; 3 deviations
}

TEST_CASE("saying no every time is right where no mark is hidden") {
    const PoemTask task = task_of(20, 20);
    const Index mark = task.vocabulary.id(U'。'), character = Vocabulary::first_character + 5;
    REQUIRE(task.marks[static_cast<std::size_t>(mark)]);
    REQUIRE(!task.marks[static_cast<std::size_t>(character)]);
    const IndexArray nothing({1, 4}, {0, 0, 0, 0});
    CHECK(task.never({{nothing, IndexArray({1, 4}, {mark, -1, character, character})}}) == 2.0 / 3);
}

TEST_CASE("too few poems and too short ones are refused before the training") {
    const auto refused = [](const Verse& verse, const std::string& got) {
        CHECK_THROWS_WITH_AS(poem_task(verse),
                             ("corpus: expected 7 poems with lines of one length, and among the 15 % that are held out "
                              "one of 48 characters, got " +
                              got + " in a test; bring more or longer poems, with a blank line between two")
                                 .c_str(),
                             FileError);
    };
    refused(made_up_poems(6, 0), "48 lines of 5 characters");
    Verse stubs = made_up_poems(10, 0);
    for (Poem& poem : stubs.poems) poem.text.resize(24);
    refused(stubs, "40 lines of 5 characters");
}

TEST_CASE("the poems in the tree are enough for swap and attention_maps") {
    const PoemTask task = poem_task(read_verse(few_tang_poems));
    CHECK(task.training.size() == 1);
    CHECK(task.beyond.front().inputs.shape[0] >= 5);
}
