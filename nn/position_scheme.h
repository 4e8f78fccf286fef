// PositionScheme: the socket. What a model lets a position scheme touch, and nothing else.
//
//     0. the position ids         which position each token has      random or shifted ids; nearly always 0, 1, 2, ...
//     1. the input                x_k -> x_k + p_k               BERT's table, recurrences, sinusoids
//     2. queries and keys         q_k -> R_k q_k                 rotary encodings
//     3. the attention scores     a_ij -> a_ij + b(i, j)         ALiBi, T5
//
// Each hook touches nothing unless a scheme overrides it, and says so by acts_at(). TransformerEncoder and Transformer
// call all four; a part that calls fewer refuses a scheme that needs the others. The schemes themselves live in
// positional/, which nn does not know.
#pragma once

#include <memory>
#include <optional>

#include <ordinal/core/ops.h>
#include <ordinal/nn/module.h>
#include <ordinal/nn/positions.h>

namespace ordinal {

// The four hooks above. A scheme that acts at several places names them all: Place::input | Place::scores.
enum class Place : unsigned { nowhere = 0, ids = 1, input = 2, queries_and_keys = 4, scores = 8 };
constexpr Place operator|(Place a, Place b) {
    return static_cast<Place>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool includes(Place all, Place one) { return (static_cast<unsigned>(all) & static_cast<unsigned>(one)) != 0; }

struct QueryKeyValue {
    Tensor query, key, value;    // each [B, H, T, Dh]
};

// What an attention layer knows besides its queries, keys and values. While a text is written, the keys of earlier
// tokens are kept, and only the last Tq of the T tokens have queries.
struct AttentionContext {
    Positions positions = {};    // [T], of all tokens
    Tensor x = {};               // [B, T, D]: the layer's input of all tokens, for schemes that count by content
    bool causal = false;         // does a token see only itself and what stands before it?
    NdArray padding = {};        // [B, T], 1 = a token that nobody sees; undefined = none

    // By causality and padding (a mask of another rule is not counted): how many keys each of the last `queries` tokens
    // sees: [B, 1, queries, 1]; without padding B is 1.
    NdArray visible_keys(Index queries) const {
        const Index T = positions.size(), B = padding.defined() ? padding.dim(0) : 1;
        NdArray counts = zeros({B, 1, queries, 1});
        for (Index b = 0; b < B; ++b) {
            Index seen = 0;
            for (Index j = 0, i = 0; j < T; ++j) {
                seen += !padding.defined() || padding.at({b, j}) == 0;
                for (; i < queries && (causal ? i + T - queries == j : j == T - 1); ++i)
                    counts.mutable_data()[b * queries + i] = static_cast<Scalar>(seen);
            }
        }
        return counts;
    }
};

// The input hook for a model that writes: one token after the other.
class Stream {
public:
    virtual ~Stream() = default;
    // The next token of each text, [B, 1, D] -> [B, 1, D]. The first call is position 0. Refused tokens do not count.
    Tensor next(const Tensor& x) {
        require(x.ndim() == 3 && x.dim(1) == 1 && (!first_ || x.shape() == *first_), "Stream: expected the next token ",
                first_ ? text_of(*first_) : "[B, 1, D]", ", got ", x.shape());
        const Tensor y = step(x);
        first_ = x.shape();
        return y;
    }

protected:
    virtual Tensor step(const Tensor& x) = 0;    // all that may throw comes before its state moves on

    // x + code. Broadcasting would hide a code of another width.   x: [B, 1, D]   code: [1, D]
    static Tensor added(const Tensor& x, const Tensor& code) {
        require(x.dim(2) == code.dim(1), "Stream: a token ", x.shape(), " needs a code of its width, got ",
                code.shape());
        return x + code;
    }

private:
    std::optional<Shape> first_;
};

class PositionScheme : public Module, public std::enable_shared_from_this<PositionScheme> {
public:
    virtual Place acts_at() const = 0;    // every hook that does something

    // A scheme that is another one in each layer has them here, from the first layer on; it goes into a model of as
    // many layers. Empty: it is one, for all layers.
    virtual std::vector<std::shared_ptr<const PositionScheme>> of_layers() const { return {}; }

    // 0. Asked once for each batch; the ids that come back go to the other three hooks.
    virtual Positions position_ids(const Positions& positions, const Mode&) const { return positions; }

    // 1. x: [B, T, D] -> [B, T, D]
    virtual Tensor apply_to_input(const Tensor& x, const Positions&, const Mode&) const { return x; }

    // 2. same shapes out. All rows are those of the last tokens of the context: context.positions.last(rows).
    virtual QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext&) const {
        return qkv;
    }

    // 3. What is added to the scores before the softmax, in blocks of rows (see ScoreBias); by default nothing. Queries
    // and keys are those that the layer made: a bias that reads them does not depend on what hook 2 did to them.
    virtual ScoreBias score_bias(const QueryKeyValue&, const AttentionContext&) const { return {}; }

    // Hooks 0 and 1 token by token, equal to the whole sequence. It keeps its scheme alive. A scheme whose step needs
    // the one before overrides it and carries its state along; one whose answers change when the text grows refuses.
    virtual std::unique_ptr<Stream> stream() const;

protected:
    // This scheme, kept alive. A stream needs it, so a scheme that streams must be owned by a shared_ptr.
    template <class Scheme>
    static std::shared_ptr<const Scheme> kept_alive(const Scheme& scheme) {
        const auto owner = scheme.weak_from_this().lock();
        require<GraphError>(owner != nullptr, "stream: this position scheme is owned by no shared_ptr, so the stream ",
                            "might outlive it; make it with make_encoding or std::make_shared");
        return std::static_pointer_cast<const Scheme>(owner);
    }
};

// For schemes whose positions do not need each other: position k is computed alone.
class OneByOne : public Stream {
public:
    explicit OneByOne(std::shared_ptr<const PositionScheme> scheme) : scheme_(std::move(scheme)) {}

private:
    Tensor step(const Tensor& x) override {
        const Positions ids = scheme_->position_ids(Positions::arange(1, k_), Mode::evaluation());
        const Tensor y = scheme_->apply_to_input(x, ids, Mode::evaluation());
        ++k_;
        return y;
    }

    std::shared_ptr<const PositionScheme> scheme_;
    Index k_ = 0;
};

inline std::unique_ptr<Stream> PositionScheme::stream() const { return std::make_unique<OneByOne>(kept_alive(*this)); }

}    // namespace ordinal
