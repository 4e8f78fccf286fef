// Forward and backward of the operations against PyTorch's figures (tests/parity/).
#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/operators.h>
#include <ordinal/core/ops.h>
#include "tests/core/check_near.h"
#include "tests/parity/figures.h"
#include "tests/places.h"

using namespace ordinal;

namespace {

using Inputs = std::vector<Tensor>;

// What a case is made of, in our words. `figures` and `name` are for what is neither input nor gradient: ids, eps.
struct Case {
    std::string name;
    std::vector<std::string> inputs;
    std::function<Tensor(const Inputs&, const Figures& figures, const std::string& name)> f;
    double float_slack = 1;    // the case's tolerance with float, in units of the usual one
};

using F1 = Tensor (*)(const Tensor&);
using F2 = Tensor (*)(const Tensor&, const Tensor&);

Case unary(const std::string& name, F1 f) {
    return {name, {"x"}, [f](const Inputs& in, const Figures&, const std::string&) { return f(in[0]); }};
}

Case binary(const std::string& name, F2 f) {
    return {name, {"A", "B"}, [f](const Inputs& in, const Figures&, const std::string&) { return f(in[0], in[1]); }};
}

// PyTorch drops the axis of a reduction, we keep it with size 1: the same numbers in the same order.
Tensor in_shape_of(const Tensor& out, const NdArray& expected) { return reshape(out, expected.shape()); }

// Double: some roundings of 1e-16 each. Float: figures are rounded to 6e-8 before they enter, results once more, and
// a gradient is a sum of a few dozen such numbers.
constexpr double usual_tolerance = sizeof(Scalar) == 8 ? 1e-13 : 2e-6;

// Runs every case and checks that the file has no other ones.
void check_parity(const std::string& file, const std::vector<Case>& cases) {
    const Figures figures(file);
    std::set<std::string> names;
    for (const Case& c : cases) {
        INFO(file, ": ", c.name);
        names.insert(c.name);
        Inputs inputs;
        for (const std::string& input : c.inputs) inputs.push_back(Tensor::parameter(figures[c.name + "." + input]));
        const double tolerance = usual_tolerance * (sizeof(Scalar) == 8 ? 1 : c.float_slack);
        const NdArray expected = figures[c.name + ".out"];
        const Tensor out = in_shape_of(c.f(inputs, figures, c.name), expected);
        check_near(out.values(), expected, tolerance);
        out.backward(figures[c.name + ".out.grad"]);
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            INFO("gradient of ", c.inputs[i]);
            check_near(inputs[i].grad(), figures[c.name + "." + c.inputs[i] + ".grad"], tolerance);
        }
    }
    std::ifstream stream(source_dir() + "/tests/parity/" + file + ".txt");
    std::size_t found = 0;
    for (std::string line; std::getline(stream, line);) {
        std::istringstream words(line);    // "array add.out 2 4 3"
        std::string kind, name;
        words >> kind >> name;
        if (kind != "array" || name.size() < 4 || name.compare(name.size() - 4, 4, ".out") != 0) continue;
        ++found;
        INFO(file, ": ", name, " has no test");
        CHECK((names.count(name.substr(0, name.size() - 4)) == 1 || name == "mse.out"));    // mse: nn/loss.h
    }
    CHECK(found >= cases.size());
}

// The figures have a 0/1 mask where torch has a bool.
NdArray mask_of(const Figures& figures, const std::string& name) {
    const IndexArray ids = figures.ids(name);
    const std::vector<Scalar> values(ids.values.begin(), ids.values.end());
    return NdArray(ids.shape, values);
}

// Our softmax works along the last axis; another one is brought there and back.
template <class F>
Case along_axis(const std::string& name, Index axis, F f) {
    return {name, {"x"}, [=](const Inputs& in, const Figures&, const std::string&) {
                return transpose(f(transpose(in[0], axis, -1)), axis, -1);
            }};
}

}    // namespace

