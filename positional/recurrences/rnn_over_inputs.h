// RnnOverInputs: an RNN reads the tokens before the Transformer does. Its states know the order, so the sum does too.
//
// Source:  Neishi and Yoshinaga 2019, aclanthology K19-1031 ("RNN-Transformer"); Su 2021, kexue.fm/archives/8130
// Formula: s_k = cell(x_k, s_{k-1}), s_{-1} learned;  y_k = x_k + s_k  or  y_k = s_k
// Shapes:  x, y: [B, T, D]; s: [B, D]
// Why:     any length, and position is counted by content: "the third word since the comma" is one state. The price:
//          T dependent steps for every batch, forward and backward, and nothing can be cached, for the code depends on
//          the tokens.
#pragma once

#include <memory>
#include <ostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/recurrent.h>
#include <ordinal/positional/encoding.h>
#include <ordinal/positional/examples.h>
#include <ordinal/positional/narrate.h>

namespace ordinal {

enum class RnnOutput { add, replace };    // y_k = x_k + s_k, or y_k = s_k

class RnnOverInputs : public Encoding {
public:
    RnnOverInputs(std::unique_ptr<RecurrentCell> cell, RnnOutput output = RnnOutput::add)
        : cell_(std::move(cell)), start_(constant_parameter({cell_->hidden_size()}, 0)), output_(output) {
        require(cell_->input_size() == cell_->hidden_size(),
                "RnnOverInputs: expected a cell with equal input and state, got ", cell_->input_size(), " and ",
                cell_->hidden_size());
    }

    Tensor apply_to_input(const Tensor& x, const Positions& positions, const Mode&) const override {
        require(x.ndim() == 3 && x.dim(1) == positions.size(),
                "RnnOverInputs: expected x [B, T, D] and T positions, got x ", x.shape(), " and ", positions.size(),
                " positions");
        require<PositionOutOfRange>(positions.is_arange(),
                                    "RnnOverInputs: it runs along the tokens, so positions must be "
                                    "0, 1, ..., T - 1");
        const Tensor h0 = broadcast_to(start_, {x.dim(0), start_.dim(0)});
        const Tensor states = cell_->run(x, h0);    // [B, T, D]
        return output_ == RnnOutput::add ? x + states : states;
    }

    Traits traits() const override {
        return {.place = Place::input,
                .depth = Depth::linear,
                .ids = AcceptedIds::consecutive,
                .content_dependent = true,
                .cacheable = false,
                .source = "Neishi and Yoshinaga 2019, K19-1031"};
    }

    NdArray explain(Index k, std::ostream& out) const override {
        require<PositionOutOfRange>(k >= 0, "RnnOverInputs: position ", k, " is before the first one, 0");
        require_computable("RnnOverInputs", k);
        NoGrad guard;
        const auto width = static_cast<std::size_t>(start_.dim(0));
        const NdArray x = example_tokens(k + 1, start_.dim(0));    // its position needs tokens
        NdArray s = reshape(start_.values(), {1, start_.dim(0)});
        out << "Position " << k
            << " by an RNN over the tokens, s_k = cell(x_k, s_{k-1}); s_{-1} = " << Shown{{s.data(), width}}
            << " (learned)\n";
        for (Index t = 0; t <= k; ++t) {
            const NdArray x_t = reshape(slice(x, 1, t, t + 1), s.shape());
            s = cell_->forward(Tensor(x_t), Tensor(s)).values();
            if (t < 2 || t == k)
                out << "  token " << t << " = " << Shown{{x_t.data(), width}} << "  ->  s_" << t << " = "
                    << Shown{{s.data(), width}} << "\n";
            else if (t == 2)
                out << "  ... one token after the other ...\n";
        }
        const NdArray x_k = reshape(slice(x, 1, k, k + 1), s.shape());
        const NdArray y = output_ == RnnOutput::add ? x_k + s : s;
        out << "  the Transformer gets " << (output_ == RnnOutput::add ? "x_k + s_k = " : "s_k = ")
            << Shown{{y.data(), width}} << "; other tokens would give another code\n";
        return reshape(y, {start_.dim(0)});
    }

    // A generating model keeps the state: one step a token.
    std::unique_ptr<Stream> stream() const override { return std::make_unique<Running>(kept_alive(*this)); }

    Parameters parameters() const override {
        Parameters all{{"start", start_}};
        append(all, "cell", *cell_);
        return all;
    }

private:
    struct Running : Stream {
        explicit Running(std::shared_ptr<const RnnOverInputs> encoding) : owner(std::move(encoding)) {}
        Tensor next(const Tensor& x) override {
            if (!s.defined()) s = broadcast_to(owner->start_, {x.dim(0), x.dim(2)});
            s = owner->cell_->forward(reshape(x, {x.dim(0), x.dim(2)}), s);
            const Tensor y = reshape(s, x.shape());
            return owner->output_ == RnnOutput::add ? x + y : y;
        }

        std::shared_ptr<const RnnOverInputs> owner;
        Tensor s;    // s_{k-1}: [B, D]
    };

    std::unique_ptr<RecurrentCell> cell_;
    Tensor start_;    // s_{-1}: [D]
    RnnOutput output_;
};

}    // namespace ordinal
