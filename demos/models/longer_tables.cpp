#include "demos/models/longer_tables.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/measures/indicators.h>
#include <ordinal/positional/measures/similarity.h>
#include <ordinal/positional/tables/learned_table.h>
#include "demos/lab/measurements.h"

namespace ordinal::demos {
namespace {

NdArray longer(const NdArray& table, Index length, const Extension& extension, std::uint64_t seed) {
    NoGrad guard;
    Rng rng(seed + 1000);    // of the fresh rows; the table's own seed would repeat its first rows
    return extend_table(Tensor(table), length, extension, rng).values();
}

// `anchored` is `linear` on another scale, and looks like it.
std::vector<std::string> shown_strategies() {
    std::vector<std::string> names = extend_names();
    std::erase(names, "anchored");
    return names;
}

}    // namespace

NdArray smooth_table(Index rows, Index width, std::uint64_t seed, double likeness) {
    Rng rng(seed);
    NdArray table = random_normal({rows, width}, 1, rng);
    Scalar* p = table.mutable_data();
    const double noise = std::sqrt(1 - likeness * likeness);
    for (Index i = width; i < rows * width; ++i)
        p[i] = static_cast<Scalar>(likeness * static_cast<double>(p[i - width]) + noise * static_cast<double>(p[i]));
    return table;
}

std::vector<std::pair<std::string, double>> seams(const NdArray& Q, Index n) {
    const auto cosine = [&](Index i, Index j) {
        if (std::max(i, j) >= Q.dim(0)) return std::numeric_limits<double>::quiet_NaN();
        double dot = 0, ii = 0, jj = 0;
        for (Index c = 0; c < Q.dim(1); ++c) {
            const auto a = static_cast<double>(Q.at({i, c})), b = static_cast<double>(Q.at({j, c}));
            dot += a * b;
            ii += a * a;
            jj += b * b;
        }
        return ii * jj > 0 ? dot / std::sqrt(ii * jj) : 0;
    };
    return {{"q_n-1, q_n", cosine(n - 1, n)},
            {"q_0, q_n", cosine(0, n)},
            {"q_5, q_n+5", cosine(5, n + 5)},
            {"q_(3,2), q_(2,3)", cosine(3 * n + 2, 2 * n + 3)}};
}

Table seams_table(const std::string& name, const std::string& title, const NdArray& table, Index length,
                  std::uint64_t seed) {
    const Index n = table.dim(0);
    Measurements found;
    for (const std::string& strategy : shown_strategies()) {
        const NdArray Q = longer(table, length, {.strategy = extend_by_name(strategy)}, seed);
        auto cosines = seams(Q, n);
        cosines.emplace_back("translation invariance", translation_invariance(cosine_similarity(Q)));
        for (const auto& [what, value] : cosines)
            found.numbers.push_back({{{"strategy", strategy}, {"cosine", what}}, seed, value});
    }
    return found.table({.name = name,
                        .title = text_of(title, ": ", n, " rows made ", length, " long, seed ", seed,
                                         "; cosines of rows on both sides of a seam")},
                       "strategy", "cosine");
}

plot::Heatmap extension_panel(const NdArray& table, Index length, const Extension& extension, std::uint64_t seed) {
    const Index n = table.dim(0);
    std::vector<Index> marks;
    for (Index seam = n; seam < length; seam += n) marks.push_back(seam);
    std::string title = extend_names()[static_cast<std::size_t>(extension.strategy)];
    if (extension.strategy == Extend::hierarchical) title = text_of(title, ", alpha ", extension.alpha);
    return {.title = title,
            .values = cosine_similarity(longer(table, length, extension, seed)),
            .value_label = "cosine",
            .range = plot::Range{-1, 1},
            .marks = marks,
            .tick_step = n};
}

std::vector<plot::Heatmap> extension_panels(const NdArray& table, Index length, std::uint64_t seed) {
    std::vector<plot::Heatmap> panels;
    for (const std::string& name : shown_strategies())
        panels.push_back(extension_panel(table, length, {.strategy = extend_by_name(name)}, seed));
    return panels;
}

void each_reading(const std::string& name, const Encoding& encoding, Index trained,
                  const std::vector<std::pair<std::string, Extend>>& longer, Rng& rng,
                  const std::function<void(const std::string& reading)>& evaluate) {
    const auto* table = dynamic_cast<const LearnedTable*>(&encoding);
    if (table == nullptr) return evaluate(name);
    evaluate(name + ", untrained rows");
    const Tensor weight = table->weight(), rows(slice(weight.values(), 0, 0, trained));
    for (const auto& [reading, strategy] : longer) {
        weight.set_values(extend_table(rows, weight.dim(0), {.strategy = strategy}, rng).values());
        evaluate(name + ", " + reading);
    }
}

}    // namespace ordinal::demos
