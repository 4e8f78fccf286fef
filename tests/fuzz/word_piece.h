// A published model's folder as far as it is text: settings, vocabulary, and what is tokenized with them.
#pragma once

#include <fstream>

#include <ordinal/pretrained/bert_config.h>
#include <ordinal/pretrained/word_piece.h>
#include "tests/fuzz/json_changes.h"
#include "tests/fuzz/target.h"
#include "tests/temp_folder.h"

namespace ordinal::fuzz {

// An input is the settings in JSON, the vocabulary and a text, each but the first behind a line of ---.
inline constexpr const char* word_piece_line = "\n---\n";

inline const Target word_piece{
    .feed =
        [](const std::string& bytes) {
            static const TempFolder folder;
            std::string settings = bytes, vocabulary, text;
            for (std::string* rest : {&vocabulary, &text}) {
                std::string& before = rest == &vocabulary ? settings : vocabulary;
                const auto line = before.find(word_piece_line);
                if (line == before.npos) break;
                *rest = before.substr(line + 5);
                before.resize(line);
            }
            std::ofstream(folder / "tokenizer_config.json", std::ios::binary) << settings;
            std::ofstream(folder / "vocab.txt", std::ios::binary) << vocabulary;
            answer_or_refuse([&] { read_bert_config(folder / "tokenizer_config.json"); });
            answer_or_refuse([&] {
                const WordPiece pieces = WordPiece::read(folder.path());
                const TokenizedText whole = pieces.encode(text), cut = pieces.encode(text, 4);
                must_hold(std::ssize(cut.ids) == std::min<Index>(4, std::ssize(whole.ids)),
                          "a text is cut to its room");
                must_hold(std::ssize(cut.ids) + cut.cut == std::ssize(whole.ids), "what is cut is counted");
                pieces.decode(whole.ids);
            });
        },
    .changed = [](const std::string& bytes, Rng& rng) {    // other settings
        const auto end = std::min(bytes.find(word_piece_line), bytes.size());
        const Json settings = Json::parse(bytes.substr(0, end), nullptr, /*allow_exceptions=*/false);
        return (settings.is_discarded() ? any_value(rng) : changed(settings, rng)).dump() + bytes.substr(end);
    }};

}    // namespace ordinal::fuzz
