// GatedRecurrence: a recurrence over the tokens whose gates look at the token only, not at the state. So it is a scan.
//
// Source:  Feng et al. 2024, arXiv 2410.01201 (minGRU, section 3.1); gates that see the input only go back to Martin
//          and Cundy 2018, arXiv 1709.04057
// Formula: z_k = sigmoid(W_z x_k + b_z),  c_k = W_h x_k + b_h,  h_k = (1 - z_k) h_{k-1} + z_k c_k,  h_{-1} learned
//          y_k = x_k + h_k  or  y_k = h_k
// Shapes:  x, y: [B, T, D]; W_z, W_h: [D, D]; h: [B, D], number by number (no matrix acts on the state)
// Why:     counts by content like an RNN over the inputs, any length, but T tokens take ceil(log2 T) rounds: with the
//          gates known, h -> (1 - z) h + z c is an affine step, and two affine steps are one. The price: the gate does
//          not know what is remembered ("open when the bracket count is 3" needs the state), and a scan does T log2 T
//          work where a loop does T.
#pragma once

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/linear.h>
#include <ordinal/positional/encoding.h>
#include <ordinal/positional/recurrences/scan.h>

namespace ordinal {

enum class GatedOutput { add, replace };    // y_k = x_k + h_k, or y_k = h_k

class GatedRecurrence : public Encoding {
public:
    // gated(output=add)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        const auto output =
            options.choice<GatedOutput>("output", {{"add", GatedOutput::add}, {"replace", GatedOutput::replace}});
        return std::make_shared<GatedRecurrence>(request.d_model, output, rng);
    }

    GatedRecurrence(Index d_model, GatedOutput output, Rng& rng)
        : gate_(matrix_size("GatedRecurrence", d_model), d_model, rng),
          candidate_(d_model, d_model, rng),
          start_(constant_parameter({d_model}, 0)),
          output_(output) {}

    Tensor apply_to_input(const Tensor& x, const Positions& positions, const Mode&) const override {
        require(x.ndim() == 3 && x.dim(1) == positions.size() && x.dim(2) == start_.dim(0),
                "GatedRecurrence: expected x [B, T, ", start_.dim(0), "] and T positions, got x ", x.shape(), " and ",
                positions.size(), " positions");
        require<PositionOutOfRange>(positions.is_arange(), "GatedRecurrence: it runs along the tokens, so positions ",
                                    "must be 0, 1, ..., T - 1");
        const Bundle from_0 = parallel_scan<Affine>(affine_steps(x), 1);    // h_{-1} -> h_k for every k
        const Tensor h = from_0[0] * start_ + from_0[1];
        return output_ == GatedOutput::add ? x + h : h;
    }

    // The step that each token is: h -> (1 - z) h + z c.   x: [B, T, D] -> {1 - z, z c}
    Bundle affine_steps(const Tensor& x) const {
        const Tensor z = sigmoid(gate_.forward(x));
        return {-z + 1, z * candidate_.forward(x)};
    }

    Traits traits() const override {
        return {.place = Place::input,
                .depth = Depth::logarithmic,
                .ids = AcceptedIds::consecutive,
                .content_dependent = true,
                .cacheable = false,
                .distinct = true,
                .source = "Feng et al. 2024, arXiv 2410.01201"};
    }

    // A generating model keeps h: one step a token.
    std::unique_ptr<Stream> stream() const override { return std::make_unique<Running>(kept_alive(*this)); }

    NdArray narrate(Index k, std::ostream& out) const override;

    Parameters parameters() const override {
        Parameters all{{"start", start_}};
        append(all, "gate", gate_);
        append(all, "candidate", candidate_);
        return all;
    }

private:
    struct Running : Stream {
        explicit Running(std::shared_ptr<const GatedRecurrence> encoding)
            : owner(std::move(encoding)), h(owner->start_) {}
        Tensor step(const Tensor& x) override {
            const Bundle affine = owner->affine_steps(x);    // [B, 1, D]
            h = affine[0] * h + affine[1];
            return owner->output_ == GatedOutput::add ? x + h : h;
        }

        std::shared_ptr<const GatedRecurrence> owner;
        Tensor h;    // h_{k-1}
    };

    Linear gate_, candidate_;    // W_z, b_z and W_h, b_h
    Tensor start_;               // h_{-1}: [D]
    GatedOutput output_;
};

}    // namespace ordinal
