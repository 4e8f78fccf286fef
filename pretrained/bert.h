// A BERT that somebody has trained and published, read into our Transformer.
//
//     const Bert bert = read_bert("all-MiniLM-L6-v2");
//     const Tensor h = bert.model.forward(ids, Mode::evaluation());    // [B, T] -> [B, T, D]
//
// The folder is that of Hugging Face's hub: config.json and model.safetensors, with numbers in F32, F16 or BF16.
// Names of arrays are taken with or without the prefix "bert.", and LayerNorms with weight and bias or, as in old
// files, gamma and beta.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <ordinal/positional/tables/learned_table.h>
#include <ordinal/pretrained/bert_config.h>

namespace ordinal {

struct Bert {
    BertConfig config;
    std::shared_ptr<LearnedTable> table;       // of positions, [rows, D], as the file has it
    Transformer model;                         // its scheme is the table, if the caller gave no other
    std::vector<std::string> left_out = {};    // arrays of the file that nothing here is made of
};

struct BertOptions {
    Head head = Head::none;                           // or masked_lm, where the file has it
    TransformerEncoder::Scheme position = nullptr;    // instead of the file's table; its parameters are not read
    bool frozen = false;    // what is read are constants: no gradient is computed for them, and no optimizer takes them
};

// FileError: a file that is missing or damaged; a config.json that read_bert_config refuses; an array that is missing
// or has another shape than config.json says; arrays that should be the same and are not (tied ones).
// Not in left_out: the pooler, which only next-sentence prediction used, and the list 0, 1, ..., 511.
Bert read_bert(const std::string& folder, const BertOptions& options = {});

}    // namespace ordinal
