// A shared object with Ordinal inside: what a module for another language is.
#include <exception>

#include <ordinal/positional.h>

extern "C" double plugin_table_gradient() try {
    using namespace ordinal;
    Rng rng(1);
    const auto encoding = make_encoding("table", {.d_model = 4, .max_length = 8}, rng);
    const Tensor table = encoding->parameters().front().tensor;
    sum(table * table).backward();
    return static_cast<double>(sum(Tensor(table.grad() / table.values())).item());    // 2 for each of 32 numbers
} catch (const std::exception&) {
    return -1;
}
