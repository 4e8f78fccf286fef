// Every registered encoding keeps its promises, and a broken promise is noticed.
#include "tests/positional/contract.h"
#include "tests/positional/attending.h"

#include <doctest/doctest.h>

#include <numbers>

#include <ordinal/positional/biases/alibi.h>
#include <ordinal/positional/combined/wrapper.h>
#include <ordinal/positional/recurrences/recurrent_positions.h>
#include <ordinal/positional/registry.h>
#include <ordinal/positional/tables/learned_table.h>

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// An encoding that claims what is not true of another one.
class Liar : public Wrapper {
public:
    Liar(std::shared_ptr<const Encoding> truth, Traits claims) : Wrapper(std::move(truth)), claims_(claims) {}
    Traits traits() const override { return claims_; }

private:
    Traits claims_;
};

std::string broken_by(const std::string& specification, void (*lie)(Traits&)) {
    const auto truth = made(specification);
    Traits claims = truth->traits();
    lie(claims);
    return Contract(Liar(truth, claims), small).broken();
}

// What a student might write: even positions +1, odd ones -1. With a switch for each mistake.
struct Mistakes {
    bool narration = false, length = false, twice = false;
    // past position 39: not a number; a refusal without facts; with a wrong position; with a wrong last one
    bool nonsense = false, vague = false, ten_times = false, wrong_end = false;
};
class Alternating : public AdditiveEncoding {
public:
    Alternating(Index d_model, Mistakes mistakes = {}) : d_model_(d_model), mistakes_(mistakes) {}

    Tensor vectors(const Positions& positions) const override {
        NdArray codes = zeros({positions.size(), d_model_});
        Scalar* p = codes.mutable_data();
        for (Index t = 0; t < positions.size(); ++t)
            for (Index i = 0; i < d_model_; ++i) {
                p[t * d_model_ + i] = positions.whole(t, "Alternating") % 2 == 0 ? 1 : -1;
                if (mistakes_.nonsense && positions[t] > 39)
                    p[t * d_model_ + i] = std::numeric_limits<Scalar>::quiet_NaN();
                require<PositionOutOfRange>(!mistakes_.vague || positions[t] < 40, "Alternating: too far");
                require<PositionOutOfRange>(!mistakes_.ten_times || positions[t] < 40, "Alternating: position ",
                                            positions[t], "0 is past the last one, 39");
                require<PositionOutOfRange>(!mistakes_.wrong_end || positions[t] < 40, "Alternating: position ",
                                            positions[t], " is past the last one, 139");
                if (mistakes_.length) p[t * d_model_ + i] /= static_cast<Scalar>(positions.size());
            }
        return Tensor(codes);
    }
    Traits traits() const override {
        const bool ends = mistakes_.nonsense || mistakes_.vague || mistakes_.ten_times || mistakes_.wrong_end;
        return {.max_length = ends ? std::optional<Index>(40) : std::nullopt,
                .ids = AcceptedIds::whole,
                .source = "this test"};
    }
    NdArray narrate(Index k, std::ostream& out) const override {
        out << "Position " << k << " is " << (k % 2 == 0 ? "even: +1\n" : "odd: -1\n");
        return NdArray({d_model_}, k % 2 == 0 || mistakes_.narration ? 1 : -1);
    }
    Parameters parameters() const override {
        if (!mistakes_.twice) return {};
        return {{"weight", Tensor::parameter(zeros({1}))}, {"weight", Tensor::parameter(zeros({1}))}};
    }

private:
    Index d_model_;
    Mistakes mistakes_;
};

// A code of ones that takes steps(T) multiplications by 1, one after the other.
class Slow : public AdditiveEncoding {
public:
    Slow(Index (*steps)(Index), Depth claim) : steps_(steps), claim_(claim) {}
    Tensor vectors(const Positions& positions) const override {
        Tensor p = one_;
        for (Index step = 0; step < steps_(positions.size()); ++step) p = p * Scalar(1);
        return broadcast_to(p, {positions.size(), 8});
    }
    Traits traits() const override { return {.depth = claim_, .source = "this test"}; }
    Parameters parameters() const override { return {{"one", one_}}; }

private:
    Index (*steps_)(Index);
    Depth claim_;
    Tensor one_ = Tensor::parameter(NdArray({8}, 1));
};

