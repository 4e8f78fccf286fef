// Gradient checks of all operations: one row each, random sizes, broadcasting, axes of size 1, inputs used twice.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <map>
#include <sstream>

#include <ordinal/core/grad_check.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops.h>
#include "tests/core/source_files.h"

using namespace ordinal;

namespace {

// Where inputs are drawn from: some operations are not defined, or have no slope, everywhere.
enum class Domain {
    any,         // standard normal
    positive,    // 0.5 .. 2
    apart        // any two numbers, also of different inputs, differ by 0.1 or more, and none is nearer than 0.05 to 0
};

struct Row {
    std::string name;    // the operation; a second word tells overloads apart
    // Shapes of the inputs: one string a variant, one word an input, "-" for []. A letter is a size of its own, drawn
    // anew for each seed; digits are sizes as they stand.
    std::vector<std::string> variants;
    Domain domain;
    std::function<Tensor(const std::vector<Tensor>&)> f;
};

using Inputs = std::vector<Tensor>;
const std::vector<std::string> one_input{"MN", "M1N", "-", "1"};
const std::vector<std::string> broadcasting{"MN MN", "MN N", "M1N KN", "1N M1", "- M", "LMN 1MN"};

// Targets or row numbers for a test: any numbers below `count`, each of them several times.
IndexArray some_ids(const Shape& shape, Index count) {
    std::vector<Index> ids;
    for (Index i = 0; i < shape.size(); ++i) ids.push_back(i * i % count);
    return {shape, ids};
}

// 0 and 1 mixed, deterministic.
NdArray some_mask(const Shape& shape) {
    NdArray mask(shape);
    for (Index i = 0; i < mask.size(); ++i) mask.mutable_data()[i] = i % 3 == 1 ? 1 : 0;
    return mask;
}

// A mask, dropout, and a bias from in[3]: its own rows if it is [H, T, T], else Q in[3]^T, which depends on Q, too.
AttentionOptions some_attention_options(const Inputs& in) {
    const auto own_rows = [](const Inputs& sources, Index begin, Index end) {
        return slice(sources[1], 1, begin, end);
    };
    const auto from_queries = [](const Inputs& sources, Index begin, Index end) {
        return matmul(slice(sources[0], 2, begin, end), transpose(sources[1]));
    };
    const Index T = in[0].dim(2);
    AttentionOptions options{
        .mask = some_mask({2, T, T}), .bias = {.sources = {in[0], in[3]}}, .dropout = 0.2, .seed = 1};
    if (in[3].ndim() == 3)
        options.bias.rows = own_rows;
    else
        options.bias.rows = from_queries;
    return options;
}

// Every sequence but the first ends with padding, from key `visible` on (1: the first key is left; 0: none).
AttentionOptions padded(const Inputs& in, Index visible = 1) {
    const Index B = in[1].dim(0), T = in[1].dim(2);
    NdArray padding({B, T});
    for (Index b = 1; b < B; ++b)
        for (Index j = visible; j < T; ++j) padding.mutable_data()[b * T + j] = 1;
    return {.padding = padding};
}

const std::vector<Row>& table() {
    // clang-format off: a row is a line
    static const std::vector<Row> rows{
        {"add", broadcasting, Domain::any, [](const Inputs& in) { return add(in[0], in[1]); }},
        {"sub", broadcasting, Domain::any, [](const Inputs& in) { return sub(in[0], in[1]); }},
        {"mul", broadcasting, Domain::any, [](const Inputs& in) { return mul(in[0], in[1]); }},
        {"div", broadcasting, Domain::positive, [](const Inputs& in) { return div(in[0], in[1]); }},
        {"maximum", broadcasting, Domain::apart, [](const Inputs& in) { return maximum(in[0], in[1]); }},
        {"add twice", {"MN"}, Domain::any, [](const Inputs& in) { return add(in[0], in[0]); }},
        {"sub twice", {"MN N"}, Domain::any, [](const Inputs& in) { return sub(in[0], in[1]) - in[0] * 3; }},
        {"mul twice", {"MN"}, Domain::any, [](const Inputs& in) { return mul(in[0], in[0]); }},
        {"div twice", {"33"}, Domain::positive, [](const Inputs& in) { return div(in[0], transpose(in[0])); }},
        {"maximum twice", {"MN"}, Domain::apart, [](const Inputs& in) { return maximum(in[0], -in[0]); }},

        {"neg", one_input, Domain::any, [](const Inputs& in) { return neg(in[0]); }},
        {"scale", one_input, Domain::any, [](const Inputs& in) { return scale(in[0], Scalar(-1.5)); }},
        {"shift", one_input, Domain::any, [](const Inputs& in) { return shift(in[0], Scalar(0.5)); }},
        {"pow 3", one_input, Domain::any, [](const Inputs& in) { return pow(in[0], 3); }},
        {"pow fraction", one_input, Domain::positive, [](const Inputs& in) { return pow(in[0], Scalar(-1.5)); }},
        {"exp", one_input, Domain::any, [](const Inputs& in) { return exp(in[0]); }},
        {"log", one_input, Domain::positive, [](const Inputs& in) { return log(in[0]); }},
        {"sqrt", one_input, Domain::positive, [](const Inputs& in) { return sqrt(in[0]); }},
        {"sin", one_input, Domain::any, [](const Inputs& in) { return sin(in[0]); }},
        {"cos", one_input, Domain::any, [](const Inputs& in) { return cos(in[0]); }},
        {"tanh", one_input, Domain::any, [](const Inputs& in) { return tanh(in[0]); }},
        {"sigmoid", one_input, Domain::any, [](const Inputs& in) { return sigmoid(in[0]); }},
        {"relu", {"MN", "M1N"}, Domain::apart, [](const Inputs& in) { return relu(shift(in[0], 0)); }},
        {"gelu", one_input, Domain::any, [](const Inputs& in) { return gelu(in[0]); }},

        {"where",
         {"MN MN", "MN N", "MN -", "M1 1N"},
         Domain::any,
         [](const Inputs& in) {
             return where(some_mask(broadcast_shapes(in[0].shape(), in[1].shape(), "mask")), in[0], in[1]);
         }},
        {"where row",
         {"M5 M5", "M1 5"},
         Domain::any,
         [](const Inputs& in) { return where(some_mask({5}), in[0], in[1]); }},
        {"masked_fill",
         {"MN", "KMN"},
         Domain::any,
         [](const Inputs& in) { return masked_fill(in[0], some_mask({in[0].dim(-1)}), Scalar(-2.5)); }},
        {"masked_fill wider",
         {"M1"},
         Domain::any,
         [](const Inputs& in) {
             return masked_fill(in[0], some_mask({2, 1, 4}), 7);
         }},

        {"sum", one_input, Domain::any, [](const Inputs& in) { return sum(in[0]); }},
        {"sum axis", {"KMN", "MN1"}, Domain::any, [](const Inputs& in) { return sum(in[0], 1) + sum(in[0], -1); }},
        {"sum first", {"KMN"}, Domain::any, [](const Inputs& in) { return sum(in[0], 0); }},
        {"mean", one_input, Domain::any, [](const Inputs& in) { return mean(in[0]); }},
        {"mean axis", {"KMN", "MN1"}, Domain::any, [](const Inputs& in) { return mean(in[0], 1) * mean(in[0], -1); }},
        {"max", {"KMN", "K1N"}, Domain::apart, [](const Inputs& in) { return max(in[0], 1) + max(in[0], -1); }},
        {"softmax", {"M3", "KM4"}, Domain::any, [](const Inputs& in) { return softmax(in[0]); }},
        {"softmax turned", {"3MN"}, Domain::any, [](const Inputs& in) { return softmax(transpose(in[0], 0, 2)); }},
        {"log_softmax", {"M3", "KM4"}, Domain::any, [](const Inputs& in) { return log_softmax(in[0]); }},
        {"layer_norm",
         {"M4 4 4", "KM5 5 5"},
         Domain::any,
         [](const Inputs& in) { return layer_norm(in[0], in[1], in[2], 1e-5); }},
        {"layer_norm twice",
         {"4"},
         Domain::any,
         [](const Inputs& in) { return layer_norm(in[0], in[0], in[0], 1e-2); }},

        {"matmul",
         {"MK KN", "BMK BKN", "BMK KN", "MK BKN", "C1MK BKN", "1K K1"},
         Domain::any,
         [](const Inputs& in) { return matmul(in[0], in[1]); }},
        {"matmul transposed",
         {"KM NK", "BKM BNK", "BKM NK"},
         Domain::any,
         [](const Inputs& in) { return matmul(transpose(in[0]), transpose(in[1])); }},
        {"linear",
         {"MK NK N", "BMK NK N", "K NK N"},
         Domain::any,
         [](const Inputs& in) { return linear(in[0], in[1], in[2]); }},
        {"linear without bias", {"BMK NK"}, Domain::any, [](const Inputs& in) { return linear(in[0], in[1], {}); }},
        {"linear twice", {"33 3"}, Domain::any, [](const Inputs& in) { return linear(in[0], in[0], in[1]); }},
        {"matmul twice", {"MM", "BMM"}, Domain::any, [](const Inputs& in) { return matmul(in[0], in[0]); }},

        {"attention", {"BMTN BMTN BMTN"}, Domain::any, [](const Inputs& in) { return attention(in[0], in[1], in[2]); }},
        {"attention twice", {"BMTN"}, Domain::any, [](const Inputs& in) { return attention(in[0], in[0], in[0]); }},
        {"attention causal",
         {"BMTN BMTN BMTK", "1264 1264 1263", "1214 1234 1234"},
         Domain::any,
         [](const Inputs& in) { return attention(in[0], in[1], in[2], {.causal = true}); }},
        {"attention padded across",
         {"BMSN BMTN BMTK"},
         Domain::any,
         [](const Inputs& in) { return attention(in[0], in[1], in[2], padded(in)); }},
        {"attention hidden",
         {"2MTN 2MTN 2MTK"},
         Domain::any,
         [](const Inputs& in) { return attention(in[0], in[1], in[2], padded(in, 0)) + sum(in[0] * in[0]); }},
        {"attention rich",
         {"B2T3 B2T3 B2T3 2TT", "12T3 12T3 12T3 T3"},
         Domain::any,
         [](const Inputs& in) { return attention(in[0], in[1], in[2], some_attention_options(in)); }},
        {"naive_attention",
         {"BMTN BMTN BMTN"},
         Domain::any,
         [](const Inputs& in) { return naive_attention(in[0], in[1], in[2]); }},
        {"naive_attention causal",
         {"BMTN BMTN BMTK", "1214 1234 1234"},
         Domain::any,
         [](const Inputs& in) { return naive_attention(in[0], in[1], in[2], {.causal = true}); }},
        {"naive_attention padded across",
         {"BMSN BMTN BMTK"},
         Domain::any,
         [](const Inputs& in) { return naive_attention(in[0], in[1], in[2], padded(in)); }},
        {"naive_attention rich",
         {"B2T3 B2T3 B2T3 2TT", "12T3 12T3 12T3 T3"},
         Domain::any,
         [](const Inputs& in) { return naive_attention(in[0], in[1], in[2], some_attention_options(in)); }},
        {"tanh_recurrence",
         {"BTN NN BN", "93N NN 9N"},
         Domain::any,
         [](const Inputs& in) { return tanh_recurrence(in[0], in[1], in[2]); }},

        {"reshape", {"MN2", "1M"}, Domain::any, [](const Inputs& in) { return reshape(in[0], Shape{in[0].size()}); }},
        {"reshape open",
         {"MN2"},
         Domain::any,
         [](const Inputs& in) {
             return reshape(transpose(in[0]), {2, -1});
         }},
        {"transpose", {"MN", "KMN"}, Domain::any, [](const Inputs& in) { return transpose(in[0]); }},
        {"transpose axes", {"KMN", "KM1N"}, Domain::any, [](const Inputs& in) { return transpose(in[0], 0, -1); }},
        {"permute",
         {"KMN"},
         Domain::any,
         [](const Inputs& in) {
             return permute(in[0], {2, 0, -2});
         }},
        {"slice", {"M4N", "14"}, Domain::any, [](const Inputs& in) { return slice(in[0], 1, 1, 3); }},
        {"slice twice",
         {"M4N"},
         Domain::any,
         [](const Inputs& in) { return slice(in[0], 1, 0, 3) * slice(transpose(transpose(in[0])), -2, 1, 4); }},
        {"broadcast_to",
         {"M1", "1"},
         Domain::any,
         [](const Inputs& in) {
             return broadcast_to(in[0], {3, in[0].dim(0), 2});
         }},
        {"concat",
         {"MN KN"},
         Domain::any,
         [](const Inputs& in) {
             return concat({in[0], in[1], in[0]}, 0);
         }},
        {"concat last",
         {"MNK MN1"},
         Domain::any,
         [](const Inputs& in) {
             return concat({in[0], in[1]}, -1);
         }},
        {"stack",
         {"MN MN"},
         Domain::any,
         [](const Inputs& in) {
             return stack({in[0], in[1], in[0]}, 1);
         }},
        {"unstack",
         {"M3N"},
         Domain::any,
         [](const Inputs& in) {
             const std::vector<Tensor> parts = unstack(in[0], 1);
             return parts[0] * parts[2] - parts[1];
         }},
        {"gather_rows",
         {"VN"},
         Domain::any,
         [](const Inputs& in) {
             return gather_rows(in[0], some_ids({2, 3}, in[0].dim(0)));
         }},

        {"cross_entropy",
         {"M4", "KM3"},
         Domain::any,
         [](const Inputs& in) {
             const Shape& shape = in[0].shape();
             const Shape without_classes(
                 std::span<const Index>(shape.begin(), static_cast<std::size_t>(shape.ndim() - 1)));
             return cross_entropy(in[0], some_ids(without_classes, shape.last()));
         }},
        {"cross_entropy ignoring",
         {"53"},
         Domain::any,
         [](const Inputs& in) {
             return cross_entropy(in[0], IndexArray({5}, {2, -1, 0, -1, 1}));
         }},
        {"dropout",
         {"4N4"},
         Domain::any,
         [](const Inputs& in) {
             Rng rng(1);    // the same mask at every call
             return dropout(in[0], 0.3, rng);
         }},
    };
    // clang-format on
    return rows;
}

std::vector<Shape> draw_shapes(const std::string& variant, Rng& rng) {
    std::map<char, Index> sizes;
    std::vector<Shape> shapes;
    std::istringstream words(variant);
    for (std::string word; words >> word;) {
        std::vector<Index> shape;
        for (char letter : word == "-" ? "" : word) {
            if (letter >= '0' && letter <= '9')
                shape.push_back(letter - '0');
            else
                shape.push_back(sizes.emplace(letter, 1 + rng.below(4)).first->second);
        }
        shapes.push_back(Shape(shape));
    }
    return shapes;
}

Inputs draw_inputs(const std::vector<Shape>& shapes, Domain domain, Rng& rng) {
    if (domain != Domain::apart) {
        Inputs inputs;
        for (const Shape& shape : shapes)
            inputs.push_back(Tensor::parameter(domain == Domain::any ? random_normal(shape, 1, rng)
                                                                     : random_uniform(shape, 0.5, 2, rng)));
        return inputs;
    }
    // The numbers +-0.05 +-0.15 +-0.25 ... in random order; both signs of one never occur, so that -x is apart, too.
    Index count = 0;
    for (const Shape& shape : shapes) count += shape.size();
    std::vector<Scalar> numbers;
    for (Index i = 0; i < count; ++i)
        numbers.push_back(static_cast<Scalar>((rng.chance(0.5) ? 0.1 : -0.1) * (static_cast<double>(i) + 0.5)));
    rng.shuffle(std::span(numbers));
    Inputs inputs;
    std::span<const Scalar> rest = numbers;
    for (const Shape& shape : shapes) {
        const auto size = static_cast<std::size_t>(shape.size());
        inputs.push_back(Tensor::parameter(NdArray(shape, rest.first(size))));
        rest = rest.subspan(size);
    }
    return inputs;
}

template <class Check>
void for_all_rows(Check check) {
    for (const Row& row : table())
        for (const std::string& variant : row.variants)
            for (std::uint64_t seed = 1; seed <= 3; ++seed) {
                Rng rng(seed);
                const Inputs inputs = draw_inputs(draw_shapes(variant, rng), row.domain, rng);
                INFO(row.name, " with ", variant, " and seed ", seed);
                check(row, inputs, rng);
            }
}

}    // namespace

