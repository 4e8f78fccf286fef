// The inputs of the fuzzers, in every build and without libFuzzer: what once was a fault stays mended.
#include <doctest/doctest.h>

#include <filesystem>
#include <map>

#include <ordinal/nn/files/file.h>
#include "tests/core/sanitizers.h"
#include "tests/fuzz/results.h"
#include "tests/fuzz/safetensors.h"
#include "tests/fuzz/specification.h"
#include "tests/fuzz/texts.h"
#include "tests/fuzz/word_piece.h"
#include "tests/places.h"

using namespace ordinal;
using fuzz::Target;

namespace {

std::vector<std::string> corpus(const std::string& name) {
    std::map<std::string, std::string> files;    // in one order everywhere
    for (const auto& entry : std::filesystem::directory_iterator(source_dir() + "/tests/fuzz/corpus/" + name))
        files[entry.path().filename().string()] = read_file(entry.path().string());
    std::vector<std::string> inputs;
    for (auto& [file, bytes] : files) inputs.push_back(std::move(bytes));
    return inputs;
}

// The corpus, and inputs made from it, each from the one before or from a file.
void feed(const std::string& name, const Target& target, int made, std::uint64_t seed) {
    CAPTURE(name);
    const std::vector<std::string> inputs = corpus(name);
    REQUIRE(!inputs.empty());
    for (const std::string& input : inputs) {
        CAPTURE(input);
        CHECK_NOTHROW(target.feed(input));
    }
    Rng rng(seed);
    std::string input;
    for (int i = 0; i < made; ++i) {
        if (input.empty() || input.size() > 20'000 || rng.chance(0.7))
            input = inputs[static_cast<std::size_t>(rng.below(std::ssize(inputs)))];
        input = target.changed(input, rng);
        CAPTURE(input);
        CHECK_NOTHROW(target.feed(input));
    }
}

}    // namespace

TEST_CASE("texts of every kind are read or refused") { feed("texts", fuzz::texts, 0, 1); }

TEST_CASE("files of arrays with any header are read or refused") {
    feed("safetensors", fuzz::safetensors, repetitions(300, 100), 1);
}

TEST_CASE("specifications with any options make a scheme that works or are refused") {
    feed("specification", fuzz::specification, repetitions(200, 50), 1);
}

TEST_CASE("a vocabulary with any settings is read or refused") {
    feed("word_piece", fuzz::word_piece, repetitions(200, 100), 1);
}

TEST_CASE("10000 results in which lengths and types and numbers are others can be shown or are refused") {
    for (const std::uint64_t seed : {1ULL, 2ULL, 3ULL}) feed("results", fuzz::results, repetitions(3334, 1000), seed);
}
