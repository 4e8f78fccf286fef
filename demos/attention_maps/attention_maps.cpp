#include "demos/attention_maps/attention_maps.h"

#include <algorithm>
#include <cmath>

#include <ordinal/positional/measures/kernel.h>
#include "demos/attention_maps/measures.h"
#include "demos/models/sequence_model.h"

namespace ordinal::demos {
namespace {

// What the first layer does with these tokens [B, T], and what is left of its scores when the tokens say nothing.
void look_at(Run& run, const Transformer& model, const IndexArray& ids) {
    const NoGrad guard;
    const auto first_layer = [&](const std::string& what) {
        Activations seen;
        model.hidden(ids, Mode::evaluation(), {.watch = {&seen}});
        return seen["encoder.layers.0.self_attn." + what];
    };
    const NdArray attention = select(mean(Tensor(first_layer("weights")), 0).values(), 0, 0);
    const Tensor tokens = model.parameters().front().tensor;
    const NdArray spoken = tokens.values();
    tokens.set_values(zeros(spoken.shape()));
    const NdArray silent = select(first_layer("scores"), 0, 0);    // all sequences are the same now
    tokens.set_values(spoken);
    const Index heads = attention.dim(0);
    double clearest = 0, invariance = 0, asymmetry = 0;
    for (Index head = 0; head < heads; ++head) {
        clearest = std::max(clearest, best_lag(select(attention, 0, head)).share);
        const LagRule rule = lag_rule(select(silent, 0, head));
        invariance += rule.invariance / static_cast<double>(heads);
        asymmetry += rule.asymmetry / static_cast<double>(heads);
    }
    run.record({{"measure", "clearest"}}, clearest);
    run.record({{"measure", "invariance"}}, invariance);
    run.record({{"measure", "asymmetry"}}, asymmetry);
    run.keep({}, attention);
}

void on_off3(Run& run) {
    const SequenceTask task = sequence_task("off3");
    const Transformer model = trained_model(task, run["encoding"], run.seed, run.steps, run.step_done);
    const Encoding& scheme = encoding_of(model);
    Rng fresh(5);    // the same sequences for every model
    look_at(run, model, task.draw(32, trained_sequence, fresh).inputs);
    run.record({{"measure", "of the codes"}},
               code_invariance(input_codes(scheme, {.length = trained_sequence, .d_model = sequence_request.d_model})));
    run.record({{"measure", "right at 32..63"}}, accuracy(model, task, about_unseen(2 * trained_sequence)));
}

// Where lines of one period end, and lines of the other do not: such places tell the meters apart.
struct OwnPlaces {
    Index period;
    std::vector<Index> places;
    std::string name = "";    // "5, 11, 17"
};
std::vector<OwnPlaces> own_line_ends(const PoemTask& poems) {
    std::vector<OwnPlaces> all;
    for (const Index period : poems.verse.periods) {
        std::vector<Index> others = poems.verse.periods;
        std::erase(others, period);
        if (others.empty()) continue;    // nothing to tell apart
        OwnPlaces own{period, line_ends({period}, others, poems.trained_length())};
        for (const Index place : own.places) own.name += text_of(own.name.empty() ? "" : ", ", place);
        all.push_back(own);
    }
    return all;
}

void on_poems(Run& run, const PoemTask& poems) {
    Rng rng(run.seed);
    const auto scheme = make_encoding(run["encoding"], poems.request(), rng);
    const Transformer model = trained_poem_model(poems, scheme, run.steps, run.step_done, rng);
    Rng fresh(5);    // the same windows for every model
    const IndexArray windows =
        couplet_windows(poems.training.front(), 64, poems.trained_length(), couplet_of(poems.verse.period()), fresh);
    look_at(run, model, hide_characters(windows, 0, fresh).inputs);

    const NdArray& attention = run.arrays.front().value;
    const auto record = [&](const std::string& what, const std::vector<Index>& queries,
                            const std::vector<Index>& keys) {
        double most = 0;    // in the head where they do it most
        for (Index head = 0; head < attention.dim(0); ++head)
            most = std::max(most, share_on(select(attention, 0, head), queries, keys));
        run.record({{"measure", what}}, most);
    };
    const std::vector<Index>& periods = poems.verse.periods;
    const std::vector<Index> marks = line_ends(periods, {}, poems.trained_length());
    record("marks to marks", marks, marks);
    record("others to marks", line_ends({1}, periods, poems.trained_length()), marks);
    for (const OwnPlaces& own : own_line_ends(poems)) record("to " + own.name, marks, own.places);
}

// "3 back 0.97, 3 back 0.45": where each head of the first seed looks most.
std::string heads_text(const NdArray& attention) {
    std::string text;
    for (Index head = 0; head < attention.dim(0); ++head) {
        const auto [lag, share] = best_lag(select(attention, 0, head));
        text += text.empty() ? "" : ", ";
        text += lag == 0 ? "itself" : text_of(std::abs(lag), lag < 0 ? " back" : " ahead");
        text += " " + mean_and_range({share});
    }
    return text;
}

}    // namespace

Table off3_table(const Measurements& found) {
    return found.table({.name = "off3",
                        .title = "off3, the answer stands three places back; " + found.of_seeds(),
                        .look_at = "Clearest: the share of its attention that the clearest head pays at one distance. "
                                   "Invariance: how far the scores without tokens, and the cosines of the codes, "
                                   "follow a rule of the distance alone."},
                       "encoding", "measure");
}

Table with_heads(const Table& table, const Measurements& found) {
    return with_column(table, "each head looks at", [&](const std::string& encoding) {
        return heads_text(found.array({{"encoding", encoding}}));
    });
}

Table poems_table(const Measurements& found, const PoemTask& poems) {
    const auto evenly = [&](const std::vector<Index>& keys) {
        return mean_and_range({static_cast<double>(keys.size()) / static_cast<double>(poems.trained_length())});
    };
    std::string even = evenly(line_ends(poems.verse.periods, {}, poems.trained_length())) + " on all these places";
    for (const OwnPlaces& own : own_line_ends(poems))
        even += text_of(", ", evenly(own.places), " on ", own.name, " (marks of ", characters_a_line(own.period),
                        "-character verse only)");
    return found.without("measure", {"clearest", "asymmetry"})
        .table({.name = "poems",
                .title = "Poems, hidden characters: how much of the attention goes to the places where a mark "
                         "can stand; " +
                         found.of_seeds(),
                .look_at = "From places of marks and from others, in the head of the first layer that does it most. "
                           "Looking everywhere alike would give " +
                           even +
                           ". Without positions a head can only look for the marks themselves. The windows are of " +
                           characters_a_line(poems.verse.period()) + "-character verse."},
               "encoding", "measure");
}

std::vector<Index> line_ends(const std::vector<Index>& of, const std::vector<Index>& not_of, Index length) {
    std::vector<Index> places;
    for (Index k = 1; k <= length; ++k) {
        const auto ends = [&](Index period) { return k % period == 0; };
        if (std::any_of(of.begin(), of.end(), ends) && std::none_of(not_of.begin(), not_of.end(), ends))
            places.push_back(k - 1);
    }
    return places;
}

std::vector<plot::Heatmap> head_panels(const Measurements& found, double strongest) {
    std::vector<std::string> encodings = found.labels("encoding");
    encodings.resize(std::min<std::size_t>(encodings.size(), 6));    // a taller picture cannot be taken in
    std::vector<plot::Heatmap> panels;
    for (const std::string& encoding : encodings) {
        const NdArray& attention = found.array({{"encoding", encoding}});    // [H, T, T]
        for (Index head = 0; head < attention.dim(0); ++head)
            panels.push_back({.title = head == 0 ? encoding : text_of("head ", head + 1),
                              .values = select(attention, 0, head),
                              .x_label = "looks at position",
                              .y_label = "position",
                              .value_label = "attention",
                              .colormap = plot::Colormap::viridis,
                              .range = plot::Range{0, strongest},
                              .tick_step = 8});
    }
    return panels;
}

Measurements maps_runs(const std::vector<std::string>& encodings, const std::vector<std::uint64_t>& seeds, Index steps,
                       const std::optional<PoemTask>& poems, Index poem_steps) {
    std::vector<Case> runs;
    for (const std::string& encoding : encodings) {
        runs.push_back({{{"task", "off3"}, {"encoding", encoding}}, steps});
        if (poems) runs.push_back({{{"task", "poems"}, {"encoding", encoding}}, poem_steps});
    }
    return measure("attention_maps", runs, seeds,
                   [&](Run& run) { run["task"] == "off3" ? on_off3(run) : on_poems(run, *poems); });
}

std::vector<Claim> maps_claims(const std::vector<std::string>& encodings) {
    std::vector<Claim> claims;
    const auto claim = [&](const std::string& of, const std::string& name, const Band& band,
                           const std::optional<Band>& few, const std::string& if_missed) {
        const std::string measure = of == "scores" ? "invariance" : "of the codes";
        const Labels labels{{"task", "off3"}, {"encoding", name}, {"measure", measure}};
        claims.push_back(likely(name + ": translation invariance of the " + of, labels, band, few, if_missed));
    };
    for (const std::string& name : encodings) {
        if (name.starts_with("rnn("))
            claim("scores", name, at_least(0.9), at_least(0.75),
                  "a recursion that is not on its cycle yet gives its first positions codes of their own");
        if (name.starts_with("rnn(init=orthogonal"))
            claim("trained codes", name, at_least(0.95), {},
                  "p_{i+k} is the same function of p_i everywhere, but the first codes may not be on the orbit yet");
        if (!name.starts_with("table(")) continue;
        claim("scores", name, at_most(0.45), at_most(0.6),
              "nothing tells a table that positions 4 and 5 are neighbours as 14 and 15 are");
        claim("trained codes", name, at_most(0.25), at_most(0.4),
              "32 rows learn to be told apart, not to be alike at equal distances");
    }
    return claims;
}

}    // namespace ordinal::demos
