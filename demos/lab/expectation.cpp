#include "demos/lab/expectation.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>
#include <tuple>

#include <ordinal/core/error.h>
#include "demos/lab/table.h"

namespace ordinal::demos {
namespace {

std::string fixed(double value, int decimals) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

bool inside(const Band& band, double value) { return band.low <= value && value <= band.high; }

}    // namespace

Band at_least(double low) { return {.low = low}; }
Band at_most(double high) { return {.high = high}; }
Band between(double low, double high) { return {.low = low, .high = high}; }

std::string band_text(const Band& band, int decimals) {
    if (std::isinf(band.high)) return ">= " + fixed(band.low, decimals);
    if (std::isinf(band.low)) return "<= " + fixed(band.high, decimals);
    return fixed(band.low, decimals) + " .. " + fixed(band.high, decimals);
}

Summary summary(const std::vector<double>& measured) {
    double sum = 0;
    for (const double value : measured) sum += value;
    const auto [least, greatest] = std::minmax_element(measured.begin(), measured.end());
    return {sum / static_cast<double>(measured.size()), *least, *greatest};
}

std::string measured_text(const Expectation& e) {
    const Summary s = summary(e.measured);
    if (e.measured.size() == 1) return fixed(s.mean, e.decimals);
    return fixed(s.mean, e.decimals) + " [" + fixed(s.least, e.decimals) + " .. " + fixed(s.greatest, e.decimals) + "]";
}

const char* judged_by_text(const Expectation& e) { return e.judged_by == JudgedBy::mean ? "the mean" : "every seed"; }

bool is_met(const Expectation& e) {
    if (e.judged_by == JudgedBy::mean) return inside(e.band, summary(e.measured).mean);
    return std::all_of(e.measured.begin(), e.measured.end(), [&](double value) { return inside(e.band, value); });
}

void Expectations::add(Expectation expectation) {
    require<OptionError>(!expectation.measured.empty(), "Expectations: expected a number per seed for '",
                         expectation.what, "', got none; measure before you judge");
    expectations_.push_back(std::move(expectation));
}

bool Expectations::all_met() const { return std::all_of(expectations_.begin(), expectations_.end(), is_met); }

int Expectations::report(std::ostream& out, bool strict) const {
    if (expectations_.empty()) {
        for (const std::string& note : notes_) out << '\n' << demo_ << ": " << note << '\n';
        return 0;
    }
    std::vector<std::vector<std::string>> rows{{"", "what", "measured", "expected"}};
    std::vector<std::string> sources;
    for (const Expectation& e : expectations_) {
        const bool of_each = e.measured.size() > 1 && e.judged_by == JudgedBy::every_seed;
        rows.push_back({is_met(e) ? "PASS" : "MISSED", e.what, measured_text(e),
                        band_text(e.band, e.decimals) + (of_each ? " on every seed" : "")});
        if (!e.source.empty() && std::find(sources.begin(), sources.end(), e.source) == sources.end())
            sources.push_back(e.source);
    }
    const std::vector<std::string> lines = aligned(rows);
    out << '\n' << demo_ << ": what was expected and what came\n";
    if (fit(lines)) out << lines[0] << '\n';
    for (std::size_t i = 0; i < expectations_.size(); ++i) {
        const auto& [verdict, what, measured, band] =
            std::tie(rows[i + 1][0], rows[i + 1][1], rows[i + 1][2], rows[i + 1][3]);
        if (fit(lines))
            out << lines[i + 1] << '\n';
        else
            out << verdict << (is_met(expectations_[i]) ? "    " : "  ") << what << "\n        " << measured
                << ", expected " << band << '\n';
        if (!is_met(expectations_[i]) && !expectations_[i].if_missed.empty())
            out << "        why? " << expectations_[i].if_missed << '\n';
    }
    for (const std::string& source : sources) out << "bands from: " << source << '\n';
    for (const std::string& note : notes_) out << note << '\n';
    const auto met = std::count_if(expectations_.begin(), expectations_.end(), is_met);
    out << demo_ << ": " << met << " of " << expectations_.size() << " expectations met\n";
    return strict && !all_met() ? 1 : 0;
}

}    // namespace ordinal::demos
