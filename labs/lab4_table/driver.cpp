#include "driver.h"

#include "table.h"

using namespace ordinal;
using lab::to_ordinal;
using lab::to_wire;

namespace {

Positions positions(lab::Call& call) { return Positions::of(call.array().values); }

#ifdef TASK_trained
constexpr Index longest = 64;

struct Trained {
    Transformer model;
    std::vector<Scalar> before, after;    // the numbers of the table, row by row
};

// Trained once a process: off3, your table of as many rows as 64 positions need, up to 32 tokens.
const Trained& training() {
    static const Trained trained = [] {
        Rng rng(1);
        const auto table = std::make_shared<mine::Table>(mine::row_of(longest - 1) + 1, lab::sizes.d_model, rng);
        const auto numbers = [&] { return table->parameters()[0].tensor.values().to_vector(); };
        const std::vector<Scalar> before = numbers();
        const Transformer fresh = lab::small_model(table, rng);
        lab::train(fresh, lab::off(3), {}, rng);
        return Trained{fresh, before, numbers()};
    }();
    return trained;
}

const Transformer& model() { return training().model; }
#endif

}    // namespace

#ifdef TASK_row_of
const lab::Function row_of("row_of",
                           [](lab::Call& call) { call.give(static_cast<double>(mine::row_of(call.index()))); });
#endif

#ifdef TASK_fresh
const lab::Function fresh("fresh", [](lab::Call& call) {
    const Index rows = call.index(), D = call.index();
    Rng rng(static_cast<std::uint64_t>(call.index()));
    call.give(to_wire(mine::fresh(rows, D, rng)));
});
#endif

#ifdef TASK_rows_of
const lab::Function rows_of("rows_of", [](lab::Call& call) {
    const Positions ids = positions(call);
    call.give(to_wire(mine::rows_of(ids, call.index())));
});
#endif

#ifdef TASK_look_up
const lab::Function look_up("look_up", [](lab::Call& call) {
    const Tensor P = Tensor::parameter(to_ordinal(call.array()));
    const std::vector<Index> rows = lab::to_indices(call.array());
    const NdArray dY = reshape(to_ordinal(call.array()), {static_cast<Index>(rows.size()), P.dim(1)});
    const Tensor Y = mine::look_up(P, rows);
    call.give(to_wire(Y.values()));
    Y.backward(dY);
    call.give(to_wire(P.grad()));
});
#endif

#ifdef TASK_right_by_position
const lab::Function right_by_position("right_by_position", [](lab::Call& call) {
    const NdArray logits = to_ordinal(call.array());
    call.give(to_wire(mine::right_by_position(logits, lab::to_index_array(call.array()))));
});
#endif

#ifdef TASK_trained
const lab::Function trained("trained", [](lab::Call& call) {
    const IndexArray ids = lab::to_index_array(call.array());
    call.give(lab::to_wire(lab::answers(model(), ids)));
});

// By how much the row of each of the 64 positions has moved in training: the largest of its numbers.
const lab::Function moved("moved", [](lab::Call& call) {
    std::vector<double> largest;
    for (Index k = 0; k < longest; ++k) {
        double most = 0;
        for (Index c = 0; c < lab::sizes.d_model; ++c) {
            const auto place = static_cast<std::size_t>(mine::row_of(k) * lab::sizes.d_model + c);
            most = std::max(most, static_cast<double>(std::abs(training().after[place] - training().before[place])));
        }
        largest.push_back(most);
    }
    call.give(to_wire(largest));
});
#endif

// --- What the predictions and the picture ask. ---

#if defined(TASK_row_of) && defined(TASK_rows_of)
// The last position of a table of so many rows: the first that is refused comes behind it.
const lab::Function last("last", [](lab::Call& call) {
    const Index rows = call.index();
    for (Index k = 0;; ++k) try {
            mine::rows_of(Positions::arange(1, k), rows);
        } catch (const PositionOutOfRange&) {
            return call.give(static_cast<double>(k - 1));
        }
});
#endif

#if defined(TASK_rows_of) && defined(TASK_look_up)
// How much gradient each row of a table of 18 rows has, when these positions are read.
const lab::Function gradient("gradient", [](lab::Call& call) {
    const Tensor P = Tensor::parameter(ones({18, 1}));
    sum(mine::look_up(P, mine::rows_of(positions(call), 18))).backward();
    call.give(to_wire(reshape(P.grad(), {18})));
});

// How many rows of a table of so many rows have a gradient of exactly 0, when the first positions are read.
const lab::Function silent("silent", [](lab::Call& call) {
    const Index rows = call.index(), read = call.index();
    const Tensor P = Tensor::parameter(ones({rows, 4}));
    for (int sequence = 0; sequence < 4; ++sequence)
        sum(mine::look_up(P, mine::rows_of(Positions::arange(read), rows))).backward();
    double zero = 0;
    for (Index r = 0; r < rows; ++r) zero += all(P.grad()[r] == 0);
    call.give(zero);
});
#endif

#if defined(TASK_trained) && defined(TASK_right_by_position)
// The share of right answers at each of 64 places, of 64 sequences.
const lab::Function curve("curve", [](lab::Call& call) {
    Rng rng(7);
    const lab::Sequences asked = lab::off(3)(64, longest, rng);
    call.give(to_wire(mine::right_by_position(lab::logits(model(), asked.inputs), asked.targets)));
});
#endif

int main() { return lab::serve(); }
