// A number that remembers how it was made, and can therefore tell how much each of its inputs matters.
#pragma once

#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "not_yet.h"

// One step of a computation: a number, what it was computed from, and how to go back.
struct Node {
    double data = 0;
    double grad = 0;                                // d out / d this, once backward() of `out` has been here
    std::string op = "leaf";                        // for the picture: "+", "*", "tanh", "leaky"
    std::vector<std::shared_ptr<Node>> inputs;      // what it was computed from; a leaf has none
    std::function<void(double d_this)> backward;    // adds to the gradients of the inputs
};

// A handle to a node: copies are the same number.
class Value {
public:
    Value(double data) : node(std::make_shared<Node>()) { node->data = data; }

    double data() const { return node->data; }
    double grad() const { return node->grad; }
    void backward() const;    // fills the gradients of everything that this was computed from

    std::shared_ptr<Node> node;
};

// Your conventions: ./go lab 1 --for NAME prints them. These are the textbook's.
const double slope = 0.25;         // of leaky, left of zero
const double slope_at_zero = 1;    // of leaky, at zero exactly
const bool inputs_first = true;    // in order(): a node's inputs before itself, or after?

// A new node. Use it in the operations below.
inline Value from_op(const std::string& op, double data, std::vector<std::shared_ptr<Node>> inputs,
                     std::function<void(double)> backward) {
    Value out(data);
    out.node->op = op;
    out.node->inputs = std::move(inputs);
    out.node->backward = std::move(backward);
    return out;
}

// a + b       d(a + b)/da = 1,  d(a + b)/db = 1
inline Value operator+(const Value& a, const Value& b) { not_yet("operator+"); }

// a b         d(a b)/da = b,  d(a b)/db = a
inline Value operator*(const Value& a, const Value& b) { not_yet("operator*"); }

// Every node that `root` was computed from, and root itself: each once, and none before its inputs (or, if your
// convention is the other one, none after its inputs).
inline std::vector<Value> order(const Value& root) { not_yet("order"); }

inline void Value::backward() const { not_yet("Value::backward"); }

// tanh(a)     d tanh(a)/da = 1 - tanh(a)^2
inline Value tanh(const Value& a) { not_yet("tanh"); }

// a if a > 0, else slope a
inline Value leaky(const Value& a) { not_yet("leaky"); }

// From now on `a` means a + b. What was computed with the old a stays as it is.
inline Value& operator+=(Value& a, const Value& b) { not_yet("operator+="); }

// y = a tanh(b x + c) + d
struct Curve {
    double a = 1, b = 1, c = 0, d = 0;
};

// The curve after so many steps of gradient descent from the start above: each step moves a, b, c, d against their
// gradients of the mean over all points of (y - target)^2, times `rate`.
inline Curve fit(const std::vector<double>& xs, const std::vector<double>& targets, int steps, double rate) {
    not_yet("fit");
}