// A GRU in a well-known library feeds two time steps for each token that it decodes. The same with our RNN.
class TwiceInStream : public Wrapper {
public:
    using Wrapper::Wrapper;
    std::unique_ptr<Stream> stream() const override { return std::make_unique<Twice>(inner_->stream()); }

private:
    struct Twice : Stream {
        explicit Twice(std::unique_ptr<Stream> one) : inner(std::move(one)) {}
        Tensor step(const Tensor& x) override {
            if (begun) inner->next(x);
            begun = true;
            return inner->next(x);
        }
        std::unique_ptr<Stream> inner;
        bool begun = false;
    };
};

// A sinusoid whose phase lost its parentheses: pi/2 (i % 2) became (pi/2 i) % 2, as in a well-known library.
class Slip : public AdditiveEncoding {
public:
    Tensor vectors(const Positions& positions) const override {
        NdArray codes = zeros({positions.size(), 8});
        for (Index t = 0; t < positions.size(); ++t)
            for (Index i = 0; i < 8; ++i) {
                const double w = std::pow(10000, -static_cast<double>(i / 2 * 2) / 8);
                const double phase = std::fmod(std::numbers::pi / 2 * static_cast<double>(i), 2);
                codes.mutable_data()[t * 8 + i] = static_cast<Scalar>(std::sin(positions[t] * w + phase));
            }
        return Tensor(codes);
    }
    Traits traits() const override { return {.translation_invariant = true, .distinct = true, .source = "this test"}; }
    Parameters parameters() const override { return {}; }
};

// ALiBi with a plus, in its narration too.
class Flipped : public Wrapper {
public:
    Flipped() : Wrapper(std::make_shared<Alibi>(2)) {}
    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        ScoreBias bias = inner_->score_bias(qkv, context);
        bias.rows = [rows = bias.rows](const std::vector<Tensor>& sources, Index begin, Index end) {
            return -rows(sources, begin, end);
        };
        return bias;
    }
    NdArray narrate(Index k, std::ostream& out) const override { return -inner_->narrate(k, out); }
};

// ALiBi, whose distances end where nobody has looked.
class ShortSighted : public Wrapper {
public:
    ShortSighted() : Wrapper(std::make_shared<Alibi>(2)) {}
    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Positions& positions = context.positions;
        for (Index i = 0; i < positions.size(); ++i)
            require<PositionOutOfRange>(std::abs(positions[i] - positions[0]) < 1e6, "ShortSighted: too far apart");
        return inner_->score_bias(qkv, context);
    }
};

// Adds to each sequence a tenth of the sum over the batch.
class Leak : public Encoding {
public:
    Tensor apply_to_input(const Tensor& x, const Positions&, const Mode&) const override {
        return x + sum(x, 0) * Scalar(0.1);
    }
    Traits traits() const override { return {.content_dependent = true, .cacheable = false, .source = "this test"}; }
    NdArray narrate(Index k, std::ostream& out) const override {
        out << "Position " << k << " is its token and a tenth of it\n";
        return reshape(slice(example_tokens(k + 1, 8), 1, k, k + 1) * Scalar(1.1), {8});
    }
    Parameters parameters() const override { return {}; }
};

}    // namespace

TEST_CASE("every registered encoding keeps its promises") {
    for (const std::string& name : encoding_names()) {
        CAPTURE(name);
        CHECK(Contract(*made(name), small).broken() == "");
    }
}

