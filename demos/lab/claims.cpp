// What was claimed beside what was measured.
#include "demos/lab/measurements.h"

namespace ordinal::demos {
namespace {

std::string and_others(const std::vector<std::string>& claims) {
    return claims.size() == 1 ? "" : text_of(", and ", claims.size() - 1, " more");
}

}    // namespace

void Measurements::judge(Expectations& expectations, const std::vector<Claim>& claims, bool quick) const {
    std::vector<std::string> unmeasured, waiting;    // no silence about what was not judged
    for (const Claim& claim : claims) {
        std::vector<double> seeds = of(claim.of);
        if (!claim.minus.empty()) {
            const std::vector<double> other = of(claim.minus);
            if (other.size() != seeds.size()) seeds.clear();    // one of the two was not measured
            for (std::size_t i = 0; i < seeds.size(); ++i) seeds[i] -= other[i];
        }
        const bool few = quick || seeds.size() < seeds_of_a_band;
        if (seeds.empty() || (few && !claim.few_seeds)) {
            (seeds.empty() ? unmeasured : waiting).push_back(claim.what);
            continue;
        }
        expectations.add({.what = claim.what,
                          .measured = seeds,
                          .band = few ? *claim.few_seeds : claim.band,
                          .source = claim.source,
                          .if_missed = claim.if_missed,
                          .judged_by = claim.judged_by,
                          .decimals = claim.decimals,
                          .chance = claim.chance});
    }
    if (!waiting.empty())
        expectations.note(text_of("not judged, for its band needs a whole run on ", seeds_of_a_band,
                                  " seeds: ", waiting[0], and_others(waiting)));
    if (!unmeasured.empty())
        expectations.note(text_of("not judged, for nothing here is of it: ", unmeasured[0], and_others(unmeasured)));
}

}    // namespace ordinal::demos
