// What is the price of a recursion?
//
// The same number of position codes from a table, a closed form, a doubling, a scan, and step by step: how long it
// takes, how many steps wait for each other, what a second core helps, and what is left of it all once training is
// over. And what an RNN need not wait for: demos/parallelism/newton_rounds.h.

#include <ordinal/core/fast/parallel.h>
#include <ordinal/nn/transformer.h>
#include <ordinal/positional/measures/graph_depth.h>
#include <ordinal/positional/tables/learned_table.h>
#include "demos/lab/run_demo.h"
#include "demos/lab/timing.h"
#include "demos/models/encodings.h"
#include "demos/parallelism/newton_rounds.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

constexpr Index width = 64, batch_size = 8, batch_length = 512;

// Nothing, a look-up, three recursions that need no waiting, and four that do.
const std::vector<std::string> schemes{"table",           "linear(state=8)",      "linear_dense",
                                       "gated",           "rnn(init=orthogonal)", "rnn_over_inputs",
                                       "gru_over_inputs", "ode(state=8)"};

// One of them, or what they stand beside: two Transformer layers.
struct Subject {
    std::string name;
    std::function<Tensor(const NdArray& x)> run;    // x: [B, T, 64] -> [B, T, 64]
    Depth promised = Depth::constant;               // how many steps wait for each other
};

std::shared_ptr<Encoding> made(const std::string& name, Index length) {
    return sample_of(name, {.d_model = width, .max_length = length, .num_heads = 4}, length);
}

Tensor encode(const Encoding& encoding, const NdArray& x) {
    return encoding.apply_to_input(Tensor(x), Positions::arange(x.dim(1)), Mode::evaluation());
}

std::vector<Subject> subjects(const std::vector<std::string>& names, Index longest) {
    std::vector<Subject> all;
    for (const std::string& name : names) {
        const auto encoding = made(name, longest);
        require_at_input(name, *encoding);
        const Traits traits = encoding->traits();
        all.push_back({name, [encoding](const NdArray& x) { return encode(*encoding, x); },
                       traits.place == Place::input ? traits.depth : Depth::constant});
    }
    Rng rng(3);
    const auto layers =
        std::make_shared<TransformerEncoder>(TransformerOptions{.d_model = width, .norm = NormPlacement::pre}, rng);
    all.push_back({"2 Transformer layers",
                   [layers](const NdArray& x) { return layers->forward(Tensor(x), Mode::evaluation()); }});
    return all;
}

NdArray tokens(Index batch, Index length) {
    Rng rng(2);
    return random_normal({batch, length, width}, 0.1, rng);
}

// Milliseconds of one sequence, forward.
Measurements times_of(const std::vector<Subject>& all, const std::vector<Index>& lengths, Index rounds) {
    const std::string threads = text_of(num_threads(), num_threads() == 1 ? " thread" : " threads");
    std::vector<Timed> works;
    for (const Subject& subject : all)
        for (const Index length : lengths)
            works.push_back(
                {{{"encoding", subject.name}, {"length", length}, {"threads", threads}}, [&, x = tokens(1, length)] {
                     NoGrad guard;
                     subject.run(x);
                 }});
    return least_milliseconds("parallelism: " + threads, works, rounds, 5);
}

// Operations on the longest path of the recorded graph: the same on every machine.
Measurements steps_of(const std::vector<Subject>& all, const std::vector<Index>& lengths) {
    Measurements found;
    for (const Subject& subject : all)
        for (const Index length : lengths) {
            const auto steps = static_cast<double>(graph_depth(subject.run(tokens(1, length))));
            found.numbers.push_back({{{"encoding", subject.name}, {"length", length}}, 1, steps});
        }
    return found;
}

// The price of a batch of 8 sequences of 512 positions, on one thread.
Measurements batches_of(const std::vector<std::string>& names, Index rounds) {
    const NdArray x = tokens(batch_size, batch_length);
    Rng rng(4);
    const NdArray d_output = random_normal(x.shape(), 1, rng);
    std::vector<Timed> works;
    for (const std::string& name : names) {
        const auto encoding = made(name, batch_length);
        const auto add = [&](const std::string& what, const std::function<void()>& work) {
            works.push_back({{{"encoding", name}, {"what", what}}, work});
        };
        const auto add_reading = [&](const std::string& what, const std::shared_ptr<const Encoding>& scheme) {
            add(what, [&x, scheme] {
                NoGrad guard;
                encode(*scheme, x);
            });
        };
        if (!encoding->parameters().empty())
            add("training (forward and backward)", [&x, &d_output, encoding] {
                encode(*encoding, x).backward(d_output);
                for (const auto& parameter : encoding->parameters()) parameter.tensor.clear_grad();
            });
        add_reading("reading (forward)", encoding);
        if (!encoding->traits().cacheable) continue;
        NoGrad guard;    // once training is over, codes that do not read the tokens are a table
        const NdArray codes = encode(*encoding, zeros({1, batch_length, width})).values();
        add_reading("reading, cached", std::make_shared<LearnedTable>(reshape(codes, {batch_length, width})));
    }
    return least_milliseconds("parallelism: batches", works, rounds, 5);
}

std::string milliseconds(const std::vector<double>& measured) {
    const double ms = measured.front();
    return fixed(ms, ms < 0.1 ? 3 : ms < 10 ? 2 : 0);
}

// --- What is claimed: the dependent steps, and that a chain takes as long as it is. ---
//
// The time of all others is no claim: their work grows with the length, too. What is flat is what waits.

