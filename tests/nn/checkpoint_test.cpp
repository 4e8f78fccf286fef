#include <ordinal/nn/checkpoint.h>

#include <doctest/doctest.h>

#include <ordinal/nn/linear.h>
#include <ordinal/nn/transformer.h>
#include "tests/nn/testing.h"
#include "tests/temp_folder.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

std::vector<NdArray> values_of(const Module& module) {
    std::vector<NdArray> all;
    for (const auto& parameter : module.parameters()) all.push_back(parameter.tensor.values());
    return all;
}

bool same_values(const std::vector<NdArray>& a, const std::vector<NdArray>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_numbers);
}

// Loads a file that does not fit into Linear(3, 2); nothing may change, not even the array that fits.
void check_refused(const NamedArrays& stored, const std::string& complaint) {
    const TempFolder folder;
    const std::string path = folder / "weights.safetensors";
    save_safetensors(path, stored);
    Rng rng(1);
    const Linear layer(3, 2, rng);
    const std::vector<NdArray> before = values_of(layer);
    const std::size_t where = complaint.find("FILE");
    const std::string text = complaint.substr(0, where) + path + complaint.substr(where + 4);
    CHECK_THROWS_WITH_AS(load_parameters(path, layer), text.c_str(), FileError);
    CHECK(same_values(values_of(layer), before));
}

}    // namespace

TEST_CASE("a checkpoint brings back every bit of every parameter") {
    const TempFolder folder;
    const std::string path = folder / "model.safetensors";
    Rng rng(1), other(2);
    const TransformerOptions options{.d_model = 8, .num_heads = 2, .d_ff = 12, .num_layers = 2};
    const TransformerEncoder saved(options, rng), loaded(options, other);
    CHECK_FALSE(same_values(values_of(saved), values_of(loaded)));
    save_parameters(path, saved);
    load_parameters(path, loaded);
    CHECK(same_values(values_of(saved), values_of(loaded)));

    // The same handles: a graph built before still reaches the loaded parameters.
    const NdArray x = random_normal({1, 3, 8}, 1, rng);
    const auto run = [&](const TransformerEncoder& model) {
        return model.forward(Tensor(x), Mode::evaluation()).values();
    };
    CHECK(same_numbers(run(saved), run(loaded)));
}

TEST_CASE("saving the same model twice gives the same bytes") {
    const TempFolder folder;
    Rng rng(3);
    const Linear layer(3, 2, rng);
    save_parameters(folder / "a", layer);
    save_parameters(folder / "b", layer);
    const auto bytes = [&](const std::string& name) {
        std::ifstream file(folder / name, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    CHECK(bytes("a").size() > 8 + 8 * sizeof(Scalar));    // header length, header, 8 numbers
    CHECK(bytes("a") == bytes("b"));
}

TEST_CASE("a checkpoint that lacks a parameter is refused by name and changes nothing") {
    check_refused({{"weight", NdArray({2, 3}, 7)}}, "load_parameters: FILE has no array 'bias'");
}

TEST_CASE("a checkpoint with another shape is refused with both shapes and changes nothing") {
    check_refused({{"weight", NdArray({2, 3}, 7)}, {"bias", NdArray({3}, 7)}},
                  "load_parameters: 'bias' in FILE has shape [3], the module needs [2]");
    check_refused({{"weight", NdArray({3, 2}, 7)}, {"bias", NdArray({2}, 7)}},
                  "load_parameters: 'weight' in FILE has shape [3, 2], the module needs [2, 3]");
}

TEST_CASE("a checkpoint that holds more is refused by name and changes nothing") {
    check_refused({{"weight", NdArray({2, 3}, 7)}, {"bias", NdArray({2}, 7)}, {"gain", NdArray({1}, 7)}},
                  "load_parameters: FILE holds 'gain', which the module does not have");
}

TEST_CASE("a checkpoint file that does not exist is a FileError") {
    const TempFolder folder;
    Rng rng(4);
    const Linear layer(3, 2, rng);
    CHECK_THROWS_AS(load_parameters(folder / "nothing", layer), FileError);
}
