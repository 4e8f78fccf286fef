#include <ordinal/nn/files/checkpoint.h>

#include <doctest/doctest.h>

#if defined(__unix__) || defined(__APPLE__)
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

#include <ordinal/nn/files/file.h>
#include <ordinal/nn/layer_norm.h>
#include <ordinal/nn/linear.h>
#include <ordinal/nn/loss.h>
#include <ordinal/nn/sequential.h>
#include <ordinal/nn/transformer.h>
#include "tests/core/grouping_locale.h"
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

TEST_CASE("of a whole checkpoint load_parameters says how its weights are read alone") {
    const TempFolder folder;
    const std::string path = folder / "x";
    Rng rng(3);
    const Linear saved(3, 2, rng), loaded(3, 2, rng);
    save_checkpoint(path, saved, Sgd(saved), rng, 1);
    CHECK_THROWS_WITH_AS(load_parameters(path, loaded),
                         ("load_parameters: " + path +
                          " has no array 'weight'; it is a checkpoint: read it with load_checkpoint, or its weights "
                          "alone with .prefix = \"model.\"")
                             .c_str(),
                         FileError);
    load_parameters(path, loaded, {.prefix = "model."});
    CHECK(same_values(values_of(saved), values_of(loaded)));
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

namespace {

// A small run with everything that a checkpoint must carry: Adam's numbers, dropout and batches from one Rng, a
// schedule.
struct Run {
    Rng rng{7};
    Sequential net{Linear(3, 8, rng), tanh, Dropout(0.2), Linear(8, 2, rng)};
    AdamW optimizer{net, 0.1, {.beta2 = 0.98}};
    Index step = 0;
    std::vector<double> losses;
    std::vector<Index> drawn;    // the order in which examples came

    void train(Index steps) {
        for (const Index end = step + steps; step < end; ++step) {
            drawn.push_back(rng.below(1'000'000));
            const Tensor x(random_normal({4, 3}, 1, rng));
            const Tensor loss = mse_loss(net.forward(x, Mode::training(rng)), Tensor(NdArray({4, 2}, 1)));
            optimizer.clear_gradients();
            loss.backward();
            clip_gradients(net, 1);
            optimizer.step(warmup_cosine(step, 100, 0.05, 10));
            losses.push_back(static_cast<double>(loss.item()));
        }
    }
    void save(const std::string& path) const { save_checkpoint(path, net, optimizer, rng, step); }
    void load(const std::string& path) { step = load_checkpoint(path, net, optimizer, rng); }
};

// Everything that a run is, as bits: its next checkpoint.
std::string bits_of(const Run& run, const TempFolder& folder) {
    run.save(folder / "bits");
    return read_file(folder / "bits");
}

}    // namespace

TEST_CASE("a run that stops and goes on is the run that never stopped") {
    const TempFolder folder;
    const std::string path = folder / "run";
    Run whole;
    whole.train(45);
    for (const std::vector<Index>& parts : {std::vector<Index>{5, 40}, {30, 10, 5}, {0, 45}, {1, 1, 1, 42}}) {
        std::vector<double> losses;
        std::vector<Index> drawn;
        Run first;
        first.save(path);    // before the first step
        for (const Index part : parts) {
            Run next;
            next.load(path);
            next.train(part);
            next.save(path);
            losses.insert(losses.end(), next.losses.begin(), next.losses.end());
            drawn.insert(drawn.end(), next.drawn.begin(), next.drawn.end());
        }
        CHECK(losses == whole.losses);
        CHECK(drawn == whole.drawn);
        CHECK(read_file(path) == bits_of(whole, folder));
    }
}

TEST_CASE("the same run with its weights alone goes another way") {
    const TempFolder folder;
    Run whole, weights_only;
    whole.train(5);
    save_parameters(folder / "weights", whole.net);
    load_parameters(folder / "weights", weights_only.net);
    CHECK(same_values(values_of(weights_only.net), values_of(whole.net)));
    weights_only.rng = whole.rng;
    weights_only.step = whole.step;
    whole.train(1);
    weights_only.train(1);
    CHECK(weights_only.drawn.back() == whole.drawn.back());
    CHECK_FALSE(same_values(values_of(weights_only.net), values_of(whole.net)));
}

TEST_CASE("weights can be taken out of a checkpoint of a run") {
    const TempFolder folder;
    Run run, other;
    run.train(2);
    run.save(folder / "run");
    load_parameters(folder / "run", other.net, {.prefix = "model."});
    CHECK(same_values(values_of(other.net), values_of(run.net)));
}

TEST_CASE("a checkpoint of another run is refused with a sentence and changes nothing") {
    const TempFolder folder;
    const std::string path = folder / "run";
    Run run;
    run.train(3);
    run.save(path);
    Run other;
    other.train(1);
    const std::string before = bits_of(other, folder);
    const auto refused = [&](const Module& module, Optimizer& optimizer, const std::string& reason) {
        CHECK_THROWS_WITH_AS(load_checkpoint(path, module, optimizer, other.rng), reason.c_str(), FileError);
        CHECK(bits_of(other, folder) == before);
    };
    Rng rng(1);
    const Sequential small{Linear(3, 4, rng), tanh, Dropout(0.2), Linear(4, 2, rng)};
    const Sequential named{Linear(3, 8, rng), Linear(8, 2, rng)}, shorter{Linear(3, 8, rng)};
    Adam adam(other.net);
    AdamW part(shorter);
    refused(small, other.optimizer,
            "load_checkpoint: '0.weight' in " + path + " has shape [8, 3], the module needs [4, 3]");
    refused(named, other.optimizer, "load_checkpoint: " + path + " has no array 'model.1.weight'");
    refused(shorter, other.optimizer,
            "load_checkpoint: " + path + " holds 'model.3.bias', which the module does not have");
    refused(other.net, adam,
            "load_checkpoint: cannot go on from " + path +
                ": Adam: the state is that of AdamW; go on with the optimizer that it was saved from");
    refused(other.net, part,
            "load_checkpoint: cannot go on from " + path + ": AdamW: the state has '3.bias', which is not used here");
    save_parameters(path, run.net);
    refused(other.net, other.optimizer,
            "load_checkpoint: " + path + " was not written by save_checkpoint; load_parameters reads weights alone");
    save_safetensors(path, {}, {{"optimizer", "AdamW"}});
    refused(Sequential{}, other.optimizer,
            "load_checkpoint: cannot go on from " + path + ": safetensors: " + path +
                " holds no array 'steps_taken'; known: ");
    CHECK_THROWS_WITH_AS(save_checkpoint(path, other.net, other.optimizer, other.rng, -1),
                         "save_checkpoint: expected a number of steps, got -1", OptionError);
}

TEST_CASE("a checkpoint cut anywhere is refused and changes nothing") {
    const TempFolder folder;
    const std::string path = folder / "run";
    Run run, other;
    run.train(2);
    run.save(path);
    other.train(1);
    const std::string whole = read_file(path), before = bits_of(other, folder);
    for (std::size_t length = 0; length < whole.size(); ++length) {
        write_file(path, whole.substr(0, length));
        CHECK_THROWS_AS(other.load(path), FileError);
    }
    CHECK(bits_of(other, folder) == before);
}

TEST_CASE("layers of one shape are matched by name and not by order") {
    struct Pair : Module {
        explicit Pair(bool is_turned) : turned(is_turned) {}
        Parameters parameters() const override {
            if (turned) return {{"p2", p2}, {"p1", p1}};
            return {{"p1", p1}, {"p2", p2}};
        }
        bool turned;
        Tensor p1 = Tensor::parameter(zeros({3, 3})), p2 = Tensor::parameter(zeros({3, 3}));
    };
    const TempFolder folder;
    const Pair saved(false), loaded(true);
    Rng rng(1);
    Adam optimizer(saved), other(loaded);
    saved.p1.set_grad(NdArray({3, 3}, 1));
    saved.p2.set_grad(NdArray({3, 3}, -1));
    optimizer.step(0.5);
    save_checkpoint(folder / "x", saved, optimizer, rng, 1);
    CHECK(load_checkpoint(folder / "x", loaded, other, rng) == 1);
    CHECK(same_numbers(loaded.p1.values(), saved.p1.values()));
    CHECK(same_numbers(loaded.p2.values(), saved.p2.values()));
    CHECK(same_numbers(other.state_dict().memory.at("p1.exp_avg"), NdArray({3, 3}, Scalar(1 - 0.9))));
}

TEST_CASE("counts of steps are kept to the last one") {
    const TempFolder folder;
    Run run;
    OptimizerState state = run.optimizer.state_dict();
    for (auto& [name, steps] : state.steps) steps = (Index{1} << 53) + 1;    // no double is this
    run.optimizer.load_state_dict(state);
    run.step = INT64_MAX;
    run.save(folder / "run");
    Run other;
    other.load(folder / "run");
    CHECK(other.step == INT64_MAX);
    CHECK(other.optimizer.state_dict().steps == state.steps);
}

#if defined(__unix__) || defined(__APPLE__)

// The child saves again and again until it is killed; what lies there is always one whole checkpoint.
TEST_CASE("a run killed while it saves keeps a whole checkpoint") {
    const TempFolder folder;
    const std::string path = folder / "run";
    Run run;
    run.save(path);
    for (int moment = 0; moment < 10; ++moment) {
        const pid_t child = fork();
        REQUIRE(child >= 0);
        if (child == 0)
            for (;; ++run.step) run.save(path);
        usleep(static_cast<useconds_t>(500 + 1700 * moment));
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        Run next;
        CHECK_NOTHROW(next.load(path));
        CHECK(same_values(values_of(next.net), values_of(run.net)));
    }
}

TEST_CASE("a full disk is a FileError and keeps the last checkpoint") {
    const TempFolder folder;
    const std::string path = folder / "run";
    Run run;
    run.save(path);
    const std::string before = read_file(path);
    for (const rlim_t bytes :
         {0u, 1u, 500u, 1500u}) {    // of at most so many bytes for a file, as on a disk that is full
        const pid_t child = fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            const rlimit limit{bytes, bytes};
            setrlimit(RLIMIT_FSIZE, &limit);
            signal(SIGXFSZ, SIG_IGN);
            try {
                run.save(path);
            } catch (const FileError&) {
                _exit(folder.file_count() == 1 ? 3 : 4);    // nothing stays behind
            }
            _exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 3));
        CHECK(read_file(path) == before);
    }
}

