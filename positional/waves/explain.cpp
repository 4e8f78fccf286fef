// One position, rotated there step by step.
#include <ordinal/positional/explain.h>
#include <ordinal/positional/waves/sinusoidal.h>

namespace ordinal {

NdArray Sinusoidal::narrate(Index k, std::ostream& out) const {
    require_explainable("Sinusoidal", k);
    require_room<PositionOutOfRange>("Sinusoidal", "all codes up to there", {k + 1, d_model_},
                                     "ask for an earlier position");
    const NdArray code = reshape(slice(orbit(k + 1), 0, k, k + 1), {d_model_});    // the slow way: k rotations
    out << "Position " << k << " by waves of " << d_model_ / 2 << (d_model_ == 2 ? " frequency:\n" : " frequencies:\n");
    for (Index j = 0; j < std::min<Index>(d_model_ / 2, 3); ++j)
        out << "  wave " << j << " moves on by w_" << j << " = " << frequency(j) << " rad a step; after " << k
            << " steps it is at " << static_cast<double>(k) * frequency(j)
            << " rad: sin, cos = " << FirstNumbers(slice(code, 0, 2 * j, 2 * j + 2)) << "\n";
    out << "  p_" << k << " = " << FirstNumbers(code)
        << "  (one step for any k, since the angle k w_j is known at once)\n";
    return code;
}

}    // namespace ordinal