#ifdef ORDINAL_DOUBLE

TEST_CASE("every operation passes the gradient check") {
    for_all_rows([](const Row& row, const Inputs& inputs, Rng& rng) {
        const GradCheck result = grad_check(row.f, inputs, rng);
        INFO(result.report);
        CHECK(result.passed);
    });
}

#else

// With float, slopes element by element drown in rounding. All inputs are moved at once along a random direction d:
// the slope of L is then sum(gradient * d). L is rounded by about 1e-6, which h = 1/128 turns into 1e-4; the third
// derivatives of these functions, times h^2 / 6 = 1e-5, stay below 1e-2. A wrong formula is wrong by much more.
TEST_CASE("every gradient predicts how the output changes along a random direction") {
    for_all_rows([](const Row& row, const Inputs& inputs, Rng& rng) {
        const double h = 1.0 / 128;
        const Tensor output = row.f(inputs);
        const NdArray weights = random_normal(output.shape(), 1, rng);
        output.backward(weights);
        double predicted = 0;
        std::vector<NdArray> start, direction;
        for (const Tensor& input : inputs) {
            start.push_back(input.values());
            direction.push_back(random_uniform(input.shape(), -1, 1, rng));
            REQUIRE(input.grad().shape() == input.shape());
            predicted += static_cast<double>(sum_all(input.grad() * direction.back()));
        }
        const auto loss_at = [&](double step) {
            const NoGrad guard;
            for (std::size_t i = 0; i < inputs.size(); ++i)
                inputs[i].set_values(start[i] + direction[i] * static_cast<Scalar>(step));
            double loss = 0;
            const std::vector<Scalar> products = (row.f(inputs).values() * weights).to_vector();
            for (Scalar product : products) loss += static_cast<double>(product);
            return loss;
        };
        const double measured = (loss_at(h) - loss_at(-h)) / (2 * h);
        INFO("predicted ", predicted, ", measured ", measured);
        CHECK(std::abs(predicted - measured) <= 1e-2 * (1 + std::abs(measured)));
    });
}