#endif

TEST_CASE("a part of a file is loaded by its prefix and under other names") {
    const TempFolder folder;
    const std::string path = folder / "bert";
    const NamedArrays stored = {{"bert.LayerNorm.gamma", NdArray({2}, 3)},
                                {"bert.LayerNorm.beta", NdArray({2}, 4)},
                                {"cls.weight", NdArray({5}, 1)}};
    save_safetensors(path, stored);
    struct Norm : Module {
        Parameters parameters() const override { return parameters_of({{"norm", norm}}); }
        LayerNorm norm{2};
    };
    const Norm model;
    const auto load = [&](const LoadOptions& options) { load_parameters(path, model, options); };
    const LoadOptions fitting{.prefix = "bert.",
                              .rename = {{"LayerNorm", "norm"}, {"gamma", "weight"}, {"beta", "bias"}}};
    load(fitting);
    CHECK(same_numbers(parameter_of(model, "norm.weight").values(), NdArray({2}, 3)));
    CHECK(same_numbers(parameter_of(model, "norm.bias").values(), NdArray({2}, 4)));
    CHECK_THROWS_WITH_AS(load({.prefix = "bret."}),
                         ("load_parameters: " + path + " has no array 'bret.norm.weight'").c_str(), FileError);
    CHECK_THROWS_WITH_AS(
        load({.prefix = "bert.", .rename = {{"LayerNorm.gamma", "norm.weight"}, {"LayerNorm.beta", "norm.weight"}}}),
        ("load_parameters: " + path +
         " holds 'bert.LayerNorm.gamma' and 'bert.LayerNorm.beta', which are "
         "both 'norm.weight' in the module")
            .c_str(),
        FileError);

    NamedArrays more = stored;
    more.emplace_back("bert.pooler", NdArray({1}, 1));
    save_safetensors(path, more);
    CHECK_THROWS_WITH_AS(load(fitting),
                         ("load_parameters: " + path + " holds 'bert.pooler', which the module does not have").c_str(),
                         FileError);
    LoadOptions all = fitting;
    all.allow_more = true;
    CHECK_NOTHROW(load(all));
}

