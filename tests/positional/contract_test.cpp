// Every registered encoding keeps its promises, and a broken promise is noticed.
#include "tests/positional/contract.h"

#include <doctest/doctest.h>

#include "positional/learned_table.h"
#include "positional/recurrent_positions.h"
#include "positional/registry.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

constexpr EncodingRequest small{.d_model = 8, .max_length = 40, .num_heads = 2};

std::shared_ptr<Encoding> make(const std::string& specification, const EncodingRequest& request = small) {
    Rng rng(7);
    return make_encoding(specification, request, rng);
}

// An encoding that tells lies about another one.
class Liar : public AdditiveEncoding {
public:
    Liar(std::shared_ptr<const AdditiveEncoding> truth, Traits claims) : truth_(std::move(truth)), claims_(claims) {}
    Tensor vectors(const Positions& positions) const override { return truth_->vectors(positions); }
    Traits traits() const override { return claims_; }
    NdArray explain(Index k, std::ostream& out) const override { return truth_->explain(k, out); }
    Parameters parameters() const override { return truth_->parameters(); }

private:
    std::shared_ptr<const AdditiveEncoding> truth_;
    Traits claims_;
};

std::string broken_by(const std::string& specification, void (*lie)(Traits&)) {
    const auto truth = std::dynamic_pointer_cast<AdditiveEncoding>(make(specification));
    Traits claims = truth->traits();
    lie(claims);
    return Contract(Liar(truth, claims), small).broken();
}

// What a student might write: even positions +1, odd ones -1. With a switch for each mistake.
struct Mistakes {
    bool story = false, length = false, twice = false;
};
class Alternating : public AdditiveEncoding {
public:
    Alternating(Index d_model, Mistakes mistakes = {}) : d_model_(d_model), mistakes_(mistakes) {}

    Tensor vectors(const Positions& positions) const override {
        NdArray codes({positions.size(), d_model_});
        Scalar* p = codes.mutable_data();
        for (Index t = 0; t < positions.size(); ++t)
            for (Index i = 0; i < d_model_; ++i) {
                p[t * d_model_ + i] = positions.whole(t, "Alternating") % 2 == 0 ? 1 : -1;
                if (mistakes_.length) p[t * d_model_ + i] /= static_cast<Scalar>(positions.size());
            }
        return Tensor(codes);
    }
    Traits traits() const override { return {.ids = AcceptedIds::whole, .source = "this test"}; }
    NdArray explain(Index k, std::ostream& out) const override {
        out << "Position " << k << " is " << (k % 2 == 0 ? "even: +1\n" : "odd: -1\n");
        return NdArray({d_model_}, k % 2 == 0 || mistakes_.story ? 1 : -1);
    }
    Parameters parameters() const override {
        if (!mistakes_.twice) return {};
        return {{"weight", Tensor::parameter(NdArray({1}))}, {"weight", Tensor::parameter(NdArray({1}))}};
    }

private:
    Index d_model_;
    Mistakes mistakes_;
};

}    // namespace

TEST_CASE("every registered encoding keeps its promises") {
    for (const std::string& name : encoding_names()) {
        CAPTURE(name);
        CHECK(Contract(*make(name), small).broken() == "");
    }
}

TEST_CASE("encodings with options keep their promises") {
    for (const std::string specification :
         {"table(gain=0.5)", "table(std=1)", "rnn(init=orthogonal)", "rnn(init=rotation)",
          "rnn(init=rotation, state=4)", "rnn(gain=2)", "gru(state=4)", "rnn_over_inputs(output=replace)",
          "gru_over_inputs(output=replace)", "sinusoidal(base=100)", "sinusoidal(gain=0.15)"}) {
        CAPTURE(specification);
        CHECK(Contract(*make(specification), small).broken() == "");
    }
}

TEST_CASE("an encoding of one's own joins the registry from any file") {
    register_encoding("alternating", [](const EncodingRequest& request, EncodingOptions&, Rng&) {
        return std::make_shared<Alternating>(request.d_model);
    });
    const std::vector<std::string> all = encoding_names();
    CHECK(all.back() == "alternating");
    CHECK(Contract(*make("alternating"), small).broken() == "");
    CHECK(Contract(*make("alternating(gain=3)"), small).broken() == "");    // and gets the gain for nothing
    CHECK_THROWS_WITH_AS(make("alternatin"), "make_encoding: unknown encoding 'alternatin'; did you mean alternating?",
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

TEST_CASE("the contract notices a wrong code or story or list") {
    CHECK(Contract(Alternating(8), small).broken() == "");
    CHECK(Contract(Alternating(8, {.story = true}), small).broken() ==
          "the story has other numbers; the story has other numbers; ");    // at k = 1 and 5
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
        CHECK(wrong_encoding_gradients(*make(name), small) == "");
    }
    CHECK(wrong_encoding_gradients(*make("sinusoidal(gain=0.5)"), small) == "");
}

TEST_CASE("odd widths and single heads work or are refused in a sentence") {
    for (const std::string& name : encoding_names()) {
        CAPTURE(name);
        const EncodingRequest odd{.d_model = 7, .max_length = 40, .num_heads = 1};
        std::shared_ptr<Encoding> encoding;
        try {
            encoding = make(name, odd);
        } catch (const Error& refusal) {
            CHECK(std::string(refusal.what()).find("even") != std::string::npos);
        }
        if (encoding) CHECK(Contract(*encoding, odd).broken() == "");
    }
}
