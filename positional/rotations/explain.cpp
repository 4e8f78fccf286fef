// One query, pair by pair.
#include <complex>

#include <ordinal/positional/examples.h>
#include <ordinal/positional/explain.h>
#include <ordinal/positional/rotations/rotary.h>

namespace ordinal {

// A pair is a complex number a + ib, and rotating it is one product: (a + ib) e^(i k w).
NdArray Rotary::narrate(Index k, std::ostream& out) const {
    require_explainable("Rotary", k);
    const QueryKeyValue example = example_heads(k + 1, num_heads_, head_dim_);
    const NdArray q = reshape(slice(slice(example.query.values(), 1, 0, 1), 2, k, k + 1), {head_dim_});    // head 0
    const RotaryFrequencies frequencies = rotary_frequencies(head_dim_, options_, k + 1);
    const auto pairs = static_cast<Index>(frequencies.w.size());
    NdArray rotated = q;
    out << "Position " << k << " by rotating queries and keys, " << head_dim_ / 2 << " pairs in each head";
    if (pairs < head_dim_ / 2) out << ", of which " << pairs << " rotate and the others stay as they are";
    out << ":\n";
    for (Index j = 0; j < pairs; ++j) {
        const auto [a, b] = pair_of(layout_, j, frequencies.width);
        const double angle = static_cast<double>(k) * frequencies.w[static_cast<std::size_t>(j)];
        const std::complex<double> z(static_cast<double>(q.at({a})), static_cast<double>(q.at({b})));
        const std::complex<double> there = z * std::exp(std::complex<double>(0, angle)) * frequencies.attention_scaling;
        rotated.mutable_data()[a] = static_cast<Scalar>(there.real());
        rotated.mutable_data()[b] = static_cast<Scalar>(there.imag());
        if (j < 3)
            out << "  pair " << j << ", numbers " << a << " and " << b << ": rotated by " << k << " x w_" << j << " = "
                << angle << " rad: (" << z.real() << ", " << z.imag() << ") -> (" << there.real() << ", "
                << there.imag() << ")\n";
    }
    if (frequencies.attention_scaling != 1)
        out << "  " << (pairs < head_dim_ / 2 ? "the pairs that rotate" : "all of it") << " times "
            << frequencies.attention_scaling << " (the temperature of yarn)\n";
    out << "  a random query " << FirstNumbers(q) << " becomes " << FirstNumbers(rotated)
        << "\n  the key of position j is rotated by j w: their product knows only the distance " << k << " - j\n";
    return rotated;
}

}    // namespace ordinal