TEST_CASE("elementwise operations agree with PyTorch") {
    check_parity("elementwise_binary",
                 {binary("add", add),
                  binary("sub", sub),
                  binary("mul", mul),
                  binary("div", div),
                  binary("maximum", maximum),
                  {"where",
                   {"A", "B"},
                   [](const Inputs& in, const Figures& figures, const std::string& name) {
                       return where(mask_of(figures, name + ".condition"), in[0], in[1]);
                   }},
                  {"masked_fill", {"A"}, [](const Inputs& in, const Figures& figures, const std::string& name) {
                       return masked_fill(in[0], mask_of(figures, name + ".mask"),
                                          static_cast<Scalar>(figures.number(name + ".value")));
                   }}});
    const auto power = [](const std::string& case_name) {
        return Case{case_name, {"x"}, [](const Inputs& in, const Figures& figures, const std::string& name) {
                        return pow(in[0], static_cast<Scalar>(figures.number(name + ".exponent")));
                    }};
    };
    check_parity("elementwise_unary", {unary("neg", neg), power("pow_cube"), power("pow_half"), power("pow_inverse"),
                                       power("pow_negative_base"), unary("exp", exp), unary("log", log),
                                       unary("sqrt", sqrt), unary("tanh", tanh), unary("sigmoid", sigmoid),
                                       unary("relu", relu), unary("gelu", gelu), unary("sin", sin), unary("cos", cos)});
}

TEST_CASE("reductions agree with PyTorch") {
    std::vector<Case> cases{unary("sum_all", sum), unary("mean_all", mean),
                            unary("sum_keepdim", [](const Tensor& x) { return sum(x, 1); })};
    for (Index axis = 0; axis < 3; ++axis) {
        const auto reduction = [axis](const std::string& name, Tensor (*f)(const Tensor&, Index)) {
            return Case{text_of(name, "_axis", axis), {"x"}, [=](const Inputs& in, const Figures&, const std::string&) {
                            return f(in[0], axis);
                        }};
        };
        cases.push_back(reduction("sum", sum));
        cases.push_back(reduction("mean", mean));
        cases.push_back(reduction("max", max));
    }
    check_parity("reductions", cases);
}

TEST_CASE("softmax and log_softmax agree with PyTorch") {
    std::vector<Case> cases{unary("softmax_large", softmax), unary("log_softmax_large", log_softmax)};
    // Logits near 300 are rounded to 1.5e-5 on entering as floats, and so are their differences, the results.
    for (Case& large : cases) large.float_slack = 20;
    for (Index axis = 0; axis < 3; ++axis) {
        cases.push_back(along_axis(text_of("softmax_axis", axis), axis, softmax));
        cases.push_back(along_axis(text_of("log_softmax_axis", axis), axis, log_softmax));
    }
    check_parity("softmax", cases);
}

TEST_CASE("layer_norm agrees with PyTorch") {
    const auto normalise = [](const Inputs& in, const Figures& figures, const std::string& name) {
        return layer_norm(in[0], in[1], in[2], figures.number(name + ".eps"));
    };
    const std::vector<std::string> inputs{"x", "weight", "bias"};
    // x near 0.003 has a deviation of the same size: its gradient is 1/0.004 times as large as its output's, and so is
    // its rounding error.
    check_parity(
        "layer_norm",
        {{"eps_bert", inputs, normalise}, {"eps_torch", inputs, normalise}, {"small_variance", inputs, normalise, 20}});
}

TEST_CASE("matmul agrees with PyTorch") {
    check_parity("matmul",
                 {binary("plain", matmul), binary("batched", matmul), binary("broadcast_right", matmul),
                  binary("broadcast_left", matmul), binary("broadcast_both", matmul),
                  binary("transposed_A", [](const Tensor& A, const Tensor& B) { return matmul(transpose(A), B); }),
                  binary("transposed_B", [](const Tensor& A, const Tensor& B) { return matmul(A, transpose(B)); })});
}

TEST_CASE("attention agrees with PyTorch - causal and padded and across and with nothing to see") {
    for (const auto f : {attention, naive_attention}) {
        const auto with = [f](const std::string& name, const AttentionOptions& options) {
            return Case{name, {"Q", "K", "V"}, [=](const Inputs& in, const Figures&, const std::string&) {
                            return f(in[0], in[1], in[2], options);
                        }};
        };
        const NdArray padding({2, 4}, {0, 0, 0, 0, 0, 0, 0, 1});
        check_parity("scaled_dot_product",
                     {with("causal", {.causal = true}), with("causal_last", {.causal = true}), with("cross", {}),
                      with("padded", {.padding = padding}), with("padded_causal", {.causal = true, .padding = padding}),
                      with("nothing", {.padding = NdArray({2, 4}, {0, 0, 0, 0, 1, 1, 1, 1})})});
    }
}

