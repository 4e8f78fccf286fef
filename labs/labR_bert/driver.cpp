#include "driver.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "bert.h"

using namespace ordinal;
using lab::to_ordinal;
using lab::to_wire;

namespace {

using Texts = std::vector<std::vector<Index>>;

// A BERT of random numbers, 8 wide. Its rows are large, so that one sees them in everything. The encoder adds no
// positions by itself, unless a table is given.
constexpr Index tiny_words = 20, tiny_rows = 24, tiny_width = 8;

Tensor tiny_table() {
    Rng rng(2);
    return Tensor::parameter(random_normal({tiny_rows, tiny_width}, 1, rng));
}

Transformer tiny_bert(const Transformer::Scheme& position = std::make_shared<NoEncoding>(tiny_width)) {
    Rng rng(1);
    return Transformer({.vocab_size = tiny_words,
                        .num_segments = 2,
                        .token_std = 1,
                        .head = Head::none,
                        .encoder = {.d_model = tiny_width, .num_heads = 2, .d_ff = 16, .input_norm = true}},
                       rng, position);
}

Tensor segments_of(const Transformer& bert) {
    for (const auto& [name, tensor] : bert.parameters())
        if (name == "segments.weight") return tensor;
    throw std::logic_error("driver: a BERT without segments");
}

// [B, T], -1 where a text has ended.
Texts texts_of(const lab::Array& ids) {
    Texts texts(static_cast<std::size_t>(ids.shape[0]));
    for (std::size_t i = 0; i < ids.values.size(); ++i)
        if (ids.values[i] >= 0) texts[i / static_cast<std::size_t>(ids.shape[1])].push_back(std::lround(ids.values[i]));
    return texts;
}

#if defined(TASK_look_up) && defined(TASK_places)
// The unit vectors of texts that are told where they begin, on any table: [B, D].
Tensor vectors(const Transformer& bert, const Tensor& rows, const Texts& texts, const std::vector<Index>& starts) {
    std::vector<Index> lengths;
    for (const auto& text : texts) lengths.push_back(std::ssize(text));
    const PaddedTexts batch = padded(texts, 0);
    const IndexArray places = mine::places(lengths, starts, rows.dim(0));
    const Tensor x = mine::look_up(bert.token_table(), segments_of(bert), rows, batch.ids, places);
    const Tensor h = bert.encoder().forward(x, Mode::evaluation(), {.padding = batch.padding});
    return sentence_vectors(h, batch.padding, Pooling::mean);
}
#endif

}    // namespace

#ifdef TASK_look_up
// What enters the encoder, and the gradient of the table for the gradient dX.
const lab::Function look_up("look_up", [](lab::Call& call) {
    const Tensor words(to_ordinal(call.array())), segments(to_ordinal(call.array()));
    const Tensor rows = Tensor::parameter(to_ordinal(call.array()));
    const IndexArray ids = lab::to_index_array(call.array()), places = lab::to_index_array(call.array());
    const Tensor x = mine::look_up(words, segments, rows, ids, places);
    call.give(to_wire(x.values()));
    sum(x * Tensor(to_ordinal(call.array()))).backward();
    call.give(to_wire(rows.grad()));
});

// The hidden states of a whole text at home: by the model with its own table, and with the student's look-up.
const lab::Function hidden("hidden", [](lab::Call& call) {
    const IndexArray ids = lab::to_index_array(call.array());
    const auto table = std::make_shared<LearnedTable>(tiny_table().values());
    call.give(to_wire(tiny_bert(table).forward(ids, Mode::evaluation()).values()));
    const Transformer bert = tiny_bert();
    std::vector<Index> places;
    for (Index i = 0; i < ids.size(); ++i) places.push_back(i % ids.shape[1]);
    const Tensor x =
        mine::look_up(bert.token_table(), segments_of(bert), tiny_table(), ids, {ids.shape, std::move(places)});
    call.give(to_wire(bert.encoder().forward(x, Mode::evaluation()).values()));
});
#endif

