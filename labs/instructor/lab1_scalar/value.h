// A number that remembers how it was made, and can therefore tell how much each of its inputs matters.
// INSTRUCTOR-ONLY
#pragma once

#include <cmath>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "not_yet.h"

struct Node {
    double data = 0;
    double grad = 0;
    std::string op = "leaf";
    std::vector<std::shared_ptr<Node>> inputs;
    std::function<void(double d_this)> backward;
};

class Value {
public:
    Value(double data) : node(std::make_shared<Node>()) { node->data = data; }

    double data() const { return node->data; }
    double grad() const { return node->grad; }
    void backward() const;

    std::shared_ptr<Node> node;
};

const double slope = RULE_slope;
const double slope_at_zero = std::string(RULE_at_zero) == "right"  ? 1
                             : std::string(RULE_at_zero) == "left" ? slope
                                                                   : (1 + slope) / 2;
const bool inputs_first = std::string(RULE_order) == "inputs first";

inline Value from_op(const std::string& op, double data, std::vector<std::shared_ptr<Node>> inputs,
                     std::function<void(double)> backward) {
    Value out(data);
    out.node->op = op;
    out.node->inputs = std::move(inputs);
    out.node->backward = std::move(backward);
    return out;
}

inline Value operator+(const Value& a, const Value& b) {
    return from_op("+", a.data() + b.data(), {a.node, b.node}, [a = a.node, b = b.node](double d) {
        a->grad += d;
        b->grad += d;
    });
}

inline Value operator*(const Value& a, const Value& b) {
    return from_op("*", a.data() * b.data(), {a.node, b.node}, [a = a.node, b = b.node](double d) {
        a->grad += b->data * d;
        b->grad += a->data * d;
    });
}

// Depth first, with a stack of our own: a node goes into the list when all of its inputs have.
inline std::vector<Value> order(const Value& root) {
    std::vector<Value> found;
    std::set<const Node*> seen{root.node.get()};
    std::vector<std::pair<Value, std::size_t>> path{{root, 0}};    // and the next input to look at
    while (!path.empty()) {
        auto& [value, next] = path.back();
        if (next == value.node->inputs.size()) {
            found.push_back(value);
            path.pop_back();
            continue;
        }
        const std::shared_ptr<Node> input = value.node->inputs[next++];
        if (!seen.insert(input.get()).second) continue;
        Value further(0);
        further.node = input;
        path.push_back({further, 0});
    }
    return inputs_first ? found : std::vector<Value>(found.rbegin(), found.rend());
}

inline void Value::backward() const {
    std::vector<Value> all = order(*this);
    if (inputs_first) all = std::vector<Value>(all.rbegin(), all.rend());    // results first
    for (const Value& value : all)
        if (value.node->backward) value.node->grad = 0;
    node->grad += 1;
    for (const Value& value : all)
        if (value.node->backward) value.node->backward(value.grad());
}

inline Value tanh(const Value& a) {
    const double y = std::tanh(a.data());
    return from_op("tanh", y, {a.node}, [a = a.node, y](double d) { a->grad += (1 - y * y) * d; });
}

inline Value leaky(const Value& a) {
    const double x = a.data(), factor = x > 0 ? 1 : x < 0 ? slope : slope_at_zero;
    return from_op("leaky", x > 0 ? x : slope * x, {a.node}, [a = a.node, factor](double d) { a->grad += factor * d; });
}

inline Value& operator+=(Value& a, const Value& b) {
    a = a + b;
    return a;
}

struct Curve {
    double a = 1, b = 1, c = 0, d = 0;
};

inline Curve fit(const std::vector<double>& xs, const std::vector<double>& targets, int steps, double rate) {
    Curve curve;
    for (int step = 0; step < steps; ++step) {
        const Value a(curve.a), b(curve.b), c(curve.c), d(curve.d);
        Value loss(0);
        for (std::size_t i = 0; i < xs.size(); ++i) {
            const Value error = a * tanh(b * xs[i] + c) + d + -targets[i];
            loss = loss + error * error;
        }
        const Value mean = loss * (1 / static_cast<double>(xs.size()));
        mean.backward();
        curve.a -= rate * a.grad();
        curve.b -= rate * b.grad();
        curve.c -= rate * c.grad();
        curve.d -= rate * d.grad();
    }
    return curve;
}
