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

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/recurrent.h>
#include <ordinal/positional/encoding.h>

namespace ordinal {

enum class RnnOutput { add, replace };    // y_k = x_k + s_k, or y_k = s_k

class RnnOverInputs : public Encoding {
public:
    // rnn_over_inputs(output=add), gru_over_inputs(output=add).   Cell: RnnCell or GruCell
    template <class Cell>
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        const auto output =
            options.choice<RnnOutput>("output", {{"add", RnnOutput::add}, {"replace", RnnOutput::replace}});
        matrix_size("RnnOverInputs", request.d_model, 3);
        return std::make_shared<RnnOverInputs>(std::make_unique<Cell>(request.d_model, request.d_model, rng), output);
    }

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

    NdArray narrate(Index k, std::ostream& out) const override;

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
        Tensor step(const Tensor& x) override {
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