// How many steps more at 1024 positions than at 128, by what the scheme promises.
std::pair<Band, std::string> more_steps(Depth depth) {
    if (depth == Depth::linear) return {at_least(896), "at least one a position"};
    if (depth == Depth::logarithmic) return {between(3, 100), "three doublings"};
    return {between(0, 0), "none"};
}

std::vector<Claim> claims(const std::vector<Subject>& all, const DemoOptions& options) {
    std::vector<Claim> claims;
    for (const Subject& subject : all) {
        const std::string& name = subject.name;
        if (name.starts_with("rnn"))
            claims.push_back(certain(name + ": time at 1024 / time at 128", {{"encoding", name}, {"times", "ratio"}},
                                     options.quick ? between(4, 16) : between(6, 10), "8 times the steps",
                                     "is something else running on this machine?", 1, infinity));
        const auto [band, source] = more_steps(subject.promised);
        claims.push_back(certain(name + ": dependent steps from 128 to 1024", {{"encoding", name}, {"length", 1024}},
                                 band, source, "count them in the graph", 0));
        claims.back().minus = {{"encoding", name}, {"length", 128}};
    }
    const std::vector<Claim> of_rounds = options.encodings.empty() ? newton_claims() : no_claims;
    claims.insert(claims.end(), of_rounds.begin(), of_rounds.end());
    return claims;
}

Measurements steps_and_ratios(const Measurements& steps, const Measurements& times) {
    Measurements both = steps;
    for (const std::string& name : times.labels("encoding")) {
        const auto at = [&](Index length) { return times.of({{"encoding", name}, {"length", length}}).front(); };
        both.numbers.push_back({{{"encoding", name}, {"times", "ratio"}}, 1, at(1024) / at(128)});
    }
    return both;
}

int run_parallelism(const DemoOptions& options) {
    const std::vector<std::string> names = options.encodings_or(schemes);
    const Index rounds = options.choose<Index>(4, 4, 15);
    std::vector<Index> lengths;
    for (Index length = 32; length <= options.choose(1024, 4096, 8192); length *= 2) lengths.push_back(length);
    const std::vector<Subject> all = subjects(names, lengths.back());
    Report report(options, claims(all, options));

    const int threads = num_threads();
    set_num_threads(1);
    const Measurements times = times_of(all, lengths, rounds), steps = steps_of(all, lengths),
                       batches = batches_of(names, rounds);
    set_num_threads(threads);
    report.show(times.table({.name = "times",
                             .title = "Milliseconds for one sequence of so many positions, forward, on one thread",
                             .look_at = "Every row ends up doubling from column to column, for all of them compute "
                                        "twice as\nmany codes. The last row quadruples: attention looks at all pairs.",
                             .timings = true},
                            "encoding", "length", milliseconds));
    report.show(steps.table({.name = "steps",
                             .title = "Operations that must wait for each other, counted in the recorded graph",
                             .look_at = "More cores shorten the times above down to this, and no further."},
                            "encoding", "length",
                            [](const std::vector<double>& count) { return text_of(count.front()); }));
    report.show(
        batches.table({.name = "caching",
                       .title = text_of("Milliseconds for a batch of ", batch_size, " sequences of ", batch_length,
                                        " positions, on one thread"),
                       .look_at = "A code that does not read the tokens is computed once for the whole batch, and "
                                  "after training\nonce and for all: then it is a table.",
                       .timings = true},
                      "encoding", "what", milliseconds));
    if (threads > 1) {
        Measurements longest = times.where({"length", lengths.back()});
        const Measurements on_all = times_of(all, {lengths.back()}, rounds);
        longest.numbers.insert(longest.numbers.end(), on_all.numbers.begin(), on_all.numbers.end());
        const Table table = longest.table({.name = "threads",
                                           .title = text_of("Milliseconds for ", lengths.back(), " positions"),
                                           .look_at = "A chain of steps gains nothing from a second core.",
                                           .timings = true},
                                          "encoding", "threads", milliseconds);
        report.show(with_column(table, "times as fast", [&](const std::string& encoding) {
            const std::vector<double> one_and_all = longest.of({{"encoding", encoding}});
            return milliseconds({one_and_all.front() / one_and_all.back()});
        }));
    }

    const auto chart = [](Measurements found, const std::string& title, const std::string& y_label) {
        std::erase_if(found.numbers, [](const auto& measured) { return measured.value == 0; });    // has no logarithm
        return found.chart(
            {.title = title, .x_label = "positions in the sequence", .y_label = y_label, .log_x = true, .log_y = true},
            "encoding", "length");
    };
    report.charts("parallelism.svg", "The price of a recursion",
                  {chart(times, "time for one sequence, one thread", "milliseconds"),
                   chart(steps, "steps that wait for each other", "dependent operations")},
                  2,
                  "Left: what waits for itself is slower by a constant factor, and yet attention overtakes it. Right: "
                  "the steps that no number of cores can shorten.",
                  Vary::with_the_machine);
    report.judge(steps_and_ratios(steps, times));
    if (options.encodings.empty()) show_newton(options, report);
    return report.finish();
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "parallelism",
                     .shows = "What a recursion costs: time, dependent steps, threads, caching; and an RNN in rounds.",
                     .chapter = "docs/09-the-price-of-recursion.md",
                     .unused = {{"--corpus", "it reads no text"}}},
                    argc, argv, run_parallelism);
}