TEST_CASE("what the module does not ask for is not read") {
    const TempFolder folder;
    const std::string path = folder / "x";
    Rng rng(1);
    const Linear layer(1, 1, rng, false);
    std::string header = R"({"ids":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]},)"
                         R"("weight":{"dtype":"I32","shape":[1,1],"data_offsets":[4,8]}})";
    header.resize(136, ' ');
    write_file(path, std::string("\x88\0\0\0\0\0\0\0", 8) + header + std::string("....\5\0\0\0", 8));
    load_parameters(path, layer, {.allow_more = true});
    CHECK(layer.weight().item() == 5);
}

TEST_CASE("names and files are the same in every locale") {
    const TempFolder folder;
    struct Deep : Module {
        Parameters parameters() const override {
            Parameters all;
            append(all, text_of("layers.", 1234), norm);
            return all;
        }
        LayerNorm norm{2000};
    };
    const Deep model;
    save_parameters(folder / "here", model);
    const GroupingLocale there;
    CHECK(names(model).front() == "layers.1234.weight");
    save_parameters(folder / "there", model);
    CHECK(read_file(folder / "there") == read_file(folder / "here"));
    CHECK_NOTHROW(load_parameters(folder / "here", model));
}

TEST_CASE("tied arrays that disagree are refused") {
    struct Tied : Module {
        Tensor w = Tensor::parameter(zeros({2}));
        Parameters parameters() const override { return {{"a", w}, {"b", w}}; }
    };
    const TempFolder folder;
    const Tied module;
    save_safetensors(folder / "same", {{"a", NdArray({1, 2})}, {"b", NdArray({1, 2})}});
    CHECK_NOTHROW(load_parameters(folder / "same", module));
    save_safetensors(folder / "other", {{"a", NdArray({3, 4})}, {"b", NdArray({5, 6})}});
    const std::string path = folder / "other";
    CHECK_THROWS_WITH_AS(
        load_parameters(path, module),
        ("load_parameters: 'b' in " + path + " differs from another array that the module keeps in the same tensor")
            .c_str(),
        FileError);
    CHECK(module.w.values().to_vector() == std::vector<Scalar>{1, 2});
}

