// One query walks back to key 0, and counts by hand what each key on the way gets.
#include <algorithm>
#include <cmath>

#include <ordinal/positional/biases/alibi.h>
#include <ordinal/positional/biases/cope.h>
#include <ordinal/positional/biases/forgetting.h>
#include <ordinal/positional/examples.h>
#include <ordinal/positional/explain.h>

namespace ordinal {

NdArray Alibi::narrate(Index k, std::ostream& out) const {
    require_explainable("Alibi", k);
    NdArray row = zeros({k + 1});
    out << "Position " << k << " by linear biases, b(i, j) = -m |i - j|; head 0 of " << num_heads()
        << " has m = " << slopes_.front() << ":\n";
    double loss = 0;
    for (Index j = k; j >= 0; --j) {    // walking back, each step costs m
        row.mutable_data()[j] = static_cast<Scalar>(-loss);
        if (k - j < 3) out << "  " << k - j << " back: the score of key " << j << " loses " << loss << "\n";
        loss += slopes_.front();
    }
    const auto flattest = std::min_element(slopes_.begin(), slopes_.end());
    out << "  the row b(" << k << ", 0 .. " << k << ") = " << FirstNumbers(row) << "; head "
        << flattest - slopes_.begin() << " has the smallest m = " << *flattest << " and sees farthest\n";
    return row;
}

NdArray Cope::narrate(Index k, std::ostream& out) const {
    require_explainable("Cope", k);
    const Index M = codes_.dim(0), Dh = codes_.dim(1);
    const QueryKeyValue heads = example_heads(k + 1, num_heads_, Dh);
    const NdArray q = heads.query.values(), keys = heads.key.values(), e = codes_.values();
    const auto dot = [&](auto number) {    // q_k . v
        double sum = 0;
        for (Index d = 0; d < Dh; ++d) sum += static_cast<double>(q.at({0, 0, k, d}) * number(d));
        return sum;
    };
    out << "Position " << k << " counts the tokens that its query cares about (head 0), walking back:\n";
    NdArray b = zeros({k + 1});
    double count = 0;
    for (Index j = k; j >= 0; --j) {
        const double score = dot([&](Index d) { return keys.at({0, 0, j, d}); }) / std::sqrt(Dh);
        const double gate = 1 / (1 + std::exp(-score));
        count += gate;
        const double p = std::min(count, static_cast<double>(M - 1));
        const Index below = static_cast<Index>(p), above = std::min(below + 1, M - 1);
        const double share = p - static_cast<double>(below);
        const double bias = (1 - share) * dot([&](Index d) {
                                return e.at({below, d});
                            }) +
                            share * dot([&](Index d) {
                                return e.at({above, d});
                            });
        b.mutable_data()[j] = static_cast<Scalar>(bias);
        if (k - j < 3)
            out << "  key " << j << ": gate " << gate << ", count " << p << ", between e[" << below << "] and e["
                << above << "]: b = " << bias << "\n";
    }
    out << "  the row b(" << k << ", 0 .. " << k << ") = " << FirstNumbers(b) << "; key 0 is " << k
        << " tokens back, and counts as " << count << "\n";
    return b;
}

NdArray Forgetting::narrate(Index k, std::ostream& out) const {
    require_explainable("Forgetting", k);
    const Index D = back_.weight.dim(1);
    const NdArray x = example_tokens(k + 1, D), w = back_.weight.values();
    out << "Position " << k << " by what the tokens on the way forget, f = sigmoid(w . x + c) (head 0):\n";
    NdArray row = zeros({k + 1});
    double log_kept = 0;    // log f_{j+1} + ... + log f_k: of the share of key j's weight that is left
    for (Index j = k; j >= 0; --j) {
        row.mutable_data()[j] = static_cast<Scalar>(log_kept);
        double z = static_cast<double>(back_.bias.values().at({0}));
        for (Index d = 0; d < D; ++d) z += static_cast<double>(w.at({0, d}) * x.at({0, j, d}));
        const double log_f = std::min(z, 0.0) - std::log1p(std::exp(-std::abs(z)));
        if (k - j < 3)
            out << "  key " << j << ": " << std::exp(log_kept) << " of its weight is left, b = " << log_kept
                << "; token " << j << " itself keeps " << std::exp(log_f) << " of all before it\n";
        log_kept += log_f;
    }
    out << "  the row b(" << k << ", 0 .. " << k << ") = " << FirstNumbers(row)
        << "; other tokens would forget differently\n";
    return row;
}

}    // namespace ordinal
