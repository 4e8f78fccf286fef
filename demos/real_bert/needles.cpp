// A needle by depth and length: of which long document is half of a quote?
#include <algorithm>
#include <cmath>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/encoding.h>
#include "demos/lab/captions.h"
#include "demos/real_bert/experiments.h"

namespace ordinal::demos {
namespace {

const std::vector<std::string> depths{"first", "middle", "last"};

// b(i, j) = -|i - j| / 16, in all heads and layers alike; nobody loses sight of [CLS]. It was never trained.
class Fading : public Encoding {
public:
    ScoreBias score_bias(const QueryKeyValue&, const AttentionContext& context) const override {
        return {.rows = [T = context.positions.size()](const std::vector<Tensor>&, Index begin, Index end) {
            NdArray bias = NdArray::uninitialized({1, end - begin, T});
            Scalar* b = bias.mutable_data();
            for (Index i = begin; i < end; ++i)
                for (Index j = 0; j < T; ++j) *b++ = j == 0 ? 0 : -static_cast<Scalar>(std::abs(i - j)) / 16;
            return Tensor(bias);
        }};
    }
    Traits traits() const override { return {.place = Place::scores, .source = "ALiBi with one slope, untrained"}; }
    Parameters parameters() const override { return {}; }
};

// Quotes in a row, as many as have room, and for the first, the middle and the last one the first half of its pieces.
struct Documents {
    std::vector<Tokens> texts;
    std::vector<std::vector<Tokens>> questions;    // by depth, one a document
};

Tokens framed(const Tokens& like, Tokens::const_iterator begin, Tokens::const_iterator end) {
    Tokens text{like.front()};
    text.insert(text.end(), begin, end);
    text.push_back(like.back());
    return text;
}

Documents documents_of(const std::vector<Tokens>& pool, Index count, std::size_t pieces) {
    Documents documents{{}, std::vector<std::vector<Tokens>>(depths.size())};
    std::size_t next = 0;
    while (std::ssize(documents.texts) < count) {
        std::vector<const Tokens*> quotes;
        Tokens inner;
        for (;; ++next) {
            const Tokens& quote = pool[next % pool.size()];
            if (inner.size() + quote.size() > pieces) break;
            inner.insert(inner.end(), quote.begin() + 1, quote.end() - 1);
            quotes.push_back(&quote);
        }
        documents.texts.push_back(framed(pool[0], inner.begin(), inner.end()));
        const std::size_t asked[] = {0, quotes.size() / 2, quotes.size() - 1};
        for (std::size_t d = 0; d < depths.size(); ++d) {
            const Tokens& quote = *quotes[asked[d]];
            const Index half = std::max<Index>(4, (std::ssize(quote) - 2) / 2);
            documents.questions[d].push_back(
                framed(quote, quote.begin() + 1, quote.begin() + 1 + std::min(half, std::ssize(quote) - 2)));
        }
    }
    return documents;
}

// The mean of the vectors of each document's windows, of length 1 again.
NdArray by_windows(const std::vector<Tokens>& documents, const MovableBert& bert) {
    constexpr Index room = 118;    // and [CLS] and [SEP]
    std::vector<Tensor> means;
    for (const Tokens& document : documents) {
        std::vector<Tokens> parts;
        for (auto begin = document.begin() + 1, last = document.end() - 1; begin < last;) {
            const auto end = begin + std::min(room, last - begin);
            parts.push_back(framed(document, begin, end));
            begin = end;
        }
        const NdArray whole = reshape(sum(bert.vectors(parts, bert.table(), 0), 0), {bert.table().dim(1)});
        means.emplace_back(whole * static_cast<Scalar>(1 / std::sqrt(static_cast<double>(sum_all(whole * whole)))));
    }
    return stack(means, 0).values();
}

// How often the right document is the nearest one.
double found_first(const NdArray& questions, const NdArray& documents) {
    const IndexArray nearest = argmax_last(matmul(questions, transpose(documents)));
    Index right = 0;
    for (Index i = 0; i < nearest.size(); ++i) right += nearest[i] == i;
    return static_cast<double>(right) / static_cast<double>(nearest.size());
}

std::vector<Case> readings(const DemoOptions& options) {
    const std::map<Index, std::vector<std::string>> all{
        {120, {its_own, its_own + fading}},
        {250, {its_own, first_127, first_127 + fading, "linear"}},
        {500, {its_own, its_own + fading, first_127, first_127 + fading, "linear", windows}},
        {1000, {"linear", "random", "copy", first_127, "hierarchical", "copy" + fading, windows}}};
    std::vector<Case> cases;
    for (const auto& [pieces, readers] : all)
        for (const std::string& reader : readers)
            if (options.all || pieces == 120 || (!options.quick && pieces == 500))
                cases.push_back({{{"pieces", pieces}, {"read by", reader}}, 1});
    return cases;
}

}    // namespace

void show_needles(const Subject& subject, Report& report) {
    const DemoOptions& options = subject.options;
    const MovableBert& plain = subject.bert;
    const MovableBert faded(subject.folder, subject.pooling, std::make_shared<Fading>());
    std::vector<Tokens> pool = subject.sentences;
    Rng rng(options.seed);
    rng.shuffle(std::span(pool));
    const Index count = std::min<Index>(options.choose(24, 48, 80), std::ssize(pool) / 4);
    const Measurements found = measure("real_bert: needles", readings(options), {options.seed}, [&](Run& run) {
        const Documents documents = documents_of(pool, count, std::stoul(run["pieces"]));
        std::string reader = run["read by"];
        NdArray vectors;
        if (reader == windows) {
            vectors = by_windows(documents.texts, plain);
        } else {
            const bool fades = reader.ends_with(fading);
            if (fades) reader.resize(reader.size() - fading.size());
            // linear: the same stretch, by 4, whatever the length
            const NdArray rows = table_named(reader, plain.table(), reader == "linear" ? 2048 : 1024, run.seed);
            vectors = (fades ? faded : plain).vectors(documents.texts, rows, 0);
        }
        double sum = 0;
        for (std::size_t d = 0; d < depths.size(); ++d) {
            const double share = found_first(plain.vectors(documents.questions[d], plain.table(), 0), vectors);
            run.record({{"needle", depths[d]}, {"depth", static_cast<double>(d) / 2}}, share);
            sum += share;
        }
        run.record({{"needle", "mean"}}, sum / 3);
        run.step_done(1 - sum / 3);
    });

    std::vector<plot::LineChart> charts;
    for (const std::string& pieces : found.labels("pieces")) {
        const Measurements at = found.where({"pieces", pieces});
        report.show(at.table({.name = "needles_" + pieces,
                              .title = text_of("the right one of ", count, " documents of ", pieces,
                                               " pieces is nearest to half of a quote from it; chance ",
                                               fixed(1.0 / static_cast<double>(count), 2))},
                             "read by", "needle"));
        charts.push_back(at.chart({.title = pieces + " pieces",
                                   .x_label = "where the quote stands: 0 first, 1 last",
                                   .y_label = "right document first",
                                   .y_range = plot::Range{0, 1}},
                                  "read by", "depth"));
    }
    report.charts("real_bert_needles.svg", "Half of a quote is asked for: which long document is it from?", charts, 2,
                  caption(found, {{"What comes first is remembered, and no table changes that. One vector is too small "
                                   "for a long text: windows of 120 find more than every extension.",
                                   {windows}}}));
    report.judge(found);
}

}    // namespace ordinal::demos