#ifdef TASK_places
const lab::Function places("places", [](lab::Call& call) {
    const std::vector<Index> lengths = lab::to_indices(call.array()), starts = lab::to_indices(call.array());
    call.give(to_wire(mine::places(lengths, starts, call.index())));
});
#endif

#if defined(TASK_look_up) && defined(TASK_places)
// Texts moved along the tiny table, or along one whose rows from 1 on are all row 1: their vectors, and which rows of
// the table have a gradient.
const lab::Function moved("moved", [](lab::Call& call) {
    const Texts texts = texts_of(call.array());
    const std::vector<Index> starts = lab::to_indices(call.array());
    std::vector<Index> which(tiny_rows, 1);
    which[0] = 0;
    const Tensor rows = call.text() == "one row"
                            ? Tensor::parameter(gather_rows(tiny_table().values(), {{tiny_rows}, which}))
                            : tiny_table();
    const Tensor found = vectors(tiny_bert(), rows, texts, starts);
    call.give(to_wire(found.values()));
    sum(found[0] * found[-1] + found[0]).backward();
    lab::Array read{{tiny_rows}, {}};
    for (const Scalar most : max(abs(rows.grad()), 1).to_vector()) read.values.push_back(most > 0 ? 1 : 0);
    call.give(read);
});
#endif

#ifdef TASK_longer
const lab::Function longer("longer", [](lab::Call& call) {
    const Index n = call.index();
    call.give(to_wire(mine::longer(n, call.index())));
});
#endif

#if defined(TASK_look_up) && defined(TASK_places) && defined(TASK_longer)
// The shifts, and how faithful the texts' vectors are there: the mean cosine with the vector at home. On the model's
// own rows (NaN beyond the last), on random ones, and on the student's longer table.
const lab::Function shift_curve("shift_curve", [](lab::Call& call) {
    const NoGrad guard;
    const std::string folder = call.text();
    const Bert bert = read_bert(folder, {.position = std::make_shared<NoEncoding>(1), .frozen = true});
    const WordPiece pieces = WordPiece::read(folder);
    Texts texts;
    std::istringstream lines(call.text());
    for (std::string line; std::getline(lines, line);) texts.push_back(pieces.encode(line, 64).ids);

    const NdArray P = bert.table->weight().values();
    const Index n = P.dim(0), m = 2 * n;
    Rng rng(3);
    const Tensor others(P[Slice(1, n)]);    // random rows shall be as large; row 0 is of another size
    const double deviation = std::sqrt(static_cast<double>(mean(others * others).item()));
    const NdArray random = concat({P[Slice(0, 1)], random_normal({m - 1, P.dim(1)}, deviation, rng)}, 0);
    const std::vector<NdArray> tables{P, random, matmul(mine::longer(n, m), P)};
    const auto at = [&](const NdArray& rows, Index start) {
        return vectors(bert.model, Tensor(rows), texts, std::vector<Index>(texts.size(), start)).values();
    };
    const auto cosine = [&](const NdArray& a, const NdArray& b) {    // of unit vectors, on the mean
        return static_cast<double>(sum(Tensor(a * b)).item()) / static_cast<double>(texts.size());
    };
    const NdArray home = at(P, 0);
    lab::Array shifts{{0}, {}};
    for (const Index s : {0, 32, 64, 128, 192, 256, 320, 384, 432, 512, 640, 768, 896})
        if (s + 64 <= m) shifts.values.push_back(static_cast<double>(s));
    shifts.shape = {std::ssize(shifts.values)};
    call.give(shifts);
    for (const NdArray& rows : tables) {
        lab::Array faithful{shifts.shape, {}};
        for (const double s : shifts.values)
            faithful.values.push_back(s + 64 > static_cast<double>(rows.dim(0))
                                          ? std::numeric_limits<double>::quiet_NaN()
                                          : cosine(at(rows, std::lround(s)), home));
        call.give(faithful);
    }
});
#endif

int main() { return lab::serve(); }
