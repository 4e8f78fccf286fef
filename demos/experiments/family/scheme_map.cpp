#include "demos/experiments/family/scheme_map.h"

#include <ordinal/positional/registry.h>
#include "demos/experiments/family/family_members.h"
#include "demos/experiments/family/trait_words.h"

namespace ordinal {
namespace {

constexpr Index width = 64, rows = 512, heads = 4;

struct Need {
    std::string need;
    std::string reason;    // what in the traits meets it
    std::function<bool(const MappedScheme&)> met;
};

const std::vector<Need>& needs() {
    static const std::vector<Need> all{
        {"Sequences longer than any in training: the next position must at least exist.", "unbounded",
         [](const MappedScheme& s) { return !s.traits.max_length; }},
        {"The billionth position, by itself.", "unbounded, and computed without all positions before it",
         [](const MappedScheme& s) {
             return !s.traits.max_length && !s.traits.computable_up_to && s.traits.ids != AcceptedIds::consecutive;
         }},
        {"Equal tokens at different positions should look different, before any training.", "told apart",
         [](const MappedScheme& s) { return s.traits.distinct; }},
        {"All positions at once: no position waits for the one before it.", "depth O(1)",
         [](const MappedScheme& s) { return s.traits.depth == Depth::constant; }},
        {"Nearly at once: twice the length costs one more step.", "depth O(log n)",
         [](const MappedScheme& s) { return s.traits.depth == Depth::logarithmic; }},
        {"Both strengths together: without a bound, without a chain of n steps, learned, and each position with a "
         "look of its own that stays.",
         "unbounded, depth below O(n), learns something, told apart, does not change with length",
         [](const MappedScheme& s) {
             const Traits& t = s.traits;
             return !t.max_length && t.depth != Depth::linear && s.parameters > 0 && t.distinct && !t.length_dependent;
         }},
        {"Computed once, used for every batch until the weights change.", "cacheable",
         [](const MappedScheme& s) { return s.traits.cacheable; }},
        {"Generating one token after the other, without computing the past again.", "does not change with length",
         [](const MappedScheme& s) { return !s.traits.length_dependent; }},
        {"Sequences that start somewhere else, or random positions in training.", "ids in any order",
         [](const MappedScheme& s) { return s.traits.ids != AcceptedIds::consecutive; }},
        {"Positions in between, as position interpolation needs them.", "any ids, also fractions",
         [](const MappedScheme& s) { return s.traits.ids == AcceptedIds::any; }},
        {"Only the distance between two tokens should count.", "translation invariant",
         [](const MappedScheme& s) { return s.traits.translation_invariant; }},
        {"Nearer tokens should count more, whatever is learned.", "fades",
         [](const MappedScheme& s) { return s.traits.fades; }},
        {"What the tokens say should count, not only where they stand.", "reads the tokens",
         [](const MappedScheme& s) { return s.traits.content_dependent; }},
        {"A model that looks both ways, such as BERT.", "not causal only",
         [](const MappedScheme& s) { return !s.traits.causal_only; }},
        {"Nothing to learn, nothing to store.", "learns no number",
         [](const MappedScheme& s) { return s.parameters == 0; }},
    };
    return all;
}

// "`a`, `b`", or where most meet the need, "all but `c`"
std::string names_meeting(const Need& need, const std::vector<MappedScheme>& schemes) {
    std::string meeting, others;
    int count = 0, other_count = 0;
    for (const MappedScheme& scheme : schemes) {
        if (scheme.traits.place == Place::nowhere) continue;    // no scheme is no answer
        const bool met = need.met(scheme);
        std::string& names = met ? meeting : others;
        names += (names.empty() ? "`" : ", `") + scheme.name + "`";
        ++(met ? count : other_count);
    }
    if (count == 0) return "none yet";
    if (other_count == 0) return "all";
    return count > 2 * other_count ? "all but " + others : meeting;
}

constexpr const char* introduction =
    R"(# 16. Which scheme for which need

**The question.** You know what your model must do. Which position schemes can do that at all?

This page is written by a program from the traits of the schemes (`positional/traits.h`), and the traits are enforced by
tests: the number of dependent steps is counted in the graph, the bound is tried, so are fractional and negative ids.
So nothing here is advertising. Nothing here is a measurement of quality either.

**What it cannot say.** That a position exists does not mean that a model knows what to do there: an unbounded scheme
can fail at the first position past the trained length. That is an experiment, not a trait. And a scheme that "learns
something" learns only what training rewards.

"Unbounded; computed up to" means that the idea has no end but our patience has: each position needs all before it, and
from there on the scheme refuses. "Told apart" is tried with equal tokens at the first 32 positions, before any training;
what reads the tokens gets other tokens in between. "Fades": of equal tokens a farther one never gets more.

```text
   where it acts       x_k -> x_k + p_k      input: before the first layer
                       q_k -> R_k q_k        queries and keys: in each attention layer
                       a_ij -> a_ij + b_ij   scores: in each attention layer
```

## By need

Read several rows together: the answer is what stands in all of them. `none`, the control without positions, is left out.

)";

constexpr const char* ending = R"(
## Run it

```sh
./go demos family
```

draws all of them on one scale and prints these traits beside what was measured. The page itself is written by
`build/release/bin/family --map docs/16-which-scheme.md`; a test compares the two. The rows are conditions on the traits:
[demos/experiments/family/scheme_map.cpp](../demos/experiments/family/scheme_map.cpp).

## What can go wrong

- **Reading a bound as a limit of the idea.** `table` has as many positions as it has rows; a longer one is a choice made
  before training.
- **Reading "unbounded" as "extrapolates".** See above.
- **Taking a scheme for granted that needs a mask.** "Causal only" means that the scores make no sense where a token
  would look ahead. A bias then hides the future itself; rotated queries and keys cannot, and the model has to mask.
- **Two schemes at once.** Adding `sinusoidal` to the input of a model that rotates its queries is not wrong, but then you
  measure neither.

## Exercises

1. *(easy)* You need sequences of any length, all at once, and a model that looks both ways. Which schemes are left?
   Which of them learn something?
2. *(medium)* Choose a scheme and find the promise in its header that you trust least. Change the trait to the opposite
   and run the tests. What do they say?
3. *(hard)* Find a combination of rows that no scheme meets. Is there a reason, or is it a scheme that nobody has written
   yet? The steps are in [an encoding of your own](add-your-own-encoding.md).

## Sources

Of each scheme: the last column above, in full in the [references](references.md).

Before: [could a graph do it?](15-could-a-graph-do-it.md) Next: [beyond the last row](17-beyond-the-last-row.md). See also:
[an encoding of your own](add-your-own-encoding.md).
)";

}    // namespace

