// Three rows made seven long. The matrix W of three strategies, all zeros shown: Q = W P.
#include <iostream>

#include <ordinal/positional/tables/extend_table.h>

int main() {
    using namespace ordinal;
    for (const std::string name : {"copy", "linear", "hierarchical"}) {
        const SparseRows W = extension_rows(3, 7, {.strategy = extend_by_name(name), .alpha = 0.2});
        std::cout << name << "\n" << dense(W, 3) << "\n";
    }
}
