// Eight nodes in a row, each starts with 1. Every round a node adds what it hears. Who has heard of whom?
#include <iostream>

#include <ordinal/positional/graphs/message_passing.h>

int main() {
    using namespace ordinal;
    const auto show = [](const char* edges, const Bundle& h) {
        std::cout << edges;
        for (const Scalar number : h[0].values().to_vector()) std::cout << " " << number;
        std::cout << "\n";
    };
    const Bundle ones{Tensor(NdArray({8, 1}, 1))};
    Bundle chain = ones, skip = ones;
    for (Index round = 0; round < 3; ++round) {
        chain = pass_messages(chain, hear_back(8, 1),    // the own 1, and what the neighbour has counted
                              [&](const Bundle& heard, const Bundle&) { return Bundle{heard[0] + 1}; });
        show("hear k - 1:  ", chain);
    }
    for (Index reach = 1; reach < 8; reach *= 2) {
        skip = pass_messages(skip, hear_back(8, reach), Count::combine);
        show(reach == 1 ? "hear k - 1:  " : reach == 2 ? "hear k - 2:  " : "hear k - 4:  ", skip);
    }
}
