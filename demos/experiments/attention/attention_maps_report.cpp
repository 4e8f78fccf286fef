#include "demos/experiments/attention/attention_maps_report.h"

#include <algorithm>
#include <cmath>

#include <ordinal/core/error.h>
#include "demos/experiments/spread.h"

namespace ordinal {
namespace {

template <class Get>
std::vector<double> over_seeds(const std::vector<AttentionMaps>& seeds, Get get) {
    std::vector<double> values;
    for (const AttentionMaps& maps : seeds) values.push_back(get(maps));
    return values;
}

std::string lag_text(Index lag) { return lag == 0 ? "itself" : text_of(std::abs(lag), lag < 0 ? " back" : " ahead"); }

// Where each head of the first seed looks most.
std::string heads_text(const AttentionMaps& maps) {
    std::string text;
    for (const BestLag& head : maps.looks_at)
        text += text_of(text.empty() ? "" : ", ", lag_text(head.lag), " ", spread_text({head.share}));
    return text;
}

}    // namespace

std::vector<plot::Heatmap> head_panels(const std::vector<std::string>& encodings,
                                       const std::vector<std::vector<AttentionMaps>>& maps, double strongest) {
    constexpr std::size_t most_rows = 6;    // a taller picture cannot be taken in
    std::vector<plot::Heatmap> panels;
    for (std::size_t e = 0; e < std::min(encodings.size(), most_rows); ++e) {
        const NdArray& attention = maps[e].front().attention;    // [H, T, T]
        for (Index head = 0; head < attention.dim(0); ++head)
            panels.push_back({.title = head == 0 ? encodings[e] : text_of("head ", head + 1),
                              .values = head_of(attention, head),
                              .x_label = "looks at position",
                              .y_label = "position",
                              .value_label = "attention",
                              .colormap = plot::Colormap::viridis,
                              .range = plot::Range{0, strongest},
                              .tick_step = 8});
    }
    return panels;
}

Table off3_table(const MapsResults& results) {
    Table table{.name = "off3",
                .title = text_of("off3, the answer stands three places back: the heads, ", results.seeds.size(),
                                 " seed(s); \"looks at\" is the first one's"),
                .look_at =
                    "Invariance: how far the scores that are left without tokens follow a rule of the distance "
                    "alone, mean over the heads; of the codes: how far the cosine of two trained codes does.",
                .columns = {"encoding", "each head looks at", "share of the clearest", "invariance", "of the codes",
                            "asymmetry", "right at 32..63"}};
    for (std::size_t e = 0; e < results.encodings.size(); ++e) {
        const auto& seeds = results.off3[e];
        table.rows.push_back(
            {results.encodings[e], heads_text(seeds.front()),
             spread_text(over_seeds(seeds, [](const AttentionMaps& m) { return m.clearest().share; })),
             spread_text(over_seeds(seeds, [](const AttentionMaps& m) { return m.mean_invariance(); })),
             spread_text(over_seeds(seeds, [](const AttentionMaps& m) { return m.codes; })),
             spread_text(over_seeds(seeds, [](const AttentionMaps& m) { return m.mean_asymmetry(); })),
             spread_text(over_seeds(seeds, [](const AttentionMaps& m) { return m.unseen; }))});
    }
    return table;
}

Table poems_table(const MapsResults& results) {
    const auto evenly = [](const std::vector<Index>& keys) {
        return spread_text({static_cast<double>(keys.size()) / static_cast<double>(swap_trained_length)});
    };
    const std::vector<Index> five = mark_places_only(Meter::five), seven = mark_places_only(Meter::seven);
    Table table{.name = "poems",
                .title = text_of("Poems, hidden characters: how much of the attention goes to the places where a mark "
                                 "can stand; ",
                                 results.seeds.size(), " seed(s)"),
                .look_at = text_of("The first layer, and there the head that does it most. Looking everywhere alike "
                                   "would give ",
                                   evenly(mark_places()), " on all these places, ", evenly(five),
                                   " on 5, 11 and 17 (marks of five-character verse only) and ", evenly(seven),
                                   " on 7 and 15 (of seven-character verse only). `none` is the control: it knows no "
                                   "places and can look for the marks themselves, where they are not hidden. The "
                                   "windows are of five-character verse."),
                .columns = {"encoding", "from such a place to all of them", "from elsewhere to all",
                            "from such a place to 5, 11, 17", "from such a place to 7, 15", "invariance"}};
    for (std::size_t e = 0; e < results.poems.size(); ++e) {
        const auto& seeds = results.poems[e];
        const auto share = [&](const std::vector<Index>& queries, const std::vector<Index>& keys) {
            return spread_text(
                over_seeds(seeds, [&](const AttentionMaps& m) { return m.largest_share(queries, keys); }));
        };
        table.rows.push_back(
            {results.encodings[e], share(mark_places(), mark_places()), share(other_places(), mark_places()),
             share(mark_places(), five), share(mark_places(), seven),
             spread_text(over_seeds(seeds, [](const AttentionMaps& m) { return m.mean_invariance(); }))});
    }
    return table;
}

Expectations judge_maps(const MapsResults& results, MapsBands bands) {
    Expectations expectations("attention_maps");
    const bool full = bands == MapsBands::full;
    for (std::size_t e = 0; e < results.encodings.size(); ++e) {
        const std::string& name = results.encodings[e];
        const bool is_rnn = name.starts_with("rnn("), is_table = name.starts_with("table(");
        const auto expect = [&](const std::string& what, std::vector<double> measured, const Band& band,
                                const std::string& if_missed) {
            expectations.add({.what = name + ": " + what,
                              .measured = std::move(measured),
                              .band = band,
                              .source = full ? "reference runs in PyTorch, 3 seeds" : "reference runs, wide margin",
                              .if_missed = if_missed,
                              .judged_by = JudgedBy::mean});
        };
        const auto invariance = over_seeds(results.off3[e], [](const AttentionMaps& m) { return m.mean_invariance(); });
        if (is_rnn)
            expect("translation invariance of the scores", invariance, at_least(full ? 0.9 : 0.75),
                   "a recursion that is not on its cycle yet gives its first positions codes of their own");
        if (is_table)
            expect("translation invariance of the scores", invariance, at_most(full ? 0.45 : 0.6),
                   "nothing tells a table that positions 4 and 5 are neighbours as 14 and 15 are");
        const auto codes = over_seeds(results.off3[e], [](const AttentionMaps& m) { return m.codes; });
        const std::string of_codes = "translation invariance of the trained codes";
        if (name.starts_with("rnn(init=orthogonal") && full)
            expect(of_codes, codes, at_least(0.95),
                   "p_{i+k} is the same function of p_i everywhere, but the first codes may not be on the orbit yet");
        if (is_table)
            expect(of_codes, codes, at_most(full ? 0.25 : 0.4),
                   "32 rows learn to be told apart, not to be alike at equal distances");
    }
    return expectations;
}

}    // namespace ordinal
