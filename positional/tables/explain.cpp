// One row of a table, looked up or put together.
#include <ordinal/positional/explain.h>
#include <ordinal/positional/tables/extended_table.h>
#include <ordinal/positional/tables/learned_table.h>

namespace ordinal {

NdArray LearnedTable::narrate(Index k, std::ostream& out) const {
    if (beyond_ == Beyond::zero) return {};    // its story is another one
    const Index r = row(Positions::of({static_cast<double>(k)}), 0), width = weight_.dim(1);
    NdArray code = zeros({width});
    Scalar* p = code.mutable_data();
    for (Index i = 0; i < width; ++i) p[i] = weight_.values().at({r, i});
    out << "Position " << k << " in a learned table P " << weight_.shape() << ":\n"
        << "  look up row " << k << ":  p_" << k << " = P[" << k << "] = " << FirstNumbers(code)
        << "\n  one step, whatever k is; nothing is computed, and nothing is known about position " << weight_.dim(0)
        << "\n";
    return code;
}

// Su's formula as he writes it (alpha u_i + (1 - alpha) u_j): not through W. His p_0 is row `from`.
NdArray ExtendedTable::narrate(Index position, std::ostream& out) const {
    const Index k = whole(Positions::of({static_cast<double>(position)}), 0), n = table_.dim(0), D = table_.dim(1);
    const bool has_own_numbers = new_rows_.defined() && k >= n;
    if (extension_.strategy != Extend::hierarchical || has_own_numbers) return {};
    const Index from = extension_.from, rows = n - from, i = from + (k - from) / rows, j = from + (k - from) % rows;
    const double alpha = extension_.alpha;
    const auto P = [&](Index r, Index c) { return static_cast<double>(table_.values().at({r, c})); };
    const auto u = [&](Index r, Index c) { return (P(r, c) - alpha * P(from, c)) / (1 - alpha); };
    NdArray code = zeros({D});
    Scalar* p = code.mutable_data();
    for (Index c = 0; c < D; ++c) p[c] = static_cast<Scalar>(k < n ? P(k, c) : alpha * u(i, c) + (1 - alpha) * u(j, c));
    out << "Position " << k << " from a trained table of " << n << " rows made " << length_
        << " long (hierarchical):\n";
    const std::string behind = from > 0 ? text_of("(", k, " - ", from, ")") : text_of(k),
                      in_front = from > 0 ? text_of(from, " + ") : "";
    if (k < n)
        out << "  row " << k << " is an old one: p_" << k << " = P[" << k << "]";
    else
        out << "  two digits: block i = " << in_front << behind << " / " << rows << " = " << i
            << ", place j = " << in_front << behind << " mod " << rows << " = " << j
            << "\n  with u_r = (P[r] - alpha P[" << from << "]) / (1 - alpha):  p_" << k << " = " << alpha << " u_" << i
            << " + " << 1 - alpha << " u_" << j << "  =  P[" << j << "] + " << alpha / (1 - alpha) << " (P[" << i
            << "] - P[" << from << "])";
    out << "\n  p_" << k << " = " << FirstNumbers(code) << "\n";
    return code;
}

}    // namespace ordinal