std::vector<MappedScheme> mapped_schemes() {
    std::vector<MappedScheme> schemes;
    for (const auto& [name, factory] : builtin_encodings()) {
        Rng rng(1);
        const auto encoding = make_encoding(name, {.d_model = width, .max_length = rows, .num_heads = heads}, rng);
        schemes.push_back({name, encoding->traits(), parameter_count(*encoding)});
    }
    return schemes;
}

std::string scheme_map(const std::vector<MappedScheme>& schemes) {
    Table by_need{.name = "by need", .columns = {"what you need", "the trait that gives it", "schemes"}};
    for (const Need& need : needs()) by_need.rows.push_back({need.need, need.reason, names_meeting(need, schemes)});
    std::vector<Member> members;
    for (const MappedScheme& scheme : schemes)
        members.push_back({.name = "`" + scheme.name + "`",
                           .traits = scheme.traits,
                           .parameters = scheme.parameters,
                           .kernel = {},
                           .indicators = {}});
    return introduction + markdown(by_need) + "\n## All promises\n\nWith codes of " + std::to_string(width) +
           " numbers, " + std::to_string(heads) + " heads and tables of " + std::to_string(rows) +
           " rows. \"Learns\" counts the numbers that training changes.\n\n" + markdown(traits_table(members)) + ending;
}

}    // namespace ordinal
