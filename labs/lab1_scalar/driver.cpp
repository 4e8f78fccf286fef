// Asks the functions of value.h.
#include "driver.h"

#include <algorithm>
#include <list>

#include "value.h"

namespace {

// Writes over what the functions before have left behind on the stack: a reference to a local of theirs finds NaN
// there.
[[gnu::noinline]] void write_over_the_stack() {
    volatile unsigned char left_behind[8192];
    for (volatile unsigned char& byte : left_behind) byte = 0xff;
}

// Computes "x0 x1 * dup tanh +": leaves and operations, each taking what stands before it; "dup" uses that twice. Gives
// the result last. The names of the operands mean other numbers afterwards, as after x += z: who has kept a reference
// to one of them reads those.
[[maybe_unused]] std::vector<Value> computed(const std::string& words, const std::vector<Value>& leaves) {
    static std::list<Value> operands;
    operands.clear();
    std::vector<Value> stack;
    const auto take = [&]() -> const Value& {
        operands.push_back(stack.at(stack.size() - 1));
        stack.pop_back();
        return operands.back();
    };
    for (std::size_t at = 0; at < words.size();) {
        const std::size_t end = std::min(words.find(' ', at), words.size());
        const std::string word = words.substr(at, end - at);
        at = end + 1;
        if (word[0] == 'x') stack.push_back(leaves.at(static_cast<std::size_t>(std::stoi(word.substr(1)))));
        if (word == "dup") stack.push_back(Value(stack.at(stack.size() - 1)));
#ifdef TASK_sum
        if (word == "+") {
            const Value &b = take(), &a = take();
            stack.push_back(a + b);
        }
#endif
#ifdef TASK_product
        if (word == "*") {
            const Value &b = take(), &a = take();
            stack.push_back(a * b);
        }
#endif
#ifdef TASK_tanh
        if (word == "tanh") stack.push_back(tanh(take()));
#endif
#ifdef TASK_leaky
        if (word == "leaky") stack.push_back(leaky(take()));
#endif
    }
    std::fill(operands.begin(), operands.end(), Value(-7));
    return stack;
}

[[maybe_unused]] std::vector<Value> leaves_of(const lab::Array& numbers) {
    return std::vector<Value>(numbers.values.begin(), numbers.values.end());
}

[[maybe_unused]] lab::Array gradients(const std::vector<Value>& leaves) {
    lab::Array all{{static_cast<long>(leaves.size())}, {}};
    for (const Value& leaf : leaves) all.values.push_back(leaf.grad());
    return all;
}

// The value of an expression, and what one step back, without backward(), adds to the gradients of the leaves.
const lab::Function one_step("one_step", [](lab::Call& call) {
    const std::string words = call.text();
    const std::vector<Value> leaves = leaves_of(call.array());
    const Value out = computed(words, leaves).at(0);
    write_over_the_stack();
    if (out.node->backward) out.node->backward(1);
    call.give(out.data());
    call.give(gradients(leaves));
});

// 1 if the node of a result is gone when nobody uses the result any more.
const lab::Function let_go("let_go", [](lab::Call& call) {
    const std::string words = call.text();
    const std::vector<Value> leaves = leaves_of(call.array());
    const std::weak_ptr<Node> result = computed(words, leaves).at(0).node;
    call.give(result.expired() ? 1 : 0);
});

#ifdef TASK_reuse
// The value of an expression and the gradients of its leaves, after `times` calls of backward().
const lab::Function gradient("gradient", [](lab::Call& call) {
    const std::string words = call.text();
    const std::vector<Value> leaves = leaves_of(call.array());
    const long times = call.index();
    const Value out = computed(words, leaves).at(0);
    for (long i = 0; i < times; ++i) out.backward();
    call.give(out.data());
    call.give(gradients(leaves));
});
#endif

#ifdef TASK_order
// The place of the root in what order() lists; then of each node its operation, its number, and the places of its inputs
// in the list, or -1.
const lab::Function places("places", [](lab::Call& call) {
    const std::string words = call.text();
    const std::vector<Value> leaves = leaves_of(call.array());
    const Value root = computed(words, leaves).at(0);
    const std::vector<Value> all = order(root);
    const auto place = [&](const std::shared_ptr<Node>& node) {
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i].node == node) return static_cast<double>(i);
        return -1.0;
    };
    call.give(place(root.node));
    for (const Value& value : all) {
        call.give(value.node->inputs.empty() ? "leaf" : value.node->op);
        lab::Array numbers{{3}, {value.data()}};
        for (std::size_t i = 0; i < 2; ++i)
            numbers.values.push_back(i < value.node->inputs.size() ? place(value.node->inputs[i]) : -1);
        call.give(numbers);
    }
});
#endif

#ifdef TASK_add_to
// y = x x, then x += z, then out = x y: the values of y and out, the gradients of the first x and of z.
const lab::Function add_to("add_to", [](lab::Call& call) {
    const Value first(call.number()), z(call.number());
    Value x = first;
    const Value y = x * x;
    x += z;
    const Value out = x * y;
    out.backward();
    for (const double number : {y.data(), out.data(), first.data(), first.grad(), z.grad()}) call.give(number);
});
#endif

#ifdef TASK_fit
const lab::Function fitted("fit", [](lab::Call& call) {
    const lab::Array xs = call.array(), targets = call.array();
    const int steps = static_cast<int>(call.index());
    const Curve curve = fit(xs.values, targets.values, steps, call.number());
    call.give(lab::Array{{4}, {curve.a, curve.b, curve.c, curve.d}});
});
#endif

#if defined(TASK_reuse) && defined(TASK_order)
// Every node of an expression after backward(), inputs before results: op, number, gradient, places of its inputs.
const lab::Function graph("graph", [](lab::Call& call) {
    const std::string words = call.text();
    const std::vector<Value> leaves = leaves_of(call.array());
    const Value out = computed(words, leaves).at(0);
    out.backward();
    std::vector<Value> all = order(out);
    if (all.size() > 1 && all[0].node == out.node) all = std::vector<Value>(all.rbegin(), all.rend());
    for (const Value& value : all) {
        call.give(value.node->op);
        lab::Array numbers{{2}, {value.data(), value.grad()}};
        for (const auto& input : value.node->inputs)
            for (std::size_t i = 0; i < all.size(); ++i)
                if (all[i].node == input) numbers.values.push_back(static_cast<double>(i));
        numbers.shape[0] = static_cast<long>(numbers.values.size());
        call.give(numbers);
    }
});
#endif

}    // namespace

int main() { return lab::serve(); }
