// Claims: what a demo expects of its numbers, stated before it runs, and what became of that.
//
//     const std::vector<Claim> claims{{.what = "table at length 64",
//                                      .of = {{"encoding", "table"}, {"length", 64}},
//                                      .band = at_most(0.15),
//                                      .if_missed = "a value above chance is luck or a leak"}};
//     Report report(options, claims);    // with --claims the demo prints them, and ends here
//     ...
//     report.judge(found);
//
// A band comes from runs made before. A miss is printed, not hidden.
#pragma once

#include <iosfwd>
#include <optional>

#include <ordinal/core/error.h>

#include "demos/lab/measurements.h"
#include "demos/lab/options.h"

namespace ordinal::demos {

struct Band {    // both ends belong to it
    double low = -infinity;
    double high = infinity;
};
Band at_least(double low);
Band at_most(double high);
Band between(double low, double high);
std::string band_text(const Band& band, int decimals);    // ">= 0.28", "<= 0.05", "-0.05 .. 0.05"

enum class JudgedBy { every_seed, mean };

constexpr const char* reference_runs = "reference runs in PyTorch";    // no std::string: claims are made before main
struct Claim {
    std::string what;                       // as it is printed and kept: "table(std=0.1) shifted by 32"
    Labels of = {};                         // the measurements that have all these labels, one a seed
    Labels minus = {};                      // then it is about the difference, seed by seed
    std::vector<double> measured = {};      // once it is judged: one number a seed
    Band band = {};                         // for `seeds_of_a_band` seeds or more, and all steps
    std::optional<Band> few_seeds = {};     // for fewer seeds, and for --quick; without one nothing is claimed there
    std::string source = reference_runs;    // where the band comes from
    std::string if_missed = "";             // what a reader should think of when it is missed
    JudgedBy judged_by = JudgedBy::mean;
    int decimals = 2;
    std::optional<double> chance = {};    // what knowing nothing would reach
    double tolerance = 0;                 // infinity: a timing, of which only the verdict is compared with earlier runs
};
constexpr std::size_t seeds_of_a_band = 3;
// Of training, in which there is luck.
Claim likely(const std::string& what, const Labels& of, const Band& band, const std::optional<Band>& few_seeds,
             const std::string& if_missed, const std::optional<double>& chance = {},
             const std::string& source = reference_runs);
// Not of training: its band holds for every seed, however many there are.
Claim certain(const std::string& what, const Labels& of, const Band& band, const std::string& source,
              const std::string& if_missed, int decimals, double tolerance = 0);
const std::vector<Claim> no_claims;    // of a text of one's own, say

bool is_met(const Claim& claim);                         // NaN never is
std::vector<std::string> row_of(const Claim& judged);    // "PASS", "right at 64", "0.42 [0.37 .. 0.48]", ">= 0.28"

// Thrown where a user has asked for the claims and nothing else (--claims). They are its text.
struct OnlyClaims : Error {
    using Error::Error;
};

// The claims of a demo, and those of them that have been judged.
class Verdicts {
public:
    // With --claims it throws OnlyClaims: a demo states its claims before its work. OptionError: a claim has no band, or
    // one that nothing can meet.
    explicit Verdicts(const DemoOptions& options, std::vector<Claim> claims = {});

    // Each claim that has been measured here, and has a band for so many seeds.
    void judge(const Measurements& found);
    const std::vector<Claim>& judged() const { return judged_; }
    bool all_met() const;

    // Prints each: PASS or MISSED, what, mean [least .. greatest] over the seeds, the band; under a missed one its
    // explanation; then where the bands come from, and what was not judged. No wider than a terminal where what was
    // measured has a short name. Returns the demo's exit code: 1 when something was missed and --strict asks for it.
    int print(std::ostream& out) const;

private:
    std::string demo_;
    bool quick_, strict_;
    std::vector<Claim> unmeasured_, judged_;
    std::vector<std::string> need_more_seeds_;

    void print_judged(std::ostream& out) const;
    std::vector<std::string> notes() const;
};

}    // namespace ordinal::demos
