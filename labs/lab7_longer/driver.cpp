#include "driver.h"

#include "longer.h"

#ifdef LAB_MINE
#include "table.h"    // your look_up of lab 4
#endif

using namespace ordinal;
using lab::to_ordinal;
using lab::to_wire;

namespace {

// [m, n], from the student's functions.
NdArray recipes(const std::string& name, Index n, Index m) {
#ifdef TASK_copied
    if (name == "copied") return mine::copied(n, m);
#endif
#ifdef TASK_stretched
    if (name == "stretched") return mine::stretched(n, m);
#endif
#ifdef TASK_two_digits
    if (name == "two_digits") return mine::two_digits(n, m);
#endif
    throw std::logic_error("driver: there is no recipe " + name);
}

// A table without reserved rows and without a sentence at its end.
class Rows : public AdditiveEncoding {
public:
    explicit Rows(const NdArray& rows) : rows_(Tensor::parameter(rows)) {}
    Tensor vectors(const Positions& ids) const override {
        std::vector<Index> rows;
        for (Index i = 0; i < ids.size(); ++i) rows.push_back(ids.whole(i, "Rows"));
#ifdef LAB_MINE
        return mine::look_up(rows_, rows);
#else
        return gather_rows(rows_, {{ids.size()}, rows});
#endif
    }
    Traits traits() const override {
        return {.max_length = rows_.dim(0), .ids = AcceptedIds::whole, .source = "lab 7"};
    }
    Parameters parameters() const override { return {{"rows", rows_}}; }

private:
    Tensor rows_;
};

constexpr Index before = 32, after = 96;

const Transformer& model() {
    static const Transformer trained = [] {
        Rng rng(1);
        const NdArray rows = random_normal({before, lab::sizes.d_model}, 0.1, rng);
        const Transformer fresh = lab::small_model(std::make_shared<Rows>(rows), rng);
        lab::train(fresh, lab::mod(5), {.steps = 300}, rng);
        return fresh;
    }();
    return trained;
}

// The trained model with a longer table; all other numbers are copied.
Transformer longer(const std::string& start) {
    Rng rng(2);
    const NdArray P = model().encoder().position()->parameters().front().tensor.values();
    const NdArray Q = start == "random" ? concat({P, random_normal({after - before, P.dim(1)}, 0.1, rng)}, 0)
                                        : matmul(recipes(start, before, after), P);
    Transformer made = lab::small_model(std::make_shared<Rows>(Q), rng);
    const Parameters from = model().parameters(), to = made.parameters();
    for (std::size_t i = 0; i < from.size(); ++i)
        if (to[i].tensor.shape() == from[i].tensor.shape()) to[i].tensor.set_values(from[i].tensor.values());
    return made;
}

double right_at_all_places(const Transformer& trained) {
    Rng rng(9);
    const lab::Sequences asked = lab::mod(5)(8, after, rng);
    const IndexArray answers = lab::answers(trained, asked.inputs);
    double right = 0;
    for (Index i = 0; i < answers.size(); ++i) right += answers[i] == asked.targets[i];
    return right / static_cast<double>(answers.size());
}

}    // namespace

#ifdef TASK_copied
const lab::Function copied("copied", [](lab::Call& call) {
    const Index n = call.index();
    call.give(to_wire(mine::copied(n, call.index())));
});
#endif

#ifdef TASK_stretched
const lab::Function stretched("stretched", [](lab::Call& call) {
    const Index n = call.index();
    call.give(to_wire(mine::stretched(n, call.index())));
});
#endif

#ifdef TASK_two_digits
const lab::Function two_digits("two_digits", [](lab::Call& call) {
    const Index n = call.index();
    call.give(to_wire(mine::two_digits(n, call.index())));
});
#endif

#ifdef TASK_ring
// The codes, and the gradient of their sum.
const lab::Function ring("ring", [](lab::Call& call) {
    const Tensor P = Tensor::parameter(to_ordinal(call.array()));
    const Tensor codes = mine::ring(P, lab::to_indices(call.array()));
    call.give(to_wire(codes.values()));
    sum(codes).backward();
    call.give(to_wire(P.grad()));
});
#endif

// --- What the predictions and the pictures ask. ---

// After how many steps, and the share of right answers then.
const lab::Function recovery("recovery", [](lab::Call& call) {
    const Transformer made = longer(call.text());
    const Index last = call.index(), between = 5;
    Rng rng(3);
    lab::Array right{{last / between + 1}, {}}, steps = right;
    const Parameters parameters = made.parameters();
    Adam optimizer(parameters, {.beta2 = 0.98});
    for (Index step = 0; step <= last; ++step) {
        if (step % between == 0) {
            steps.values.push_back(static_cast<double>(step));
            right.values.push_back(right_at_all_places(made));
        }
        const lab::Sequences batch = lab::mod(5)(8, after, rng);
        optimizer.clear_gradients();
        cross_entropy(made.forward(batch.inputs, Mode::training(rng)), batch.targets).backward();
        clip_gradients(parameters, 1.0);
        optimizer.step(1e-3);
    }
    call.give(right);
    call.give(steps);
});

// Cosines of the rows of a longer table. Of the old one neighbours are alike, with a cosine of about 0.9.
const lab::Function cosines("cosines", [](lab::Call& call) {
    const std::string name = call.text();
    const Index n = call.index(), m = call.index();
    Rng rng(4);
    NdArray P = random_normal({n, 64}, 1, rng);
    for (Index r = 1; r < n; ++r) P.set({r}, P[r - 1] * 0.9 + P[r] * 0.436);
    NdArray Q = matmul(recipes(name, n, m), P);
    Q = Q / sqrt(sum(Q * Q, 1));
    call.give(to_wire(matmul(Q, transpose(Q))));
});

int main() { return lab::serve(); }
