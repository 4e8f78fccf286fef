// A BERT's config.json: what it is made of, in our options.
#pragma once

#include <string>

#include <ordinal/nn/model.h>

namespace ordinal {

struct BertConfig {
    ModelOptions model = {};    // post-LN, normalised input, its eps; no head and no dropout
    Index positions = 0;        // rows of its position table
};

// FileError: missing or damaged; another architecture (model_type is not "bert"); or what our Transformer has not: an
// activation other than gelu by erf, positions other than a table's, a decoder.
BertConfig read_bert_config(const std::string& path);

}    // namespace ordinal
