// Texts of a user's own: the verse of --corpus with all that demos make of it, quotes, and the characters of nn.
#pragma once

#include <sstream>

#include <ordinal/nn/text.h>
#include "demos/models/long_poems.h"
#include "demos/models/poem_task.h"
#include "demos/real_bert/sentences.h"
#include "tests/fuzz/target.h"

namespace ordinal::fuzz {

inline const Target texts{.feed = [](const std::string& bytes) {
    answer_or_refuse([&] {
        must_hold(encode_utf8(decode_utf8(bytes, "fuzz")) == bytes, "UTF-8 has one form for each text");
        const CharacterVocabulary characters(bytes);
        const IndexArray ids = characters.encode(bytes);
        must_hold(characters.decode(ids) == bytes, "a text comes out again");
        Rng rng(1);
        random_batch(split_text(ids).first, 2, 3, rng);
    });
    answer_or_refuse([&] {
        const demos::Verse verse = demos::read_verse({.name = "a text", .text = bytes.c_str(), .least_lines = 4});
        std::ostringstream out;
        print_poem(out, verse);
        const demos::Vocabulary vocabulary(verse.poems);
        const demos::TokenLists tokens = vocabulary.encode(verse.poems);
        for (Index id = 0; id < vocabulary.size(); ++id) vocabulary.wide(id);
        Rng rng(1);
        answer_or_refuse([&] { demos::stream_windows(tokens, 2, 8, rng); });
        answer_or_refuse([&] { demos::mask_tokens(demos::couplet_windows(tokens, 2, 8, 3, rng), 0.5, rng); });
        answer_or_refuse([&] { demos::long_poems(verse); });
        answer_or_refuse([&] { poem_task(verse).training_batch(2, rng); });
    });
    for (const std::string& quote : demos::quotes_in(bytes)) must_hold(!quote.empty(), "a quote has words");
}};

}    // namespace ordinal::fuzz
