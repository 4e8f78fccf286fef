#include "demos/plot/axis.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <locale>
#include <sstream>

namespace ordinal::demos::plot {

Range including(const Range& range, double value) {
    if (!(std::abs(value) <= 1e300)) return range;
    if (range.low > range.high) return {value, value};
    return {std::min(range.low, value), std::max(range.high, value)};
}

Range at_least_some(const Range& range) {
    if (range.low > range.high) return {0, 1};
    constexpr double nothing = 1e-300;    // a step this small could not be counted in
    const double largest = std::max(std::abs(range.low), std::abs(range.high));
    if (range.high - range.low > std::max(1e-9 * largest, nothing)) return range;
    const double room = largest > nothing ? largest / 2 : 0.5;
    return {range.low - room, range.high + room};
}

double nice_step(double step) {
    const double power = std::pow(10, std::floor(std::log10(step)));
    for (double factor : {1.0, 2.0, 5.0})
        if (factor * power >= step * (1 - 1e-9)) return factor * power;
    return 10 * power;
}

namespace {

// A number written with the decimals that `step` needs: number_label(0.5, 0.25) is "0.50".
std::string number_label(double value, double step) {
    if (value == 0) return "0";
    std::ostringstream text;
    text.imbue(std::locale::classic());    // a decimal point in every country
    const int step_power = static_cast<int>(std::floor(std::log10(step) + 1e-9));
    if (step < 1e-4 || std::abs(value) >= 1e7) {
        const int power = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-9));
        text << std::setprecision(std::max(0, power - step_power)) << std::fixed << value / std::pow(10, power) << 'e'
             << power;
    } else {
        text << std::setprecision(std::max(0, -step_power)) << std::fixed << value;
    }
    std::string label;
    for (char c : text.str()) label += c == '-' ? std::string("\u2212") : std::string(1, c);
    return label;
}

std::vector<Tick> linear_ticks(const Range& range, int max_count) {
    const double step = nice_step((range.high - range.low) / max_count);
    const double first = std::ceil(range.low / step - 1e-9), last = std::floor(range.high / step + 1e-9);
    std::vector<Tick> ticks;
    for (double i = first; i <= last && std::ssize(ticks) <= max_count; ++i)
        ticks.push_back({i * step, number_label(i * step, step)});
    return ticks;
}

// 1, 2, 5, 10, 20, ... or whole powers of ten.
std::vector<Tick> log_ticks(const Range& range, int max_count) {
    const int lowest = static_cast<int>(std::floor(std::log10(range.low)));
    const int highest = static_cast<int>(std::ceil(std::log10(range.high)));
    const auto ticks_at = [&](const std::vector<double>& factors, int stride) {
        std::vector<Tick> ticks;
        for (int power = lowest; power <= highest; power += stride)
            for (double factor : factors) {
                const double unit = std::pow(10, power), at = factor * unit;
                if (at >= range.low * (1 - 1e-9) && at <= range.high * (1 + 1e-9))
                    ticks.push_back({at, number_label(at, unit)});
            }
        return ticks;
    };
    std::vector<Tick> ticks = ticks_at({1, 2, 5}, 1);
    if (ticks.size() < 3) return linear_ticks(range, max_count);    // less than a decade: round numbers do
    for (int stride = 1; std::ssize(ticks) > max_count; ++stride) ticks = ticks_at({1}, stride);
    return ticks;
}

std::vector<Tick> chosen_ticks(const std::vector<double>& chosen, const Range& range) {
    std::vector<Tick> ticks;
    for (const double at : chosen) {
        if (!(range.low <= at && at <= range.high)) continue;
        double step = 1;    // as many decimals as the number has, up to four
        while (step > 1e-4 && std::abs(at / step - std::round(at / step)) > 1e-6) step /= 10;
        ticks.push_back({at, number_label(at, step)});
    }
    return ticks;
}

}    // namespace

double Axis::pixel(double value) const {
    const auto scale = [this](double v) { return logarithmic ? std::log10(v) : v; };
    const double t = (scale(value) - scale(range.low)) / (scale(range.high) - scale(range.low));
    // Far outside is far enough: drawing code need not fear 1e300. (NaN stays NaN.)
    return std::clamp(first_pixel + t * (last_pixel - first_pixel), -1e5, 1e5);
}

std::vector<Tick> Axis::ticks(int max_count) const {
    if (!chosen.empty()) return chosen_ticks(chosen, range);
    return logarithmic ? log_ticks(range, max_count) : linear_ticks(range, max_count);
}

std::vector<Tick> index_ticks(Index size, Index step, int max_count) {
    if (step <= 0) step = std::llround(nice_step(std::max(1.0, static_cast<double>(size) / max_count)));
    std::vector<Tick> ticks;
    for (Index i = 0; i < size; i += step) ticks.push_back({static_cast<double>(i), std::to_string(i)});
    return ticks;
}

}    // namespace ordinal::demos::plot
