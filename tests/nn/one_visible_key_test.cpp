// Adam makes full steps of the smallest gradient, so noise where the gradient is 0 would move weights.
#include <doctest/doctest.h>

#include <ordinal/nn/linear.h>
#include <ordinal/nn/optimizer.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("where each query sees one key ten steps of Adam leave the weights of queries and keys alone") {
    for (const Index T : {1, 40}) {
        Rng rng(1);
        const Linear query(8, 8, rng), key(8, 8, rng), value(8, 8, rng);
        Parameters all;
        append(all, "query", query);
        append(all, "key", key);
        append(all, "value", value);
        const NdArray of_query = parameter_of(query, "weight").values(), of_key = parameter_of(key, "weight").values(),
                      of_value = parameter_of(value, "weight").values();
        NdArray mask({T, T}, 1);    // query i sees key T - 1 - i
        for (Index i = 0; i < T; ++i) mask.mutable_data()[i * T + T - 1 - i] = 0;
        const Tensor x(random_normal({4, 1, T, 8}, 1, rng)), wanted(random_normal({4, 1, T, 8}, 1, rng));
        Adam adam(all);
        for (int step = 0; step < 10; ++step) {
            adam.clear_gradients();
            const Tensor error = attention(query.forward(x), key.forward(x), value.forward(x), {.mask = mask}) - wanted;
            mean(error * error).backward();
            adam.step(0.01);
        }
        CHECK(same_numbers(parameter_of(query, "weight").values(), of_query));
        CHECK(same_numbers(parameter_of(key, "weight").values(), of_key));
        CHECK(max_abs_difference(parameter_of(value, "weight").values(), of_value) > Scalar(0.01));
    }
}
