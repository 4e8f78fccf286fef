#include <ordinal/nn/nearest_name.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace ordinal {

// distance(i, j), between the first i letters of a and the first j letters of b, is the smallest of
//     distance(i-1, j) + 1, distance(i, j-1) + 1, distance(i-1, j-1) + (a[i-1] != b[j-1]).
// Row i needs only row i-1, so one row is kept.
Index edit_distance(const std::string& a, const std::string& b) {
    std::vector<Index> above(b.size() + 1);
    std::iota(above.begin(), above.end(), 0);    // distance(0, j) = j
    for (char letter : a) {
        std::vector<Index> row = {above[0] + 1};
        for (std::size_t j = 1; j <= b.size(); ++j)
            row.push_back(std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != b[j - 1])}));
        above = row;
    }
    return above.back();
}

std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates) {
    const auto distance = [&name](const std::string& candidate) {
        const Index longer = std::abs(std::ssize(name) - std::ssize(candidate));    // at least so many letters change
        return longer > std::ssize(name) / 2 ? longer : edit_distance(name, candidate);
    };
    const auto nearer = [&](const auto& a, const auto& b) { return distance(a) < distance(b); };
    const auto nearest = std::min_element(candidates.begin(), candidates.end(), nearer);    // the first of several
    return nearest == candidates.end() || distance(*nearest) > std::ssize(name) / 2 ? "" : *nearest;
}

std::string did_you_mean(const std::string& name, const std::vector<std::string>& candidates) {
    const std::string nearest = nearest_name(name, candidates);
    if (!nearest.empty()) return "did you mean " + nearest + "?";
    std::string known;
    for (const std::string& candidate : candidates) known += (known.empty() ? "" : ", ") + candidate;
    return "known: " + known;
}

}    // namespace ordinal
