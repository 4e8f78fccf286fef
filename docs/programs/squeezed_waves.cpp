// The slowest wave of a path graph, at token 3, while the text grows. And how far apart neighbours are.
#include <iomanip>
#include <iostream>

#include <ordinal/positional/graphs/laplacian.h>

int main() {
    using namespace ordinal;
    Rng rng(1);
    const LaplacianPositions path(Graph::path, 8, 3, std::nullopt, rng);
    std::cout << std::fixed << std::setprecision(3) << "tokens   token 3   token 3 - token 4\n";
    for (const Index n : {8, 16, 32, 64}) {
        const NdArray v = path.features(n);
        std::cout << std::setw(6) << n << std::setw(10) << v.at({3, 0}) << std::setw(20) << v.at({3, 0}) - v.at({4, 0})
                  << "\n";
    }
}
