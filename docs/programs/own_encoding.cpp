// A scheme of one's own: p_k = (k / 100, 0, 0, ...). What one has to say, and nothing else.
#include <iostream>
#include <ordinal/positional/registry.h>
using namespace ordinal;

class Line : public AdditiveEncoding {
public:
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions&, Rng&) {
        return std::make_shared<Line>(request.d_model);
    }
    explicit Line(Index d_model) : d_model_(d_model) {}

    Tensor vectors(const Positions& positions) const override {    // [T] -> [T, D]
        NdArray codes = zeros({positions.size(), d_model_});
        for (Index t = 0; t < positions.size(); ++t)
            codes.mutable_data()[t * d_model_] = static_cast<Scalar>(positions[t] / 100);
        return Tensor(codes);
    }
    Traits traits() const override { return {.source = "my first encoding"}; }    // any id, any length, one step
    Parameters parameters() const override { return {}; }                         // nothing to learn

private:
    Index d_model_;
};

static const bool registered = register_encoding("line", Line::make);

int main() {
    Rng rng(1);
    make_encoding("line", {.d_model = 3}, rng)->explain(7, std::cout);
    return registered ? 0 : 1;
}
