// Files of arrays: weights, and whole training runs.
#pragma once

#include <cstring>
#include <fstream>

#include <ordinal/nn/files/checkpoint.h>
#include <ordinal/nn/linear.h>
#include "tests/fuzz/json_changes.h"
#include "tests/fuzz/target.h"
#include "tests/temp_folder.h"

namespace ordinal::fuzz {

inline const Target safetensors{
    .feed =
        [](const std::string& bytes) {
            static const TempFolder folder;
            const std::string path = folder / "x";
            std::ofstream(path, std::ios::binary) << bytes;
            answer_or_refuse([&] { load_safetensors(path); });
            answer_or_refuse([&] {
                SafetensorsFile file(path);
                for (const StoredArray& array : file.arrays()) answer_or_refuse([&] { file.read_indices(array); });
            });
            answer_or_refuse([&] {
                Rng rng(1);
                const Linear layer(2, 1, rng);
                Adam optimizer(layer);
                load_checkpoint(path, layer, optimizer, rng);
                optimizer.step(0.1);
            });
        },
    // Another header, with its right length; the numbers behind it as they are, cut, or with some more.
    .changed =
        [](const std::string& bytes, Rng& rng) {
            std::uint64_t length = 0;
            std::memcpy(&length, bytes.data(), std::min(bytes.size(), sizeof length));
            if (bytes.size() < 8 || length > bytes.size() - 8) return std::string("\2\0\0\0\0\0\0\0{}", 10);
            const Json header = Json::parse(bytes.substr(8, length), nullptr, /*allow_exceptions=*/false);
            const std::string text = (header.is_discarded() ? any_value(rng) : changed(header, rng)).dump();
            std::string data = bytes.substr(8 + length);
            if (rng.chance(0.2)) data.resize(static_cast<std::size_t>(rng.below(200)));
            length = text.size();
            std::string file(8, '\0');
            std::memcpy(file.data(), &length, sizeof length);
            return file + text + data;
        }};

}    // namespace ordinal::fuzz
