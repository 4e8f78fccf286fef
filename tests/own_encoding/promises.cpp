// promises SCHEME ...: does each scheme keep the contract that every scheme of Ordinal is held to? In the double build
// its gradients are checked, too.
#include <iostream>

#include "tests/positional/contract.h"

using namespace ordinal;

namespace {

bool keeps_its_promises(const std::string& specification) {
    std::cout << specification << ": ";
    try {
        Rng rng(7);
        const EncodingRequest request{.d_model = 8, .max_length = 40, .num_heads = 2};
        const auto encoding = make_encoding(specification, request, rng);
        std::string broken = testing::Contract(*encoding, request).broken();
        if (testing::is_double) broken += testing::wrong_encoding_gradients(*encoding, request);
        if (broken.empty())
            std::cout << "keeps its promises" << (testing::is_double ? ", and its gradients are right\n" : "\n");
        else
            std::cout << "broken: " << broken << "\n";
        return broken.empty();
    } catch (const Error& error) {
        std::cout << error.what() << "\n";
        return false;
    }
}

}    // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::cerr << "promises: expected the names of schemes, like digits 'digits(count=9)', got none\n";
        return 2;
    }
    bool all_kept = true;
    for (int i = 1; i < argc; ++i) all_kept = keeps_its_promises(argv[i]) && all_kept;
    return all_kept ? 0 : 1;
}