TEST_CASE("encodings with options keep their promises") {
    for (const std::string specification : {"table(gain=0.5)",
                                            "table(std=1)",
                                            "rnn(init=orthogonal)",
                                            "rnn(init=rotation)",
                                            "rnn(init=rotation, state=4)",
                                            "rnn(gain=2)",
                                            "gru(state=4)",
                                            "rnn_over_inputs(output=replace)",
                                            "gru_over_inputs(output=replace)",
                                            "sinusoidal(base=100)",
                                            "sinusoidal(gain=0.15)",
                                            "linear(state=4)",
                                            "linear(decay=0.9)",
                                            "linear(noise=0.1)",
                                            "linear_dense(state=4)",
                                            "laplacian_path(nodes=40)",
                                            "laplacian_cycle(nodes=40)",
                                            "random_walk(nodes=40)",
                                            "ode(method=euler, step=0.5)",
                                            "residual(state=4, hidden=8)",
                                            "gated(output=replace)",
                                            "message_passing(state=4, rounds=3)",
                                            "forgetting(form=two_sided)",
                                            "rope(part=0.5)",
                                            "rope(part=0.5, spectrum=whole, layout=half)",
                                            "rope(scaling=llama3, factor=4, trained=16)",
                                            "rope(scaling=dynamic, factor=2, trained=6)",
                                            "rope(ssmax=16)",
                                            "alibi(ssmax=16)",
                                            "shaw(log_n=16)",
                                            "cope(log_n=16)",
                                            "path(log_n=16)",
                                            "path(ssmax=16)",
                                            "rope(group=3, window=2)",
                                            "rope(log_n=16, group=2, window=3)",
                                            "selective_rope(layout=half)",
                                            "extended_table(strategy=linear)",
                                            "extended_table(rows=10, strategy=anchored, freeze=yes)",
                                            "extended_table(rows=22, strategy=anchored, keep=4)",
                                            "extended_table(rows=100, strategy=linear)",
                                            "extended_table(strategy=copy, freeze=yes)"}) {
        CAPTURE(specification);
        CHECK(Contract(*made(specification), small).broken() == "");
    }
}

TEST_CASE("an encoding of one's own joins the registry from any file") {
    register_encoding("alternating", [](const EncodingRequest& request, EncodingOptions&, Rng&) {
        return std::make_shared<Alternating>(request.d_model);
    });
    const std::vector<std::string> all = encoding_names();
    CHECK(all.back() == "alternating");
    CHECK(Contract(*made("alternating"), small).broken() == "");
    CHECK(Contract(*made("alternating(gain=3)"), small).broken() == "");    // and gets the gain for nothing
    CHECK_THROWS_WITH_AS(made("alternatin"), "make_encoding: unknown encoding 'alternatin'; did you mean alternating?",
                         OptionError);
}

TEST_CASE("the contract notices a wrong claim") {
    CHECK(broken_by("rnn", [](Traits& claims) { claims.depth = Depth::constant; }) == "depth; ");
    CHECK(broken_by("rnn", [](Traits& claims) { claims.depth = Depth::logarithmic; }) == "depth; ");
    CHECK(broken_by("table", [](Traits& claims) { claims.depth = Depth::linear; }) == "depth; ");
    CHECK(broken_by("table", [](Traits& claims) { claims.max_length = std::nullopt; }) == "unbounded; ");
    CHECK(broken_by("table", [](Traits& claims) { claims.max_length = 41; }) == "its last position exists; ");
    CHECK(broken_by("table", [](Traits& claims) { claims.max_length = 39; }) == "nothing exists past max_length; ");
    CHECK(broken_by("table", [](Traits& claims) { claims.ids = AcceptedIds::any; }) == "ids: any; ");
    CHECK(broken_by("rnn", [](Traits& claims) { claims.ids = AcceptedIds::consecutive; }) == "ids: any order; ");
    CHECK(broken_by("sinusoidal", [](Traits& claims) { claims.ids = AcceptedIds::whole; }) == "ids: any; ");
    CHECK(broken_by("rnn", [](Traits& claims) { claims.length_dependent = true; }) == "length_dependent; ");
    CHECK(broken_by("rnn", [](Traits& claims) { claims.content_dependent = true; }) ==
          "content_dependent; cacheable; ");
    CHECK(broken_by("rnn", [](Traits& claims) { claims.place = Place::scores; }) == "place: input; place: scores; ");
    CHECK(broken_by("rnn", [](Traits& claims) { claims.source = ""; }) == "no source is given; ");
}

