// BERT's table before training, 512 x 768: how large are its numbers, and how alike are its rows?
#include <iomanip>
#include <iostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/measures/similarity.h>
#include <ordinal/positional/tables/learned_table.h>

int main() {
    using namespace ordinal;
    Rng rng(1);
    const LearnedTable table(512, 768, rng);
    const NdArray P = table.weight().values(), C = cosine_similarity(P);
    std::cout << std::fixed << std::setprecision(4);
    std::cout << "standard deviation " << std::sqrt(sum_all(P * P) / (512 * 768)) << "\n";
    std::cout << std::setprecision(2) << "mean cosine of neighbours " << std::abs(mean_by_lag(C).at({1})) << "\n";
}
