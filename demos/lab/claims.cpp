#include "demos/lab/claims.h"

#include <algorithm>
#include <cmath>
#include <ostream>

#include "demos/lab/table.h"

namespace ordinal::demos {
namespace {

bool inside(const Band& band, double value) { return band.low <= value && value <= band.high; }

std::string statements(const std::string& demo, const std::vector<Claim>& claims) {
    if (claims.empty()) return demo + " claims nothing.\n";
    std::string text;
    for (const Claim& claim : claims) {
        const std::string band = band_text(claim.band, claim.decimals),
                          wider = claim.few_seeds ? band_text(*claim.few_seeds, claim.decimals) : band;
        text += claim.what + ": " + band;
        if (wider != band) text += " (of fewer seeds: " + wider + ")";
        text += "\n";
    }
    return text;
}

// What was measured of it, seed by seed. Nothing where one of two was not.
std::vector<double> seeds_of(const Claim& claim, const Measurements& found) {
    std::vector<double> seeds = found.of(claim.of);
    if (claim.minus.empty()) return seeds;
    const std::vector<double> other = found.of(claim.minus);
    if (other.size() != seeds.size()) return {};
    for (std::size_t i = 0; i < seeds.size(); ++i) seeds[i] -= other[i];
    return seeds;
}

std::string and_others(std::size_t count) { return count == 1 ? "" : text_of(", and ", count - 1, " more"); }

}    // namespace

Band at_least(double low) { return {.low = low}; }
Band at_most(double high) { return {.high = high}; }
Band between(double low, double high) { return {.low = low, .high = high}; }

std::string band_text(const Band& band, int decimals) {
    if (std::isinf(band.high)) return ">= " + fixed(band.low, decimals);
    if (std::isinf(band.low)) return "<= " + fixed(band.high, decimals);
    return fixed(band.low, decimals) + " .. " + fixed(band.high, decimals);
}

Claim likely(const std::string& what, const Labels& of, const Band& band, const std::optional<Band>& few_seeds,
             const std::string& if_missed, const std::optional<double>& chance, const std::string& source) {
    return {.what = what,
            .of = of,
            .band = band,
            .few_seeds = few_seeds,
            .source = source,
            .if_missed = if_missed,
            .chance = chance};
}

Claim certain(const std::string& what, const Labels& of, const Band& band, const std::string& source,
              const std::string& if_missed, int decimals, double tolerance) {
    Claim claim = likely(what, of, band, band, if_missed, {}, source);
    claim.judged_by = JudgedBy::every_seed;
    claim.decimals = decimals;
    claim.tolerance = tolerance;
    return claim;
}

bool is_met(const Claim& claim) {
    if (claim.judged_by == JudgedBy::mean) return inside(claim.band, summary(claim.measured).mean);
    return std::ranges::all_of(claim.measured, [&](double value) { return inside(claim.band, value); });
}

std::vector<std::string> row_of(const Claim& judged) {
    return {is_met(judged) ? "PASS" : "MISSED", judged.what, summary_text(judged.measured, judged.decimals),
            band_text(judged.band, judged.decimals)};
}

Verdicts::Verdicts(const DemoOptions& options, std::vector<Claim> claims)
    : demo_(options.about.name), quick_(options.quick), strict_(options.strict), unmeasured_(std::move(claims)) {
    for (const Claim& claim : unmeasured_)
        for (const Band& band : {claim.band, claim.few_seeds.value_or(claim.band)})
            require<OptionError>(band.low <= band.high && (std::isfinite(band.low) || std::isfinite(band.high)),
                                 "Report: the claim '", claim.what, "' cannot be ", band.low <= band.high ? "missed" : "met",
                                 "; give it a band, at_least(low), at_most(high) or between(low, high)");
    require<OnlyClaims>(!options.claims, statements(demo_, unmeasured_));
}

void Verdicts::judge(const Measurements& found) {
    std::vector<Claim> unmeasured;
    for (Claim& claim : unmeasured_) {
        claim.measured = seeds_of(claim, found);
        const bool few = quick_ || claim.measured.size() < seeds_of_a_band;
        if (claim.measured.empty()) {
            unmeasured.push_back(std::move(claim));
        } else if (few && !claim.few_seeds) {
            need_more_seeds_.push_back(claim.what);
        } else {
            if (few) claim.band = *claim.few_seeds;
            judged_.push_back(std::move(claim));
        }
    }
    unmeasured_ = std::move(unmeasured);
}

bool Verdicts::all_met() const { return std::ranges::all_of(judged_, is_met); }

// No silence about what was not judged.
std::vector<std::string> Verdicts::notes() const {
    std::vector<std::string> notes;
    if (!need_more_seeds_.empty())
        notes.push_back(text_of("not judged, for its band needs a whole run on ", seeds_of_a_band,
                                " seeds: ", need_more_seeds_[0], and_others(need_more_seeds_.size())));
    if (!unmeasured_.empty())
        notes.push_back(text_of("not judged: ", unmeasured_[0].what, " (nothing here is of ",
                                text_of_labels(unmeasured_[0].of), ")", and_others(unmeasured_.size())));
    return notes;
}

void Verdicts::print_judged(std::ostream& out) const {
    std::vector<std::vector<std::string>> rows{{"", "what", "measured", "expected"}};
    for (const Claim& claim : judged_) {
        rows.push_back(row_of(claim));
        if (claim.measured.size() > 1 && claim.judged_by == JudgedBy::every_seed)
            rows.back().back() += " on every seed";
    }
    const std::vector<std::string> lines = aligned(rows);
    const bool narrow = fit(lines);
    if (narrow) out << lines[0] << '\n';
    for (std::size_t i = 0; i < judged_.size(); ++i) {
        const std::vector<std::string>& row = rows[i + 1];
        const std::string verdict = row[0] + std::string(8 - row[0].size(), ' '), indent(8, ' ');
        out << (narrow ? lines[i + 1] : verdict + row[1] + "\n" + indent + row[2] + ", expected " + row[3]) << '\n';
        if (!is_met(judged_[i]) && !judged_[i].if_missed.empty())
            out << indent << "why? " << judged_[i].if_missed << '\n';
    }
}

int Verdicts::print(std::ostream& out) const {
    if (judged_.empty()) {
        for (const std::string& note : notes()) out << '\n' << demo_ << ": " << note << '\n';
        return 0;
    }
    out << '\n' << demo_ << ": what was expected and what came\n";
    print_judged(out);
    std::vector<std::string> sources{""};
    for (const Claim& claim : judged_)
        if (std::ranges::find(sources, claim.source) == sources.end()) {
            out << "bands from: " << claim.source << '\n';
            sources.push_back(claim.source);
        }
    for (const std::string& note : notes()) out << note << '\n';
    out << demo_ << ": " << std::ranges::count_if(judged_, is_met) << " of " << judged_.size() << " expectations met\n";
    return strict_ && !all_met() ? 1 : 0;
}

}    // namespace ordinal::demos