TEST_CASE("the contract notices a bound that is hidden or vague or no bound") {
    CHECK(broken_by("rnn", [](Traits& claims) { claims.computable_up_to = std::nullopt; }) ==
          "unbounded, with no limit to what is computed; ");
    CHECK(broken_by("sinusoidal", [](Traits& claims) { claims.computable_up_to = 5000; }) ==
          "nothing is computed past computable_up_to; ");
    CHECK(Contract(Alternating(8, {.nonsense = true}), small).broken() ==
          "what comes out are numbers; nothing exists past max_length; ");
    const std::string facts = "the refusal names the position asked for and the last one; ";
    CHECK(Contract(Alternating(8, {.vague = true}), small).broken() == facts);
    CHECK(Contract(Alternating(8, {.ten_times = true}), small).broken() == facts);
    CHECK(Contract(Alternating(8, {.wrong_end = true}), small).broken() == facts);
    CHECK(Contract(ShortSighted(), small).broken() == "unbounded, with no limit to what is computed; ");
}

TEST_CASE("what begins at 0 does not claim to tell positions apart") {
    for (const std::string name : {"table", "sinusoidal"}) CHECK(made(name)->traits().distinct);
    for (const std::string name : {"table(std=0)", "sinusoidal(gain=0)", "linear(decay=0.9)"})
        CHECK_FALSE(made(name)->traits().distinct);
}

TEST_CASE("a depth is constant or logarithmic or linear and nothing else passes for one") {
    const auto broken = [](Index (*steps)(Index), Depth claim) { return Contract(Slow(steps, claim), small).broken(); };
    CHECK(broken([](Index) -> Index { return 3; }, Depth::constant) == "");
    CHECK(broken([](Index n) -> Index { return n; }, Depth::linear) == "");
    CHECK(broken([](Index n) { return n < 1 ? 0 : static_cast<Index>(std::log2(n)); }, Depth::logarithmic) == "");
    for (const Depth claim : {Depth::constant, Depth::logarithmic, Depth::linear}) {
        CHECK(broken([](Index n) { return static_cast<Index>(std::sqrt(n)); }, claim) == "depth; ");
        CHECK(broken([](Index n) -> Index { return n * n; }, claim) == "depth; ");
        CHECK(broken([](Index n) -> Index { return n > 16 ? 5 : 0; }, claim) == "depth; ");    // no growth at first
    }
}

TEST_CASE("at most linear means one token after the other and a step a token for rounds in vain") {
    const auto broken = [](Index (*steps)(Index)) {    // owned, so that it streams: each token alone takes steps(1)
        return Contract(*std::make_shared<Slow>(steps, Depth::at_most_linear), small).broken();
    };
    CHECK(broken([](Index) -> Index { return 3; }) == "");
    CHECK(broken([](Index n) -> Index { return n % 3 == 0 ? n : 1; }) == "");
    CHECK(broken([](Index n) -> Index { return 2 * n; }) == "depth; ");
    CHECK(broken([](Index n) -> Index { return n > 60 ? 2 * n : 1; }) == "depth; ");
    CHECK(broken([](Index n) -> Index { return n * n; }) == "depth; ");
}

TEST_CASE("the contract notices bugs that well-known libraries had") {
    CHECK(Contract(TwiceInStream(made("rnn")), small).broken() == "streaming equals the batch; ");
    CHECK(Contract(Slip(), small).broken() == "translation_invariant; ");
    CHECK(Contract(Flipped(), small).broken() == "fades; ");
    CHECK(Contract(Leak(), small).broken() == "the sequences of a batch do not see each other; ");
}

