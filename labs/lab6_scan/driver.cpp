#include "driver.h"

#include "scan.h"

#ifdef LAB_MINE
#include "recurrence.h"    // your orbit of lab 5
#endif

using namespace ordinal;
using lab::to_ordinal;
using lab::to_wire;

namespace {

Tensor constant(lab::Call& call) { return Tensor(to_ordinal(call.array())); }

[[maybe_unused]] mine::Step step(lab::Call& call) {
    const Tensor a = constant(call), b = constant(call);
    return {a, b};
}

[[maybe_unused]] void give(lab::Call& call, const mine::Step& step) {
    call.give(to_wire(step.a.values()));
    call.give(to_wire(step.b.values()));
}

[[maybe_unused]] std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    for (const char letter : text) words.emplace_back(1, letter);
    return words;
}

}    // namespace

#ifdef TASK_apply
const lab::Function apply("apply", [](lab::Call& call) {
    const mine::Step one = step(call);
    call.give(to_wire(mine::apply(one, constant(call)).values()));
});
#endif

#ifdef TASK_combine
const lab::Function combine("combine", [](lab::Call& call) {
    const mine::Step x = step(call), y = step(call);
    give(call, mine::combine(x, y));
});
#endif

#ifdef TASK_nothing
const lab::Function nothing("nothing", [](lab::Call& call) { give(call, mine::nothing(constant(call))); });
#endif

#ifdef TASK_scan
// Texts, combined by writing a pair of parentheses.
const lab::Function scan("scan", [](lab::Call& call) {
    const auto pair = [](const std::string& x, const std::string& y) { return "(" + x + y + ")"; };
    for (const std::string& prefix : mine::scan(words_of(call.text()), pair)) call.give(prefix);
});

const lab::Function calls("calls", [](lab::Call& call) {
    double count = 0;
    const auto counting = [&](int, int) {
        ++count;
        return 0;
    };
    mine::scan(std::vector<int>(static_cast<std::size_t>(call.index())), counting);
    call.give(count);
});
#endif

#ifdef TASK_recurrence
// a, b: [T, S], start: [S] -> the states, [T, S], and the gradients of their sum by a, b and the start.
const lab::Function recurrence("recurrence", [](lab::Call& call) {
    const Tensor A = Tensor::parameter(to_ordinal(call.array())), B = Tensor::parameter(to_ordinal(call.array()));
    const Tensor start = Tensor::parameter(to_ordinal(call.array()));
    std::vector<mine::Step> steps;
    for (Index t = 0; t < A.dim(0); ++t) steps.push_back({A[t], B[t]});
    const Tensor states = stack(mine::recurrence(steps, start), 0);
    call.give(to_wire(states.values()));
    sum(states).backward();
    for (const Tensor& parameter : {A, B, start}) call.give(to_wire(parameter.grad()));
});
#endif

// --- What the picture asks. ---

#if defined(TASK_apply) && defined(TASK_recurrence)
// The longest chain in the graph of all states of so many steps, one after the other and by the scan.
const lab::Function depth("depth", [](lab::Call& call) {
    const Index n = call.index();
    const Tensor start(ones({1}));
    std::vector<mine::Step> steps;
    for (Index t = 0; t < n; ++t) steps.push_back({Tensor::parameter(ones({1})), Tensor::parameter(ones({1}))});
#ifdef LAB_MINE
    const Tensor W = Tensor::parameter(ones({1, 1}));
    const Tensor h = mine::orbit(start, W, Tensor(zeros({1})), n)[-1];
#else
    Tensor h = start;
    for (const mine::Step& one : steps) h = mine::apply(one, h);
#endif
    Index deepest = 0;
    for (const Tensor& state : mine::recurrence(steps, start)) deepest = std::max(deepest, graph_depth(state));
    call.give(static_cast<double>(graph_depth(h)));
    call.give(static_cast<double>(deepest));
});
#endif

int main() { return lab::serve(); }
