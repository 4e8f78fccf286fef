// Expectations: what a demo claims, what it measured, and whether that agrees.
//
//     Expectations expectations("verse");
//     expectations.add({.what = "score(6) of the trained table", .measured = scores_of_all_seeds,
//                       .band = at_least(0.28), .source = "our reference runs, 3 seeds",
//                       .if_missed = "fewer steps than 500 leave the stripes faint"});
//     return expectations.report(std::cout, options.strict);
//
// A band comes from runs made before; it is stated before the demo runs, and a miss is printed, not hidden.
#pragma once

#include <iosfwd>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace ordinal::demos {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

struct Band {    // both ends belong to it
    double low = -infinity;
    double high = infinity;
};
Band at_least(double low);
Band at_most(double high);
Band between(double low, double high);
std::string band_text(const Band& band, int decimals);    // ">= 0.28", "<= 0.05", "-0.05 .. 0.05"

enum class JudgedBy { every_seed, mean };

struct Expectation {
    std::string what;
    std::vector<double> measured;    // one number per seed
    Band band;
    std::string source = "";       // where the band comes from
    std::string if_missed = "";    // what a reader should think of when it is missed
    JudgedBy judged_by = JudgedBy::every_seed;
    int decimals = 2;
    std::optional<double> chance = {};    // what knowing nothing would reach
    double tolerance = 0;                 // infinity: a timing, of which only the verdict is compared with earlier runs
};

struct Summary {
    double mean = 0, least = 0, greatest = 0;
};
Summary summary(const std::vector<double>& measured);
std::string measured_text(const Expectation& expectation);     // "0.42 [0.37 .. 0.48]"; of one seed "0.42"
const char* judged_by_text(const Expectation& expectation);    // "the mean", "every seed"

bool is_met(const Expectation& expectation);    // NaN never is

class Expectations {
public:
    explicit Expectations(std::string demo) : demo_(std::move(demo)) {}

    void add(Expectation expectation);                                        // OptionError: nothing measured
    void note(const std::string& sentence) { notes_.push_back(sentence); }    // printed at the end: what was not judged
    bool all_met() const;
    const std::vector<Expectation>& list() const { return expectations_; }

    // Prints each: PASS or MISSED, what, mean [least .. greatest] over the seeds, the band; under a missed one its
    // explanation; then where the bands come from. No wider than a terminal where what was measured has a short name.
    // Returns the demo's exit code: 1 when something was missed and `strict` asks for it, else 0.
    int report(std::ostream& out, bool strict) const;

private:
    std::string demo_;
    std::vector<Expectation> expectations_;
    std::vector<std::string> notes_;
};

}    // namespace ordinal::demos
