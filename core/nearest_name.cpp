#include "core/nearest_name.h"

#include <algorithm>

namespace ordinal {

// distance(i, j), between the first i letters of a and the first j letters of b, is the smallest of
//     distance(i-1, j) + 1, distance(i, j-1) + 1, distance(i-1, j-1) + (a[i-1] != b[j-1]).
// Row i needs only row i-1, so two rows are kept.
Index edit_distance(const std::string& a, const std::string& b) {
    std::vector<Index> above(b.size() + 1);    // row i-1
    std::vector<Index> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = static_cast<Index>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = static_cast<Index>(i);
        for (std::size_t j = 1; j <= b.size(); ++j)
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1])});
        std::swap(above, row);
    }
    return above[b.size()];
}

std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates) {
    std::string nearest;
    Index smallest = static_cast<Index>(name.size()) / 2 + 1;
    for (const std::string& candidate : candidates) {
        const Index distance = edit_distance(name, candidate);
        if (distance < smallest) {
            smallest = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

std::string did_you_mean(const std::string& name, const std::vector<std::string>& candidates) {
    const std::string nearest = nearest_name(name, candidates);
    if (!nearest.empty()) return "did you mean " + nearest + "?";
    std::string known;
    for (const std::string& candidate : candidates) known += (known.empty() ? "" : ", ") + candidate;
    return "known: " + known;
}

}    // namespace ordinal