TEST_CASE("operations on shapes agree with PyTorch") {
    std::vector<Case> cases{unary("reshape",
                                  [](const Tensor& x) {
                                      return reshape(x, {4, 6});
                                  }),
                            unary("reshape_of_transposed",
                                  [](const Tensor& x) {
                                      return reshape(transpose(x), {2, 3});
                                  }),
                            unary("transpose", [](const Tensor& X) { return transpose(X); }),
                            unary("transpose_0_2", [](const Tensor& x) { return transpose(x, 0, 2); }),
                            unary("permute_2_0_1",
                                  [](const Tensor& x) {
                                      return permute(x, {2, 0, 1});
                                  }),
                            unary("slice_axis1_1_3", [](const Tensor& x) { return slice(x, 1, 1, 3); }),
                            unary("broadcast_to", [](const Tensor& x) {
                                return broadcast_to(x, {2, 3, 4});
                            })};
    for (Index axis = 0; axis < 3; ++axis) {
        const auto joined = [axis](const std::string& name, Tensor (*f)(const std::vector<Tensor>&, Index)) {
            return Case{text_of(name, "_axis", axis),
                        {"A", "B"},
                        [=](const Inputs& in, const Figures&, const std::string&) { return f(in, axis); }};
        };
        if (axis < 2) cases.push_back(joined("cat", concat));
        cases.push_back(joined("stack", stack));
    }
    check_parity("shapes", cases);
}

TEST_CASE("numbers on both sides and what changes at a point agree with PyTorch") {
    check_parity("operators", {unary("one_minus", [](const Tensor& x) { return 1 - x; }),
                               unary("minus_one", [](const Tensor& x) { return x - 1; }),
                               unary("one_over", [](const Tensor& x) { return 1 / x; }),
                               unary("over_three", [](const Tensor& x) { return x / 3; }), binary("minimum", minimum),
                               binary("minimum_of_equals", minimum), unary("abs", abs),
                               unary("clamp", [](const Tensor& x) { return clamp(x, -0.5, 0.75); }),
                               unary("log1p", log1p), unary("softplus", softplus), unary("silu", silu),
                               unary("where_number", [](const Tensor& x) { return where(x > 0, x * x, -2); })});
}

TEST_CASE("indices and slices agree with PyTorch") {
    check_parity("indexing",
                 {unary("first", [](const Tensor& x) { return x[0]; }),
                  unary("last_of_last", [](const Tensor& x) { return x[-1][-1]; }),
                  unary("select", [](const Tensor& x) { return select(x, 1, -2); }),
                  unary("from_the_end", [](const Tensor& x) { return x[Slice{-3}]; }),
                  unary("inside", [](const Tensor& x) { return slice(x, 1, 1, -1); }),
                  unary("past_the_end", [](const Tensor& x) { return slice(x, 0, 3, 20); }),
                  unary("every_second", [](const Tensor& x) { return slice(x, 1, {.step = 2}); }),
                  unary("backwards", [](const Tensor& x) { return slice(x, 1, {.step = -2}); }),
                  unary("squeeze", squeeze), unary("unsqueeze", [](const Tensor& x) { return unsqueeze(x, 1); }),
                  unary("T", [](const Tensor& x) { return x.T(); }),
                  unary("sum_axes",
                        [](const Tensor& x) {
                            return sum(x, {0, 2});
                        }),
                  unary("mean_axes", [](const Tensor& x) {
                      return mean(x, {-1, 0});
                  })});
}

TEST_CASE("gather_rows agrees with the embedding of PyTorch") {
    check_parity("embedding",
                 {{"lookup", {"weight"}, [](const Inputs& in, const Figures& figures, const std::string& name) {
                       return gather_rows(in[0], figures.ids(name + ".ids"));
                   }}});
}

TEST_CASE("cross_entropy agrees with PyTorch") {
    const auto loss = [](const Inputs& in, const Figures& figures, const std::string& name) {
        return cross_entropy(in[0], figures.ids(name + ".targets"));
    };
    check_parity("losses", {{"cross_entropy", {"logits"}, loss}, {"cross_entropy_ignored", {"logits"}, loss}});
}
