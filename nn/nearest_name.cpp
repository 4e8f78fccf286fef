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
    std::string nearest;
    Index least = static_cast<Index>(name.size()) / 2 + 1;    // more is too far
    for (const std::string& candidate : candidates) {
        const Index longer =
            std::abs(std::ssize(name) - std::ssize(candidate));    // at least so many letters to change
        if (longer >= least) continue;
        if (const Index distance = edit_distance(name, candidate); distance < least) {    // the first of several
            least = distance;
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

std::string shortened(const std::string& text) {
    constexpr std::size_t most = 100;
    if (text.size() <= most) return text;
    std::size_t end = most;    // where a character begins
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end) + "...";
}

}    // namespace ordinal
