// Sentences by nearness: which of them means nearly what another one means, by a real BERT's vectors.
#pragma once

#include <string>
#include <vector>

#include <ordinal/pretrained/sentence_vectors.h>
#include "demos/lab/report.h"

namespace ordinal::demos {

// Cosines of sentences with sentences: [N, N].
NdArray cosines(const std::vector<Sentence>& sentences);

// A row for each sentence: its tokens, what was lost of it, and the nearest other one.
Table nearness_table(const std::vector<std::string>& texts, const std::vector<Sentence>& sentences);

// Everything about each text into the results, so that anybody can compare with the original:
//     "texts": [{"text": "...", "ids": [101, ...], "pieces": ["[CLS]", ...], "vector": [0.1, ...]}, ...]
void list_texts(Report& report, const std::vector<std::string>& texts, const std::vector<Sentence>& sentences,
                const WordPiece& words);

}    // namespace ordinal::demos
