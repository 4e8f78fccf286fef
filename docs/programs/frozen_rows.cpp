// A table of 3 rows made 6 long and trained for a step. What has moved?
#include <iostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/optimizer.h>
#include <ordinal/positional/tables/extended_table.h>
#include <ordinal/positional/tables/learned_table.h>

using namespace ordinal;

static void train_a_step(const std::string& what, const Encoding& table) {
    const NdArray before = table.vectors(Positions::arange(6)).values();
    AdamW optimizer(table.parameters(), 0, {});
    sum(table.vectors(Positions::of({1, 4}))).backward();    // the text had tokens at positions 1 and 4 only
    optimizer.step(0.1);
    const NdArray change = table.vectors(Positions::arange(6)).values() - before;
    for (Index k = 0; k < 6; ++k) std::cout << (change.at({k, 0}) != 0 ? "moved " : "  -   ");
    std::cout << " " << what << "\n";
}

int main() {
    Rng rng(1);
    const NdArray P = random_normal({3, 4}, 1, rng);
    const Extension how{.strategy = Extend::hierarchical};
    train_a_step("tied: P under W", ExtendedTable(P, 6, how, OldRows::trained, rng));
    train_a_step("frozen old rows", ExtendedTable(P, 6, how, OldRows::frozen, rng));
    train_a_step("each row for itself", LearnedTable(extend_table(Tensor(P), 6, how, rng).values()));
}
