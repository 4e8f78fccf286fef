#include "demos/lab/summary.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace ordinal::demos {

Summary summary(const std::vector<double>& seeds) {
    double sum = 0;
    for (const double value : seeds) sum += value;
    const auto [least, greatest] = std::minmax_element(seeds.begin(), seeds.end());
    return {sum / static_cast<double>(seeds.size()), *least, *greatest};
}

std::string fixed(double value, int decimals) {
    std::string text(static_cast<std::size_t>(std::snprintf(nullptr, 0, "%.*f", decimals, value)), ' ');
    std::snprintf(text.data(), text.size() + 1, "%.*f", decimals, value);
    return text;
}

std::string summary_text(const std::vector<double>& seeds, int decimals) {
    const auto [mean, least, greatest] = summary(seeds);
    if (seeds.size() == 1) return fixed(mean, decimals);
    return fixed(mean, decimals) + " [" + fixed(least, decimals) + " .. " + fixed(greatest, decimals) + "]";
}

std::string mean_and_range(const std::vector<double>& seeds) {
    return seeds.empty() || std::isnan(summary(seeds).mean) ? "-" : summary_text(seeds, 2);
}

}    // namespace ordinal::demos
