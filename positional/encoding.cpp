#include <ordinal/positional/encoding.h>

namespace ordinal {
namespace {

Tensor codes_for(const Encoding& encoding, const Positions& positions, const Mode& mode) {
    return mode.is_training() ? encoding.training_vectors(positions, mode.rng()) : encoding.vectors(positions);
}

// Codes that depend on the number of tokens, for sequences of different lengths; padding gets none, and in training
// each sequence has its own noise.   [B, T, D]
Tensor padded_codes(const Encoding& encoding, const Tensor& x, const Positions& positions, const Mode& mode) {
    require(static_cast<Index>(positions.lengths().size()) == x.dim(0), "Encoding: x ", x.shape(), " needs ", x.dim(0),
            " lengths, got ", positions.lengths().size());
    std::vector<Tensor> all;
    for (Index length : positions.lengths()) {
        const Tensor padding(zeros({x.dim(1) - length, x.dim(2)}));
        all.push_back(length == 0 ? padding : concat({codes_for(encoding, positions.first(length), mode), padding}, 0));
    }
    return stack(all, 0);
}

}    // namespace

Tensor Encoding::vectors(const Positions&) const {
    throw OptionError(
        "Encoding: this scheme adds no codes to the input, so it has no vectors; ask is_additive() first");
}

Tensor Encoding::apply_to_input(const Tensor& x, const Positions& positions, const Mode& mode) const {
    if (!is_additive()) return x;
    require(x.ndim() == 3 && x.dim(1) == positions.size(), "Encoding: expected x [B, T, D] and T positions, got x ",
            x.shape(), " and ", positions.size(), " positions");
    if (!positions.lengths().empty() && traits().length_dependent) return x + padded_codes(*this, x, positions, mode);
    const Tensor codes = codes_for(*this, positions, mode);
    require(codes.shape() == Shape({x.dim(1), x.dim(2)}), "Encoding: x ", x.shape(), " needs codes of its width, got ",
            codes.shape());
    return x + codes;    // [B, T, D] + [T, D]
}

std::unique_ptr<Stream> Encoding::stream() const {
    require<OptionError>(traits().streams,
                         "Encoding: its codes change when the sequence grows, so there is no streaming form; encode "
                         "the whole sequence");
    return PositionScheme::stream();
}

}    // namespace ordinal
