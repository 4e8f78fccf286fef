// What is expected of the experiments, written before this code ran.
#include "demos/lab/claims.h"
#include "demos/real_bert/experiments.h"

namespace ordinal::demos {
namespace {

const char* const reference = "runs in PyTorch, five draws of sentences, before this demo was written";
const char* const on_paper = "on paper, before the first run";

// All bands hold for each draw of sentences, however many there are.
Claim claim(const std::string& what, const Labels& of, const Band& band, const std::string& if_missed,
            const char* source = reference) {
    return certain(what, of, band, source, if_missed, 2);
}

Claim less(Claim claim, const Labels& other) {
    claim.minus = other;
    return claim;
}

Labels moved(const std::string& table, Index s, const std::string& score) {
    return {{"table", table}, {"s", s}, {"score", score}};
}
Labels trained(const std::string& start, Index steps, const std::string& score) {
    return {{"start", start}, {"steps", steps}, {"score", score}};
}
Labels asked(Index pieces, const std::string& reader, const std::string& needle) {
    return {{"pieces", pieces}, {"read by", reader}, {"needle", needle}};
}

}    // namespace

std::vector<Claim> real_bert_claims() {
    const std::string bag = "a vector is mostly a bag of words: shuffled ones keep a cosine of .80",
                      noise = "another draw of sentences? 64 of them tell a share to about .06";
    return {
        claim("row 0 is so many times as long as the others", {{"row 0", "by the median row"}}, at_least(4),
              "another BERT: its row 0 may be a position like the others"),
        claim("faithful, moved by 64", moved(its_own, 64, "faithful"), at_least(0.92), bag),
        claim("faithful, moved by 320", moved(its_own, 320, "faithful"), at_most(0.72), bag),
        less(claim("faithful, moved by 320, minus random rows", moved(its_own, 320, "faithful"), at_most(0), bag),
             moved(random_rows, 320, "faithful")),
        claim("in order, moved by 320", moved(its_own, 320, "in order"), at_most(0.75), noise),
        claim("faithful, hierarchical at 512", moved("hierarchical", 512, "faithful"), at_most(0.35),
              "is row 0 still in Su's formula?"),
        claim("faithful, hierarchical without row 0 at 512", moved(su_without_0, 512, "faithful"), at_least(0.95),
              "is row 0 in Su's formula?"),
        claim("faithful, copies of rows 1 to 127 at 800", moved(first_127, 800, "faithful"), at_least(0.92), bag),
        claim("in order, copies of rows 1 to 127 at 800", moved(first_127, 800, "in order"), at_least(0.95), noise),
        claim("faithful, linear at 0", moved("linear", 0, "faithful"), at_most(0.93),
              "a stretched table should hurt where the model was good"),
        claim("in order, random rows after 240 steps", trained("random", 240, "in order"), between(0.6, 0.95),
              "below: the rows learn more slowly; above: faster"),
        claim("in order, copies after 15 steps", trained("copy", 15, "in order"), at_least(0.95), noise),
        less(claim("faithful after 240 steps, anchored minus copies", trained("anchored", 240, "faithful"), at_most(0),
                   "every second row is an old one half as far from its neighbours as the model wants, and frozen",
                   on_paper),
             trained("copy", 240, "faithful")),
        less(claim("needle, 120 pieces: fading minus without", asked(120, its_own + fading, "mean"), at_least(0.03),
                   noise),
             asked(120, its_own, "mean")),
        less(claim("last needle, 500 pieces: windows minus whole", asked(500, windows, "last"), at_least(0.1), noise),
             asked(500, its_own, "last")),
        claim("last needle, 1000 pieces, copies of rows 1 to 127", asked(1000, first_127, "last"), at_most(0.15),
              "a faithful shift is necessary; is it sufficient after all?"),
    };
}

}    // namespace ordinal::demos
