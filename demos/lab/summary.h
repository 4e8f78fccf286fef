// What a few numbers, one a seed, come to, and how that is written.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace ordinal::demos {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

struct Summary {
    double mean = 0, least = 0, greatest = 0;
};
Summary summary(const std::vector<double>& seeds);

std::string fixed(double value, int decimals);    // "0.42"
std::string summary_text(const std::vector<double>& seeds,
                         int decimals);                          // "0.42 [0.37 .. 0.48]", of one seed "0.42"
std::string mean_and_range(const std::vector<double>& seeds);    // the same; "-" for no number, or NaN

}    // namespace ordinal::demos