TEST_CASE("a module that lists a result of an operation is refused before anything changes") {
    struct WithResult : Module {
        Tensor weight = Tensor::parameter({1, 2}), twice = (weight * 2).detach();
        Parameters parameters() const override { return {{"weight", weight}, {"twice", twice}}; }
    };
    const TempFolder folder;
    const std::string path = folder / "weights.safetensors";
    save_parameters(path, WithResult());
    const WithResult module;
    module.weight.set_values({5, 6});
    CHECK_THROWS_WITH_AS(load_parameters(path, module),
                         "load_parameters: 'twice' is the result of an operation and cannot be filled", FileError);
    CHECK(same_numbers(module.weight.values(), NdArray({5, 6})));
}

TEST_CASE("a state with a negative count of steps is refused") {
    const Tensor w = Tensor::parameter(zeros({1}));
    Adam adam({{"w", w}});
    OptimizerState state = adam.state_dict();
    state.steps["w"] = -1;
    CHECK_THROWS_WITH_AS(adam.load_state_dict(state), "Adam: the state says that 'w' has taken -1 steps", OptionError);
}

TEST_CASE("a parameter that is a result has no place for the numbers of a file") {
    struct Computed : Module {
        Tensor w = Tensor::parameter(zeros({2})), twice = w * 2;
        Parameters parameters() const override { return {{"twice", twice}}; }
    };
    const TempFolder folder;
    save_safetensors(folder / "x", {{"twice", NdArray({1, 2})}});
    CHECK_THROWS_WITH_AS(load_parameters(folder / "x", Computed()),
                         "load_parameters: 'twice' is the result of an operation and cannot be filled", FileError);
}

TEST_CASE("a checkpoint whose counts or random numbers cannot be is refused and changes nothing") {
    const TempFolder folder;
    const std::string path = folder / "x";
    Rng rng(1);
    const Linear layer(1, 1, rng, false);
    const Sgd sgd(layer);
    const auto refused = [&](Index steps_taken, const IndexArray& words, const NamedArrays& more,
                             const std::string& reason) {
        NamedArrays arrays{{"model.weight", NdArray({1, 1}, 7)}};
        arrays.insert(arrays.end(), more.begin(), more.end());
        save_safetensors(path, arrays, {{"optimizer", "Sgd"}},
                         {{"steps.weight", IndexArray(Shape{}, {3})},
                          {"rng", words},
                          {"steps_taken", IndexArray(Shape{}, {steps_taken})}});
        Rng other(2);
        Sgd optimizer(layer);
        const Scalar before = layer.weight().item();
        try {
            const Index step = load_checkpoint(path, layer, optimizer, other);
            CHECK(reason == "");
            CHECK(step == steps_taken);
            CHECK(other.state() == Rng::State{0, 0, 0, 1});
        } catch (const FileError& error) {
            CHECK(error.what() == "load_checkpoint: cannot go on from " + path + ": " + reason);
            CHECK(layer.weight().item() == before);
            CHECK(other.state() == Rng(2).state());
            CHECK(optimizer.state_dict().steps.at("weight") == 0);
        }
    };
    refused(-1, {1, 2, 3, 4}, {}, "it says that -1 steps were taken");
    refused(0, {0, 0, 0, 0}, {}, "Rng: expected a state that is not all 0");
    refused(0, {1, 2, 3}, {}, "'rng' holds 3 numbers, expected 4");
    refused(0, {1, 2, 3, 4, 5}, {}, "'rng' holds 5 numbers, expected 4");
    refused(0, {1, 2, 3, 4}, {{"moddel.weight", NdArray({1, 1}, 7)}},
            "it holds 'moddel.weight', which no checkpoint has");
    refused(0, {0, 0, 0, 1}, {}, "");
    CHECK(layer.weight().item() == 7);
}
