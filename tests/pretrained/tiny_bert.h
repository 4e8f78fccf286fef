// A random BERT of 2 layers, 32 wide, with 24 positions and 50 pieces, its masked-word head, and what an independent
// implementation in PyTorch, in float, makes of it: tests/pretrained/tiny_random. And folders that are it with something
// changed.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include <ordinal/nn/files/file.h>
#include <ordinal/nn/files/safetensors.h>
#include "tests/places.h"
#include "tests/temp_folder.h"

namespace ordinal::testing {

inline std::string tiny_bert() { return source_dir() + "/tests/pretrained/tiny_random"; }

// config.json with these fields in the place of its own; null: without it.
inline void write_config(const TempFolder& folder, const nlohmann::json& changes = nlohmann::json::object()) {
    nlohmann::json config = nlohmann::json::parse(read_file(tiny_bert() + "/config.json"));
    config.merge_patch(changes);
    write_file(folder / "config.json", config.dump());
}

// model.safetensors with each array as `change` leaves it; under an empty name it is left out.
inline void write_arrays(
    const TempFolder& folder,
    const std::function<void(std::string& name, NdArray& array)>& change = [](auto&, auto&) {},
    const NamedArrays& more = {}) {
    NamedArrays arrays;
    for (auto [name, array] : load_safetensors(tiny_bert() + "/model.safetensors")) {
        change(name, array);
        if (!name.empty()) arrays.emplace_back(name, array);
    }
    arrays.insert(arrays.end(), more.begin(), more.end());
    save_safetensors(folder / "model.safetensors", arrays);
}

// A tokenizer for its 50 pieces: five special ones, letters and digits.
inline void write_tokenizer(const TempFolder& folder, int pieces = 50) {
    std::string text = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n.\n,\nnew\n##er\n";
    for (int i = 9; i < pieces; ++i)
        text += i < 35 ? std::string(1, static_cast<char>('a' + i - 9)) + "\n"
                       : "##" + std::string(1, static_cast<char>('a' + i - 35)) + "\n";
    write_file(folder / "vocab.txt", text);
    write_file(folder / "tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer", "do_lower_case": true})");
}

}    // namespace ordinal::testing
