// What the page of ./go play is answered, here without a browser; the page itself is tested in tests/browser.
#include "demos/play/engine.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include <ordinal/positional/measures/kernel.h>
#include <ordinal/positional/registry.h>
#include "demos/models/sequence_model.h"
#include "demos/play/json_text.h"

using namespace ordinal;
using Answer = nlohmann::ordered_json;

namespace {

Answer read(const char* answer) { return Answer::parse(answer); }
std::string error_in(const char* answer) { return read(answer).value("error", "no error"); }

NdArray array_of(const Answer& array) {
    const auto* numbers = reinterpret_cast<const Scalar*>(array.at("at").get<std::uintptr_t>());
    NdArray values = zeros(Shape{array.at("shape")[0], array.at("shape")[1]});
    std::copy_n(numbers, values.size(), values.mutable_data());
    return values;
}

bool same_bits(const NdArray& a, const NdArray& b) {    // NaN equals NaN: a hidden score
    return a.shape() == b.shape() && std::memcmp(contiguous(a).data(), contiguous(b).data(),
                                                 static_cast<std::size_t>(a.size()) * sizeof(Scalar)) == 0;
}

// At the end of a test the engine holds nothing.
struct Forget {
    ~Forget() { CHECK(std::string(ordinal_forget()) == "{}"); }
};

}    // namespace

TEST_CASE("the page draws the kernel and the codes that the library computes") {
    const Forget at_the_end;
    const EncodingRequest request{.d_model = 64, .max_length = 128, .num_heads = 4};
    for (const char* scheme : {"rnn(init=orthogonal)", "alibi", "rope + forgetting", "none"}) {
        CAPTURE(scheme);
        Rng rng(7);
        const auto encoding = make_encoding(scheme, request, rng);
        const KernelOptions options{.length = 40, .d_model = 64, .num_heads = 4, .seed = 7};
        const Answer seen = read(ordinal_look(scheme, 40, 7));
        CHECK(same_bits(array_of(seen.at("picture")), attention_kernel(*encoding, options)));
        const bool has_codes = encoding->traits().place == Place::input;
        CHECK(seen.at("has_codes") == has_codes);
        const Answer cell = read(ordinal_cell(33, 2));
        CHECK(cell.contains("codes") == has_codes);
        if (has_codes) CHECK(same_bits(array_of(cell.at("codes")[1]), slice(input_codes(*encoding, options), 0, 2, 3)));
    }
}

TEST_CASE("a longer picture of the same scheme has the shorter one in its corner") {
    const Forget at_the_end;
    const NdArray shorter = array_of(read(ordinal_look("table", 30, 1)).at("picture"));
    const NdArray longer = array_of(read(ordinal_look("table", 90, 1)).at("picture"));
    CHECK(same_bits(slice(slice(longer, 0, 0, 30), 1, 0, 30), shorter));
}

TEST_CASE("an error is the library's sentence and what was looked at before stays") {
    const Forget at_the_end;
    ordinal_look("rope", 20, 1);
    CHECK(error_in(ordinal_look("sinusoidl", 20, 1)) ==
          "make_encoding: unknown encoding 'sinusoidl'; did you mean sinusoidal?");
    CHECK(
        error_in(ordinal_look("table", 129, 1)) ==
        "LearnedTable: position 128 is outside the table of 128 rows (0..127); a learned table cannot extrapolate. Use "
        "a scheme without a bound, or a longer table: see docs/08-extending-a-trained-table.md");
    CHECK(error_in(ordinal_look("rope", 0, 1)) == "play: expected a length from 1 to 100000, got 0");
    CHECK(error_in(ordinal_cell(20, 3)) == "play: expected a cell within 20 x 20, got (20, 3)");
    CHECK(read(ordinal_cell(19, 3)).contains("value"));
    ordinal_forget();
    CHECK(error_in(ordinal_cell(1, 1)) == "play: no scheme has been looked at yet");
    CHECK(error_in(ordinal_step()) == "play: no training has begun yet");
    ordinal_look("rope", 20, 1);
    CHECK(read(ordinal_explain(5)).at("story").get<std::string>().find("5") != std::string::npos);
}

