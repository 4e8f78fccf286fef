#include <ordinal/pretrained/bert.h>

#include <doctest/doctest.h>

#include "tests/nn/testing.h"
#include "tests/pretrained/tiny_bert.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// What goes into the tiny model: two texts, the second with padding.
struct Batch {
    IndexArray ids, types, labels;
    NdArray padding;
};

Batch read_batch(SafetensorsFile& reference) {
    const NdArray mask = reference.read("mask");    // 1 = a token
    return {reference.read_indices("ids"), reference.read_indices("types"), reference.read_indices("labels"),
            ones(mask.shape()) - mask};
}

NdArray logits(const std::string& folder) {
    SafetensorsFile reference(tiny_bert() + "/reference.safetensors");
    const Batch batch = read_batch(reference);
    return read_bert(folder, {.head = Head::masked_lm})
        .model.forward(batch.ids, Mode::evaluation(), {.padding = batch.padding}, batch.types)
        .values();
}

void refuses(const TempFolder& folder, const std::string& sentence, const BertOptions& options = {}) {
    CHECK_THROWS_WITH_AS(read_bert(folder.path(), options), sentence.c_str(), FileError);
}

}    // namespace

TEST_CASE("hidden states and logits and loss of a random BERT are PyTorch's and so are the gradients of both tables") {
    SafetensorsFile reference(tiny_bert() + "/reference.safetensors");
    const Batch batch = read_batch(reference);
    const Bert bert = read_bert(tiny_bert(), {.head = Head::masked_lm});
    CHECK(bert.left_out.empty());
    Activations seen;
    const Tensor y =
        bert.model.forward(batch.ids, Mode::evaluation(), {.padding = batch.padding, .watch = {&seen}}, batch.types);
    for (int layer = 0; layer <= 2; ++layer) {    // what a padding token becomes is nobody's business, and the same
        CAPTURE(layer);
        const std::string ours = layer == 0 ? "encoder.input" : text_of("encoder.layers.", layer - 1, ".hidden");
        CHECK(largest_error(seen[ours], reference.read(text_of("hidden.", layer))) <= 2e-6);    // float, on both sides
    }
    CHECK(largest_error(y.values(), reference.read("logits")) <= 2e-6);
    const Tensor loss = cross_entropy(y, batch.labels, -100);
    CHECK(std::abs(loss.item() - reference.read("loss").item()) <= 2e-6);
    loss.backward();
    // the word table is the input's and the head's, and gets both gradients
    CHECK(largest_error(bert.model.token_table().grad(), reference.read("grad.words")) <= 1e-6);
    CHECK(largest_error(bert.table->weight().grad(), reference.read("grad.positions")) <= 1e-6);
    CHECK(largest(reference.read("grad.words")) > 1e-3);    // else the two lines above compare nothing
    CHECK(largest(reference.read("grad.positions")) > 1e-3);
}

TEST_CASE("arrays have their names with or without a prefix and in the old way") {
    const NdArray expected = logits(tiny_bert());
    const TempFolder folder;
    write_config(folder);
    const auto swap = [](std::string& name, const std::string& from, const std::string& to) {
        if (const auto at = name.find(from); at != name.npos) name.replace(at, from.size(), to);
    };
    const std::function<void(std::string&, NdArray&)> changes[] = {
        [&](std::string& name, NdArray&) { swap(name, "bert.", ""); },
        [&](std::string& name, NdArray&) {
            swap(name, "LayerNorm.weight", "LayerNorm.gamma");
            swap(name, "LayerNorm.bias", "LayerNorm.beta");
        },
        [&](std::string& name, NdArray&) { swap(name, "cls.predictions.bias", "cls.predictions.decoder.bias"); }};
    for (const auto& change : changes) {
        write_arrays(folder, change);
        CHECK(same_numbers(logits(folder.path()), expected));
    }
}