#endif

// Nothing to compare there, but neither a crash nor a gradient of another shape.
TEST_CASE("operations on axes of size 0 have empty gradients") {
    for (const char* name : {"add", "mul", "div", "maximum", "exp", "pow 3", "sum", "sum axis", "softmax",
                             "log_softmax", "matmul", "reshape", "transpose", "concat", "relu", "dropout", "slice"}) {
        INFO(name);
        const auto row = std::find_if(table().begin(), table().end(), [&](const Row& r) { return r.name == name; });
        REQUIRE(row != table().end());
        const bool two = row->variants[0].find(' ') != std::string::npos;
        Inputs inputs{Tensor::parameter(NdArray({2, 4, 0}))};
        if (two) inputs.push_back(Tensor::parameter(NdArray(row->name == "matmul" ? Shape{0, 3} : Shape{2, 4, 0})));
        const Tensor output = row->f(inputs);
        output.backward(NdArray(output.shape(), 1));
        for (const Tensor& input : inputs) CHECK(input.grad().shape() == input.shape());
    }
}

// An operation without a row would be an operation without a test.
TEST_CASE("every operation that core declares has a row") {
    std::map<std::string, int> declared, tested;
    for (const SourceFile& file : source_files("core")) {
        if (file.path.rfind("core/ops_", 0) != 0 || !file.is_header()) continue;
        for (const std::string& line : file.lines) {
            for (const std::string type : {"Tensor ", "std::vector<Tensor> "})
                if (line.rfind(type, 0) == 0) ++declared[line.substr(type.size(), line.find('(') - type.size())];
        }
    }
    for (const Row& row : table()) ++tested[row.name.substr(0, row.name.find(' '))];
    CHECK(declared.size() >= 35);    // else the pattern above no longer finds them
    for (const auto& op : declared) {
        INFO(op.first, " is declared ", op.second, " times");
        CHECK(tested[op.first] >= op.second);
    }
    for (const auto& op : tested) {
        INFO(op.first, " has a row");
        CHECK(declared[op.first] > 0);
    }
}
