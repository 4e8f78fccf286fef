#include <ordinal/positional/measures/kernel.h>

#include <doctest/doctest.h>

using namespace ordinal;

namespace {

// Multiplies all queries by one number.
class Times : public Encoding {
public:
    explicit Times(Scalar factor) : factor_(factor) {}
    QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext&) const override {
        return {qkv.query * factor_, qkv.key, qkv.value};
    }
    Traits traits() const override { return {.place = Place::queries_and_keys, .source = "this test"}; }
    NdArray narrate(Index, std::ostream&) const override { return zeros({4}); }
    Parameters parameters() const override { return {}; }

private:
    Scalar factor_;
};

std::vector<Scalar> kernel_times(Scalar factor) {
    return attention_kernel(Times(factor), {.length = 2, .d_model = 8, .num_heads = 2, .draws = 3}).to_vector();
}

}    // namespace

TEST_CASE("a kernel is measured by the size of its diagonal and a diagonal of 0 gives no scale") {
    const auto all = [](Scalar factor, double expected) {
        for (const Scalar number : kernel_times(factor)) CHECK(std::abs(static_cast<double>(number) - expected) < 1e-6);
    };
    all(1, 1);
    all(5, 1);
    all(-1, -1);    // the query means the opposite of itself
    all(0, 0);
}

TEST_CASE("attention_kernel refuses sizes that cannot be") {
    CHECK_THROWS_WITH_AS(attention_kernel(Times(1), {.length = 0}),
                         "attention_kernel: expected a length and draws > 0 and heads that divide d_model, got length "
                         "0, draws 32, 4 heads of d_model 64",
                         ShapeError);
}
