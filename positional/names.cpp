// The schemes that come with Ordinal, by name. A new one in this folder is a header and a line here.
#include <ordinal/positional/registry.h>

#include <ordinal/positional/positional.h>

namespace ordinal {

const std::vector<NamedEncoding>& builtin_encodings() {
    static const std::vector<NamedEncoding> all{
        {"none", NoEncoding::make},
        {"table", LearnedTable::make},
        {"rnn", RecurrentPositions::make<TanhStep>},
        {"gru", RecurrentPositions::make<GruStep>},
        {"rnn_over_inputs", RnnOverInputs::make<RnnCell>},
        {"gru_over_inputs", RnnOverInputs::make<GruCell>},
        {"sinusoidal", Sinusoidal::make},
        {"extended_table", ExtendedTable::make},
        {"ring", Ring::make},
        {"learned_sinusoid", LearnedSinusoid::make},
        {"residual", RecurrentPositions::make<ResidualStep>},
        {"ode", RecurrentPositions::make<OdeStep>},
        {"place_values", PlaceValues::make},
        {"linear", LinearRecurrence::make},
        {"linear_dense", DenseRecurrence::make},
        {"gated", GatedRecurrence::make},
        {"laplacian_path", LaplacianPositions::make<Graph::path>},
        {"laplacian_cycle", LaplacianPositions::make<Graph::cycle>},
        {"random_walk", RandomWalk::make},
        {"message_passing", MessagePassing::make},
        {"rope", Rotary::make},
        {"xpos", Xpos::make},
        {"selective_rope", SelectiveRotary::make},
        {"causal", CausalMask::make},
        {"alibi", Alibi::make},
        {"t5", T5Bias::make},
        {"shaw", Shaw::make},
        {"kerple", Kerple::make},
        {"fire", Fire::make},
        {"cope", Cope::make},
        {"forgetting", Forgetting::make},
        {"path", Path::make},
    };
    return all;
}

}    // namespace ordinal