TEST_CASE("what the head shares may be stored twice but not differently") {
    NdArray words, bias;
    for (const auto& [name, array] : load_safetensors(tiny_bert() + "/model.safetensors")) {
        if (name == "bert.embeddings.word_embeddings.weight") words = array;
        if (name == "cls.predictions.bias") bias = array;
    }
    const TempFolder folder;
    const std::string path = folder / "model.safetensors";
    write_config(folder);
    write_arrays(folder, [](auto&, auto&) {},
                 {{"cls.predictions.decoder.weight", words}, {"cls.predictions.decoder.bias", bias}});
    CHECK(same_numbers(logits(folder.path()), logits(tiny_bert())));
    CHECK(read_bert(folder.path(), {.head = Head::masked_lm}).left_out.empty());

    write_arrays(folder, [](auto&, auto&) {}, {{"cls.predictions.decoder.weight", words * 2}});
    refuses(folder,
            path +
                ": expected 'cls.predictions.decoder.weight' to be 'bert.embeddings.word_embeddings.weight' once "
                "more, got other numbers; in BERT they are one array",
            {.head = Head::masked_lm});
    write_arrays(folder, [](auto&, auto&) {}, {{"cls.predictions.decoder.bias", bias + Scalar(1)}});
    refuses(folder,
            path +
                ": expected 'cls.predictions.decoder.bias' to be 'cls.predictions.bias' once more, got other "
                "numbers; in BERT they are one array",
            {.head = Head::masked_lm});
}

TEST_CASE("what nothing is made of is told but for the pooler and the list of positions") {
    const TempFolder folder;
    write_config(folder);
    const NdArray one({1}, 1);
    write_arrays(folder, [](auto&, auto&) {},
                 {{"bert.pooler.dense.bias", one},
                  {"bert.embeddings.position_ids", one},
                  {"cls.seq_relationship.bias", one},
                  {"classifier.bias", one}});
    using Names = std::vector<std::string>;
    CHECK(read_bert(folder.path(), {.head = Head::masked_lm}).left_out ==
          Names{"classifier.bias", "cls.seq_relationship.bias"});
    CHECK(read_bert(folder.path()).left_out ==
          Names{"classifier.bias", "cls.predictions.bias", "cls.predictions.transform.LayerNorm.bias",
                "cls.predictions.transform.LayerNorm.weight", "cls.predictions.transform.dense.bias",
                "cls.predictions.transform.dense.weight", "cls.seq_relationship.bias"});
}

TEST_CASE("what does not fit its settings is refused by name") {
    const TempFolder folder;
    const std::string path = folder / "model.safetensors";
    const std::string segments = "'bert.embeddings.token_type_embeddings.weight' in " + path,
                      words = "'bert.embeddings.word_embeddings.weight' in " + path,
                      positions = "'bert.embeddings.position_embeddings.weight' in " + path;
    CHECK_THROWS_WITH_AS(read_bert(folder.path()),
                         ("read_file: cannot open " + (folder / "config.json") + ": No such file or directory").c_str(),
                         FileError);
    write_config(folder);
    refuses(folder, "safetensors: cannot read " + path + ": there is no such file, or it may not be opened");
    write_arrays(folder);
    const auto with = [&](const char* changes, const std::string& sentence) {
        write_config(folder, nlohmann::json::parse(changes));
        refuses(folder, sentence);
    };
    with(R"({"vocab_size": 51})", words + " has shape [50, 32], its config.json asks for [51, 32]");
    with(R"({"hidden_size": 64})", segments + " has shape [2, 32], its config.json asks for [2, 64]");
    with(R"({"max_position_embeddings": 512})", positions + " has shape [24, 32], its config.json asks for [512, 32]");
    with(R"({"type_vocab_size": 1})", segments + " has shape [2, 32], its config.json asks for [1, 32]");
    with(R"({"intermediate_size": 65})", "'bert.encoder.layer.1.intermediate.dense.weight' in " + path +
                                             " has shape [64, 32], its config.json asks for [65, 32]");
    with(
        R"({"num_hidden_layers": 3})",
        path + " has no array 'bert.encoder.layer.2.intermediate.dense.weight', which a BERT of its config.json needs");
    write_config(folder);
    write_arrays(folder, [](std::string& name, NdArray& array) {
        if (name.ends_with("position_embeddings.weight")) array = zeros({24, 16});    // a table of another width
    });
    refuses(folder, positions + " has shape [24, 16], its config.json asks for [24, 32]");
    write_arrays(folder, [](std::string& name, NdArray&) {
        if (name.starts_with("cls.")) name = "";
    });
    CHECK(read_bert(folder.path()).left_out.empty());
    refuses(folder,
            path + " has no array 'cls.predictions.transform.dense.weight', which a BERT of its config.json needs",
            {.head = Head::masked_lm});
    CHECK_THROWS_WITH_AS(read_bert(folder.path(), {.head = Head::linear}),
                         "read_bert: expected no head or masked_lm, got linear, which no BERT's file has", OptionError);
}

