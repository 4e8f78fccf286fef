// Digits: a position is the sum of what its binary digits mean.
//
// Source:  the example of docs/add-your-own-encoding.md
// Formula: p_k = sum_i s_i(k) V[i],   s_i(k) = +1 where digit i of k is 1, -1 where it is 0
// Shapes:  V: [digits, D], learned; positions [T] -> codes [T, D]
// Why:     2^digits positions from as many vectors as k has digits, all at once. The price: a bound, and neighbours
//          that are strangers: from 7 = 0111 to 8 = 1000 every digit changes.
#include <ostream>

#include <ordinal/nn/init.h>
#include <ordinal/positional/explain.h>
#include <ordinal/positional/registry.h>

using namespace ordinal;

namespace {

class Digits : public AdditiveEncoding {
public:
    // "digits" or "digits(count=4)". Without a count: as many as the longest sequence needs.
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        Index enough = 1;
        while ((Index{1} << enough) < request.max_length) ++enough;
        const Index digits = options.count("count", enough);
        require<OptionError>(digits <= 53, "Digits: expected at most 53 digits, got ", digits);
        return std::make_shared<Digits>(digits, request.d_model, rng);
    }

    Digits(Index digits, Index d_model, Rng& rng) : V_(normal_parameter({digits, d_model}, 0.02, rng)) {}

    Tensor vectors(const Positions& positions) const override {
        const Index digits = V_.dim(0);
        NdArray signs = zeros({positions.size(), digits});
        Scalar* s = signs.mutable_data();
        for (Index t = 0; t < positions.size(); ++t)
            for (Index i = 0; i < digits; ++i) s[t * digits + i] = sign(whole(positions, t), i);
        return matmul(Tensor(signs), V_);    // [T, digits] [digits, D] -> [T, D]
    }

    Traits traits() const override {
        return {.place = Place::input,
                .max_length = positions(),
                .depth = Depth::constant,
                .ids = AcceptedIds::whole,
                .source = "docs/add-your-own-encoding.md"};
    }

    NdArray narrate(Index k, std::ostream& out) const override {
        whole(Positions::of({static_cast<double>(k)}), 0);
        const Index digits = V_.dim(0), width = V_.dim(1);
        NdArray code = zeros({width});
        Scalar* p = code.mutable_data();
        out << "Position " << k << " by its binary digits, the last one first:\n";
        for (Index i = 0; i < digits; ++i) {
            for (Index c = 0; c < width; ++c) p[c] += sign(k, i) * V_.values().at({i, c});
            out << "  digit " << i << " is " << (k >> i) % 2 << ": " << (sign(k, i) > 0 ? "plus" : "minus") << " V["
                << i << "], which makes " << FirstNumbers(code) << "\n";
        }
        return code;
    }

    Parameters parameters() const override { return {{"digits", V_}}; }

private:
    Index positions() const { return Index{1} << V_.dim(0); }

    static Scalar sign(Index k, Index digit) { return (k >> digit) % 2 == 1 ? 1 : -1; }

    Index whole(const Positions& ids, Index t) const {
        const Index k = ids.whole(t, "Digits");
        Index enough = V_.dim(0);
        while ((Index{1} << enough) <= k) ++enough;
        require<PositionOutOfRange>(k < positions(), "Digits: position ", k, " has more than ", V_.dim(0),
                                    " binary digits (0..", positions() - 1, "); ask for more: digits(count=", enough,
                                    ")");
        return k;
    }

    Tensor V_;
};

[[maybe_unused]] const bool registered = register_encoding("digits", Digits::make);

}    // namespace
