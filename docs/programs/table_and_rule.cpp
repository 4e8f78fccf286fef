// A sinusoid and a table of 3 rows. What is left of the table past its rows, and in training?
#include <iostream>

#include <ordinal/positional/combined/composition.h>
#include <ordinal/positional/combined/dropped.h>
#include <ordinal/positional/tables/learned_table.h>
#include <ordinal/positional/waves/sinusoidal.h>

int main() {
    using namespace ordinal;
    const auto rule = std::make_shared<Sinusoidal>(8);
    const auto table = std::make_shared<LearnedTable>(NdArray({3, 8}, 0.5), Beyond::zero);
    const Composition both({rule, std::make_shared<Dropped>(table, 0.5)});
    const Positions positions = Positions::arange(6);
    const NdArray f = rule->vectors(positions).values();

    const NdArray extra = both.vectors(positions).values() - f;
    std::cout << "the table's part at positions 0 .. 5: ";
    for (Index k = 0; k < 6; ++k) std::cout << " " << extra.at({k, 0});

    std::cout << "\nthe table in ten batches of training: ";
    Rng rng(1);
    for (int batch = 0; batch < 10; ++batch) {
        const NdArray p = both.training_vectors(positions, rng).values();
        std::cout << (p.at({0, 0}) == f.at({0, 0}) ? " off" : " on");
    }
    std::cout << "\n";
}