TEST_CASE("the contract notices a claim that sounds too good") {
    CHECK(broken_by("rnn", [](Traits& claims) { claims.translation_invariant = true; }) == "translation_invariant; ");
    CHECK(broken_by("table", [](Traits& claims) { claims.causal_only = true; }) ==
          "causal_only: what is wrong with the future?; ");
    CHECK(broken_by("forgetting", [](Traits& claims) { claims.causal_only = false; }) == "causal_only; ");
    CHECK(broken_by("xpos", [](Traits& claims) { claims.causal_only = false; }) == "causal_only; ");
    CHECK(broken_by("xpos", [](Traits& claims) { claims.keys_grow = false; }) == "keys_grow; ");
    CHECK(broken_by("rope", [](Traits& claims) { claims.keys_grow = true; }) == "keys_grow; ");
    for (const std::string name : {"rope", "alibi", "shaw", "cope"})
        CHECK(broken_by(name, [](Traits& claims) { claims.replaces_product = true; }) == "replaces_product; ");
    CHECK(broken_by("rnn_over_inputs", [](Traits& claims) { claims.cacheable = true; }) == "cacheable; ");
    CHECK(broken_by("message_passing", [](Traits& claims) { claims.distinct = true; }) == "distinct; ");
    CHECK(broken_by("random_walk", [](Traits& claims) { claims.distinct = true; }) == "distinct; ");
    CHECK(broken_by("t5", [](Traits& claims) { claims.fades = true; }) == "fades; ");
    CHECK(broken_by("sinusoidal", [](Traits& claims) { claims.fades = true; }) == "fades; ");
    CHECK(broken_by("sinusoidal", [](Traits& claims) { claims.sharpens_queries = true; }) ==
          "place: queries and keys; ");
    CHECK(broken_by("selective_rope", [](Traits& claims) { claims.content_dependent = false; }) ==
          "content_dependent; ");
    CHECK(broken_by("rope", [](Traits& claims) { claims.content_dependent = true; }) ==
          "content_dependent; cacheable; ");
    CHECK(broken_by("rope(group=3, window=2)", [](Traits& claims) { claims.translation_invariant = true; }) ==
          "translation_invariant; shifted ids leave the scores alone; ");
    CHECK(broken_by("rope(scaling=dynamic, factor=2, trained=6)", [](Traits& claims) {
              claims.length_dependent = false;
          }).find("length_dependent; ") == 0);
    CHECK(broken_by("rope(log_n=16)", [](Traits& claims) {
              claims.length_dependent = false;
          }).find("length_dependent; ") == 0);
}

TEST_CASE("the contract notices a wrong code or narration or list") {
    CHECK(Contract(Alternating(8), small).broken() == "");
    CHECK(Contract(Alternating(8, {.narration = true}), small).broken() ==
          "the narration has other numbers; ");    // at k = 1 and 5
    const std::string length = Contract(Alternating(8, {.length = true}), small).broken();
    CHECK(length.find("length_dependent; a position alone is what it is in its sequence; ") == 0);
    CHECK(Contract(Alternating(8, {.twice = true}), small).broken() == "two parameters are called weight; ");
}

TEST_CASE("graph_depth counts the longest chain and each node once") {
    Tensor x = Tensor::parameter(NdArray({1}, 1));
    CHECK(graph_depth(x) == 0);
    CHECK(graph_depth((x + x) * x) == 2);
    Tensor doubling = x;
    for (int i = 0; i < 40; ++i) doubling = doubling + doubling;    // 2^40 ways down, 41 nodes
    CHECK(graph_depth(doubling) == 40);
}

TEST_CASE("every registered encoding passes the gradient check" * doctest::skip(!is_double)) {
    for (const std::string& name : encoding_names()) {
        CAPTURE(name);
        CHECK(wrong_encoding_gradients(*made(name), small) == "");
    }
    for (const std::string specification :
         {"rope(part=0.5)", "rope(part=0.5, spectrum=whole, layout=half)", "rope(scaling=dynamic, factor=2, trained=3)",
          "rope(ssmax=16)", "alibi(ssmax=16)", "rope(group=2, window=2)", "rope(ssmax=16, group=2, window=2)",
          "selective_rope(layout=half)", "selective_rope + forgetting", "path(ssmax=16)", "cope(ssmax=16)"}) {
        CAPTURE(specification);
        CHECK(wrong_encoding_gradients(*made(specification), small) == "");
    }
    CHECK(wrong_encoding_gradients(*made("sinusoidal(gain=0.5)"), small) == "");
}

TEST_CASE("odd widths and single heads work or are refused in a sentence") {
    for (const std::string& name : encoding_names()) {
        CAPTURE(name);
        const EncodingRequest odd{.d_model = 7, .max_length = 40, .num_heads = 1};
        std::shared_ptr<Encoding> encoding;
        try {
            encoding = made(name, odd);
        } catch (const Error& refusal) {
            CHECK(std::string(refusal.what()).find("even") != std::string::npos);
        }
        if (encoding) CHECK(Contract(*encoding, odd).broken() == "");
    }
}
