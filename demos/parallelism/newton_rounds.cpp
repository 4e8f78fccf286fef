#include "demos/parallelism/newton_rounds.h"

#include <ordinal/positional/recurrences/recurrent_positions.h>
#include "demos/models/sequence_model.h"

namespace ordinal::demos {
namespace {

constexpr Index longest = 1024;
constexpr double one_update = 3e-3;    // training's peak rate: no update of Adam moves a number by much more

// The recursion of orthogonal_rnn, to be solved in rounds, with the numbers that it has been trained to.
std::shared_ptr<const RecurrentPositions> in_rounds(const Encoding& trained, Guess guess) {
    const Index width = sequence_request.d_model;
    Rng rng(1);
    const auto scheme = std::make_shared<RecurrentPositions>(width, width, tanh_step(RecurrenceInit::orthogonal), rng,
                                                             TanhStep::source, guess);
    for (const auto& [name, numbers] : scheme->parameters())
        for (const auto& parameter : trained.parameters())
            if (parameter.name == name) numbers.set_values(parameter.tensor.values());
    return scheme;
}

// All numbers of start, W and b, each up or down.
void update(const RecurrentPositions& scheme, Rng& rng) {
    for (const auto& parameter : scheme.parameters()) {
        NdArray moved = parameter.tensor.values();
        Scalar* numbers = moved.mutable_data();
        for (Index i = 0; i < moved.size(); ++i)
            numbers[i] += static_cast<Scalar>(rng.chance(0.5) ? one_update : -one_update);
        parameter.tensor.set_values(moved);
    }
}

void solve(const RecurrentPositions& scheme, Index length, const std::string& guess, Run& run) {
    scheme.vectors(Positions::arange(length));
    const NewtonReport report = scheme.newton_report();
    const auto record = [&](const std::string& number, Index value) {
        run.record({{"guess", guess}, {"positions", length}, {"number", number}}, static_cast<double>(value));
    };
    record("rounds", report.rounds);
    record("fell back", report.fell_back.empty() ? 0 : 1);
    record("dependent steps", report.dependent_steps);
}

void train_and_solve(const std::vector<Index>& lengths, Run& run) {
    const Transformer model =
        trained_model(sequence_task(run["task"]), orthogonal_rnn, run.seed, run.steps, run.step_done);
    const NoGrad guard;
    Rng rng(run.seed);
    for (const Index length : lengths) {
        const auto last = in_rounds(encoding_of(model), Guess::last);
        solve(*last, length, "zeros", run);    // at the first call there is no last one: it begins with zeros
        update(*last, rng);
        solve(*last, length, "last", run);
        solve(*in_rounds(encoding_of(model), Guess::cycle), length, "cycle", run);
    }
}

// "47, 48, fell back": seed by seed.
std::string rounds_text(const Measurements& found) {
    const std::vector<double> rounds = found.of({{"number", "rounds"}}),
                              fell_back = found.of({{"number", "fell back"}});
    std::string text;
    for (std::size_t i = 0; i < rounds.size(); ++i)
        text += (i == 0 ? "" : ", ") + (fell_back[i] != 0 ? "fell back" : fixed(rounds[i], 0));
    return text;
}

// A row for each length and guess.
Table newton_table(const Measurements& found) {
    const std::size_t seeds = found.seeds().size();
    Table table{
        .name = "newton",
        .title = text_of("Rounds of Newton's method, in ", sizeof(Scalar) == 8 ? "double" : "float",
                         ", until all codes of a trained ", orthogonal_rnn, " are right; ",
                         seeds == 1 ? "one seed" : text_of("of ", seeds, " seeds")),
        .look_at =
            "zeros: nothing is known. last: the codes before every weight has moved by 0.003, as in an update."
            "\ncycle: 127 steps of a loop, and the cycle that they seem to be on. A round waits for log2 of the"
            "\npositions; once a loop would have been done it is called, and both were waited for: fell back."
            "\nIn double: cmake --preset double, cmake --build --preset double, build/double/bin/parallelism --all",
        .columns = {"positions, guess"}};
    for (const std::string& task : found.labels("task")) table.columns.push_back(task);
    table.columns.insert(table.columns.end(), {"fell back", "dependent steps", "of the loop"});
    for (const std::string& length : found.labels("positions"))
        for (const std::string& guess : found.labels("guess")) {
            const Measurements of_row = found.where({"positions", length}).where({"guess", guess});
            std::vector<std::string> row{length + ", " + guess};
            for (const std::string& task : found.labels("task"))
                row.push_back(rounds_text(of_row.where({"task", task})));
            row.push_back(fixed(summary(of_row.of({{"number", "fell back"}})).mean, 2));
            row.push_back(summary_text(of_row.of({{"number", "dependent steps"}}), 0));
            row.push_back(text_of(std::stoll(length) - 1));
            table.rows.push_back(row);
        }
    return table;
}

}    // namespace

// Written down before the first run of this demo.
std::vector<Claim> newton_claims() {
    std::vector<Claim> claims;
    const std::string ours = "ours, stated before the run";
    const auto claim = [&](const std::string& task, const std::string& guess, const std::string& number,
                           const Band& band, const std::string& if_missed) {
        const Labels labels{{"task", task}, {"guess", guess}, {"number", number}, {"positions", longest}};
        const std::string what = text_of(task, " from ", guess, ": ", number, " at ", longest);
        claims.push_back(likely(what, labels, band, {}, if_missed, {}, ours));
        claims.back().judged_by = JudgedBy::every_seed;
        claims.back().decimals = 0;
    };
    const char* const slow =
        "a cycle, as on mod5, attracts, so that what a guess has wrong is forgotten; elsewhere an error lives long";
    for (const std::string task : {"mod5", "off3", "marker"}) {
        claim(task, "zeros", "dependent steps", at_least(longest / 3.0),
              "rounds from zeros differ much from seed to seed; on these weights they pay, and nobody knew before");
        claim(task, "last", "rounds", at_most(10), slow);
        claim(task, "cycle", "rounds", at_most(15), slow);
    }
    for (const std::string guess : {"last", "cycle"})    // less than 1, at both lengths together
        claims.push_back(
            likely("share that fell back, from " + guess, {{"guess", guess}, {"number", "fell back"}}, at_most(0.99),
                   {}, "a loop would always have been done first: then a good guess is worth nothing", {}, ours));
    return claims;
}

void show_newton(const DemoOptions& options, Report& report) {
    const std::vector<std::string> one{"mod5"}, tasks{"mod5", "off3", "marker"};
    const std::vector<Index> short_one{256}, lengths{256, 1024};
    const Measurements found = measure(
        "parallelism: trained RNNs", cases({{"task", options.choose(one, tasks, tasks)}}, options.quick ? 250 : 500),
        options.seed_list(options.all ? 3 : 1),
        [&](Run& run) { train_and_solve(options.choose(short_one, short_one, lengths), run); });
    report.show(newton_table(found));
    report.judge(found);
}

}    // namespace ordinal::demos
