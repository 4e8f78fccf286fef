#include "driver.h"

#include "recurrence.h"

using namespace ordinal;
using lab::to_ordinal;
using lab::to_wire;

namespace {

#if defined(TASK_orbit) && defined(TASK_counter)
// W as the library's RNN begins, so that it contracts; and training does not change it.
mine::Counter contracting(Index m) {
    Rng rng(3);
    const double bound = 1 / std::sqrt(static_cast<double>(m));
    return {random_uniform({m}, -1, 1, rng), random_uniform({m, m}, -bound, bound, rng),
            random_uniform({m}, -bound, bound, rng)};
}

struct Frozen : mine::Recurrence {
    using Recurrence::Recurrence;
    Parameters parameters() const override { return {Recurrence::parameters().back()}; }    // U alone
};

// Trained once a process for each start: the position modulo your period, at up to 32 positions.
const Transformer& model(const std::string& start) {
    static std::map<std::string, Transformer> trained;
    if (const auto found = trained.find(start); found != trained.end()) return found->second;
    Rng rng(1);
    const mine::Counter own = mine::counter();
    const Index m = own.start.dim(0);
    std::shared_ptr<Encoding> encoding;
    if (start == "counter")
        encoding = std::make_shared<mine::Recurrence>(own, lab::sizes.d_model, rng);
    else
        encoding = std::make_shared<Frozen>(contracting(m), lab::sizes.d_model, rng);
    const Transformer fresh = lab::small_model(encoding, rng);
    lab::train(fresh, lab::mod(m), {.steps = 200}, rng);
    return trained.emplace(start, fresh).first->second;
}
#endif

}    // namespace

#ifdef TASK_orbit
// The states, and the gradients of the sum of the last one by the start, W and b.
const lab::Function orbit("orbit", [](lab::Call& call) {
    const Tensor start = Tensor::parameter(to_ordinal(call.array()));
    const Tensor W = Tensor::parameter(to_ordinal(call.array())), b = Tensor::parameter(to_ordinal(call.array()));
    const Tensor codes = mine::orbit(start, W, b, call.index());
    call.give(to_wire(codes.values()));
    sum(codes[-1]).backward();
    for (const Tensor& X : {start, W, b}) call.give(to_wire(X.has_grad() ? X.grad() : zeros(X.shape())));
});
#endif

#ifdef TASK_counter
const lab::Function counter("counter", [](lab::Call& call) {
    const mine::Counter own = mine::counter();
    call.give(to_wire(own.start));
    call.give(to_wire(own.W));
    call.give(to_wire(own.b));
});
#endif

#ifdef TASK_returns_after
const lab::Function returns_after("returns_after", [](lab::Call& call) {
    const NdArray P = to_ordinal(call.array());
    const Index from = call.index();
    call.give(static_cast<double>(mine::returns_after(P, from, call.number())));
});
#endif

#ifdef TASK_back_through_time
const lab::Function back_through_time("back_through_time", [](lab::Call& call) {
    const NdArray P = to_ordinal(call.array()), W = to_ordinal(call.array());
    call.give(to_wire(mine::back_through_time(P, W, to_ordinal(call.array()))));
});
#endif

#if defined(TASK_for_ever) && defined(TASK_orbit) && defined(TASK_counter)
const lab::Function trained("trained", [](lab::Call& call) {
    const IndexArray ids = lab::to_index_array(call.array());
    call.give(to_wire(lab::answers(model(call.text()), ids)));
});
#endif

// --- What the predictions and the picture ask. ---

#if defined(TASK_orbit) && defined(TASK_counter)
NdArray counted(Index count) {
    const mine::Counter own = mine::counter();
    return mine::orbit(Tensor(own.start), Tensor(own.W), Tensor(own.b), count).values();
}

const lab::Function counter_at("counter_at", [](lab::Call& call) {
    const Index k = call.index();
    call.give(to_wire(counted(k + 1)[k]));
});

const lab::Function clock_states("clock", [](lab::Call& call) { call.give(to_wire(counted(call.index()))); });
#endif

#if defined(TASK_orbit) && defined(TASK_returns_after)
NdArray turned(double degrees, double gain, Index count) {
    const double angle = degrees * 3.14159265358979 / 180, c = gain * std::cos(angle), s = gain * std::sin(angle);
    return mine::orbit(Tensor(NdArray({1, 0.2})), Tensor({{c, -s}, {s, c}}), Tensor(NdArray({0, 0})), count).values();
}

const lab::Function trajectory("trajectory", [](lab::Call& call) {
    const double degrees = call.number(), gain = call.number();
    call.give(to_wire(turned(degrees, gain, call.index())));
});

const lab::Function turning("turned", [](lab::Call& call) {
    call.give(static_cast<double>(mine::returns_after(turned(call.number(), 1.2, 1100), 1000, 1e-3)));
});
#endif

int main() { return lab::serve(); }