TEST_CASE("what stands in a specification cannot leave its quotes") {
    CHECK(error_in(ordinal_look("a\"\\\n\x01", 20, 1)).find("'a\"\\\n\x01'") != std::string::npos);
    CHECK(demos::play::object("a", 0.1, "b", NAN, "c", true, "d", Index{-3}, "e", "\t").text ==
          "{\"a\": 0.10000000000000001, \"b\": null, \"c\": true, \"d\": -3, \"e\": \"\\u0009\"}");
}

TEST_CASE("the page's training is that of the demos step by step") {
    const Forget at_the_end;
    std::vector<double> losses;
    const demos::SequenceTask task = demos::sequence_task("mod5");
    const Transformer model = demos::trained_model(task, "rope", 3, 4, [&](double loss) { losses.push_back(loss); });
    CHECK(read(ordinal_train("rope", "mod5", 3, 4)).at("chance") == 0.2);
    for (std::size_t i = 0; i < losses.size(); ++i) {
        const Answer step = read(ordinal_step());
        CHECK(step.at("step") == i + 1);
        CHECK(step.at("loss") == losses[i]);
        CHECK(step.at("done") == (i + 1 == losses.size()));
    }
    CHECK(losses.size() == 4);
    CHECK(error_in(ordinal_step()) == "play: this training is done; begin another one");
    CHECK(read(ordinal_accuracy(64)).at("accuracy") == accuracy(model, task, demos::about_unseen(64)));
    CHECK(error_in(ordinal_train("rope", "mod99", 1, 4)) ==
          "sequence_task: unknown task 'mod99'; there are off1 .. off7 (the shortest sequence has 8 tokens), mod2 .. "
          "mod16 (16 "
          "answers to choose from), marker and after; did you mean mod9?");
    CHECK(error_in(ordinal_train("rope", "off3", 1, 0)) == "play: expected 1 step or more, got 0");
    ordinal_train("table(rows=32)", "off3", 1, 1);
    CHECK(read(ordinal_accuracy(64)).at("accuracy").is_null());    // no such positions
    CHECK(array_of(read(ordinal_progress(64)).at("picture")).dim(0) == 32);
}

TEST_CASE("the trained encodings of the page end where their tables do and a ring does not") {
    const Forget at_the_end;
    const Answer about = read(ordinal_about());
    std::vector<std::string> names;
    for (const Answer& trained : about.at("trained")) {
        const int which = static_cast<int>(names.size());
        names.push_back(trained.at("name"));
        CAPTURE(names.back());
        const Answer seen = read(ordinal_trained(which, 128));
        const Index rows = seen.at("picture").at("shape")[0];
        const bool is_table = trained.at("specification").get<std::string>().starts_with("table");
        CHECK((rows < 128) == is_table);
        CHECK((seen.at("beyond") != "") == is_table);
        if (!is_table) continue;
        const std::string sentence = seen.at("beyond");
        CHECK(sentence.starts_with("LearnedTable: position " + std::to_string(rows) + " is outside"));
    }
    CHECK(names == std::vector<std::string>{"table", "repeated", "rnn", "verse", "control", "ring"});
    CHECK(error_in(ordinal_trained(6, 128)) == "play: there is no trained encoding 6");
}

TEST_CASE("the page is told every scheme with its options and every task") {
    const Forget at_the_end;
    const Answer about = read(ordinal_about());
    CHECK(about.at("schemes").size() == encoding_names().size());
    CHECK(about.at("tasks").size() == demos::sequence_tasks().size());
    CHECK(about.at("colours").size() == 512);
    CHECK(about.at("colours")[255] == 0xffffff);    // of 0
    CHECK(about.at("options")[0].at("name") == "gain");
}
