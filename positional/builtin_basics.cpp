#include <ordinal/positional/builtin.h>

#include <ordinal/positional/no_encoding.h>
#include <ordinal/positional/recurrences/recurrent_positions.h>
#include <ordinal/positional/recurrences/rnn_over_inputs.h>
#include <ordinal/positional/tables/learned_table.h>
#include <ordinal/positional/waves/sinusoidal.h>

namespace ordinal {
namespace {

using Made = std::shared_ptr<Encoding>;

Made none(const EncodingRequest& request, EncodingOptions&, Rng&) {
    return std::make_shared<NoEncoding>(request.d_model);
}

Made table(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    return std::make_shared<LearnedTable>(request.max_length, request.d_model, rng, options.number("std", 0.02));
}

Made sinusoidal(const EncodingRequest& request, EncodingOptions& options, Rng&) {
    return std::make_shared<Sinusoidal>(request.d_model, options.number("base", 10000));
}

Made rnn(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    const std::string init = options.choice("init", {"uniform", "orthogonal", "rotation"});
    const MakeStep step = tanh_step(init == "uniform"      ? RecurrenceInit::uniform
                                    : init == "orthogonal" ? RecurrenceInit::orthogonal
                                                           : RecurrenceInit::rotation);
    return std::make_shared<RecurrentPositions>(request.d_model, options.count("state", request.d_model), step, rng);
}

Made gru(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    return std::make_shared<RecurrentPositions>(request.d_model, options.count("state", request.d_model), gru_step(),
                                                rng);
}

template <class Cell>
Made over_inputs(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    const bool add = options.choice("output", {"add", "replace"}) == "add";
    matrix_size("RnnOverInputs", request.d_model, 3);
    return std::make_shared<RnnOverInputs>(std::make_unique<Cell>(request.d_model, request.d_model, rng),
                                           add ? RnnOutput::add : RnnOutput::replace);
}

}    // namespace

EncodingList builtin_basics() {
    return {
        {"none", none},
        {"table", table},
        {"rnn", rnn},
        {"gru", gru},
        {"rnn_over_inputs", over_inputs<RnnCell>},
        {"gru_over_inputs", over_inputs<GruCell>},
        {"sinusoidal", sinusoidal},
    };
}

}    // namespace ordinal