TEST_CASE("the size of a model that the file does not hold takes no memory") {
    const TempFolder folder;
    write_arrays(folder);
    for (const char* field :
         {"vocab_size", "intermediate_size", "max_position_embeddings", "num_hidden_layers", "type_vocab_size"})
        for (const Index size : {Index{50'000'000}, Index{4'000'000'000'000}}) {
            CAPTURE(field);
            write_config(folder, {{field, size}});
            CHECK_THROWS_AS(read_bert(folder.path()), Error);
        }
}

TEST_CASE("a token and a position that the tables do not have are refused") {
    const Bert bert = read_bert(tiny_bert());
    const auto run = [&](const IndexArray& ids, const ForwardOptions& options = {}) {
        return bert.model.forward(ids, Mode::evaluation(), options);
    };
    CHECK(run({{2, 49, 3}}).shape() == Shape{1, 3, 32});
    CHECK_THROWS_WITH_AS(run({{2, 50, 3}}), "gather_rows: row 50 is outside a table of 50 rows", IndexError);
    CHECK_THROWS_WITH_AS(
        run(IndexArray({1, 25}, std::vector<Index>(25, 7))),
        "LearnedTable: position 24 is outside the table of 24 rows (0..23); a learned table cannot extrapolate. Use a "
        "scheme without a bound, or a longer table: see docs/08-extending-a-trained-table.md",
        PositionOutOfRange);
}

TEST_CASE("another scheme takes the place of the table") {
    const Bert bert = read_bert(tiny_bert());
    Rng rng(1);
    const auto longer = std::make_shared<LearnedTable>(
        extend_table(bert.table->weight(), 48, {.strategy = Extend::copy}, rng).values());
    const Bert extended = read_bert(tiny_bert(), {.position = longer});
    const IndexArray ids{{2, 7, 9, 3}};
    const auto from = [&](const Bert& model, Index start) {
        return model.model.forward(ids, Mode::evaluation(), {.positions = Positions::arange(4, start)}).values();
    };
    CHECK(same_numbers(from(extended, 0), from(bert, 0)));
    CHECK(same_numbers(from(extended, 24), from(bert, 0)));
    CHECK_FALSE(same_numbers(from(extended, 1), from(bert, 0)));
    CHECK(same_numbers(extended.table->weight().values(), bert.table->weight().values()));    // the file's all the same
    CHECK(parameter_of(extended.model, "encoder.position.weight").shape() == Shape{48, 32});
}

TEST_CASE("a frozen model computes the same and has no gradients but those of another table") {
    const Bert bert = read_bert(tiny_bert(), {.head = Head::masked_lm}),
               frozen = read_bert(tiny_bert(), {.head = Head::masked_lm, .frozen = true});
    const IndexArray ids{{2, 7, 9, 3}};
    const auto logits_of = [&](const Bert& some) { return some.model.forward(ids, Mode::evaluation()); };
    CHECK(same_numbers(logits_of(frozen).values(), logits_of(bert).values()));
    for (const NamedParameter& parameter : frozen.model.parameters()) {
        CAPTURE(parameter.name);
        CHECK_FALSE(parameter.tensor.requires_grad());
    }
    CHECK_THROWS_AS(sum(logits_of(frozen)).backward(), GraphError);    // nothing in it learns

    const auto table = std::make_shared<LearnedTable>(bert.table->weight().values());
    const Bert taught = read_bert(tiny_bert(), {.head = Head::masked_lm, .position = table, .frozen = true});
    const auto backward = [&](const Bert& some) { cross_entropy(logits_of(some), {{5, 6, 7, 8}}, -100).backward(); };
    backward(bert);
    backward(taught);
    CHECK(same_numbers(table->weight().grad(), bert.table->weight().grad()));
}
