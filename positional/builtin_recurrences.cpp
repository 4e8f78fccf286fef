#include <ordinal/positional/builtin.h>

#include <ordinal/positional/graphs/laplacian.h>
#include <ordinal/positional/graphs/message_passing.h>
#include <ordinal/positional/graphs/random_walk.h>
#include <ordinal/positional/recurrences/dense_recurrence.h>
#include <ordinal/positional/recurrences/gated_recurrence.h>
#include <ordinal/positional/recurrences/linear_recurrence.h>
#include <ordinal/positional/recurrences/ode_step.h>
#include <ordinal/positional/recurrences/recurrent_positions.h>
#include <ordinal/positional/recurrences/residual_step.h>

namespace ordinal {
namespace {

using Made = std::shared_ptr<Encoding>;

Made residual(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    const Index state = options.count("state", request.d_model);
    return std::make_shared<RecurrentPositions>(request.d_model, state, residual_step(options.count("hidden", 64)), rng,
                                                "Liu et al. 2020, arXiv 2003.09229, its Euler method");
}

Made ode(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    const Index state = options.count("state", request.d_model);
    const bool rk4 = options.choice("method", {"rk4", "euler"}) == "rk4";
    const MakeStep step =
        ode_step(rk4 ? OdeMethod::rk4 : OdeMethod::euler, options.number("step", 1), options.count("hidden", 64));
    return std::make_shared<RecurrentPositions>(request.d_model, state, step, rng,
                                                "Liu et al. 2020, arXiv 2003.09229, section 3");
}

Made linear_recurrence(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    LinearRecurrenceOptions recurrence;
    recurrence.state = options.count("state", request.d_model);
    recurrence.jitter = options.number("jitter", recurrence.jitter);
    recurrence.noise = options.number("noise", recurrence.noise);
    recurrence.decay = options.number("decay", recurrence.decay);
    return std::make_shared<LinearRecurrence>(request.d_model, recurrence, rng);
}

Made linear_dense(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    return std::make_shared<DenseRecurrence>(request.d_model, options.count("state", request.d_model), rng);
}

Made gated(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    const bool add = options.choice("output", {"add", "replace"}) == "add";
    return std::make_shared<GatedRecurrence>(request.d_model, add ? GatedOutput::add : GatedOutput::replace, rng);
}

std::optional<Index> nodes_of(EncodingOptions& options) {
    const Index nodes = options.count("nodes", 1);
    return options.has("nodes") ? std::optional(nodes) : std::nullopt;
}

template <Graph graph>
Made laplacian(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    const Index vectors = options.count("vectors", 32);
    return std::make_shared<LaplacianPositions>(graph, request.d_model, vectors, nodes_of(options), rng);
}

Made random_walk(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    return std::make_shared<RandomWalk>(request.d_model, options.count("steps", 32), nodes_of(options), rng);
}

Made message_passing(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    return std::make_shared<MessagePassing>(request.d_model, options.count("state", request.d_model),
                                            options.count("rounds", 16), tanh_step(), rng);
}

}    // namespace

EncodingList builtin_recurrences() {
    return {
        {"residual", residual},
        {"ode", ode},
        {"linear", linear_recurrence},
        {"linear_dense", linear_dense},
        {"gated", gated},
        {"laplacian_path", laplacian<Graph::path>},
        {"laplacian_cycle", laplacian<Graph::cycle>},
        {"random_walk", random_walk},
        {"message_passing", message_passing},
    };
}

}    // namespace ordinal
