// A batch reads positions 0, 1 and 3 of a table of 6 rows. Which rows learn?
#include <iostream>

#include <ordinal/positional/tables/learned_table.h>

int main() {
    using namespace ordinal;
    const LearnedTable table(zeros({6, 2}));
    const Tensor x(zeros({4, 3, 2}));    // 4 sequences of 3 tokens
    sum(table.apply_to_input(x, Positions::of({0, 1, 3}), Mode::evaluation())).backward();
    std::cout << table.weight().grad() << "\n";
    try {
        table.vectors(Positions::arange(7));
    } catch (const PositionOutOfRange& error) {
        std::cout << error.what() << "\n";
    }
}
