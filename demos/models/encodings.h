// Encodings that several demos train. Functional codes start quiet (gain=0.15), about as long as the token vectors.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ordinal/positional/registry.h>

namespace ordinal::demos {

inline const std::string learned_table = "table(std=0.1)", sinusoid = "sinusoidal(gain=0.15)",
                         orthogonal_rnn = "rnn(init=orthogonal, gain=0.15)", default_rnn = "rnn(gain=0.15)",
                         rotation_rnn = "rnn(init=rotation, state=8, gain=0.15)",
                         closed_form = "linear(state=16, noise=0.5, gain=0.15)",
                         quiet_closed_form = "linear(state=16, gain=0.15)",
                         small_closed_form = "linear(state=8, gain=0.15)", rotary = "rope",
                         rnn_reads_tokens = "rnn_over_inputs", shifted_table = "table(std=0.1, shift=224)",
                         hybrid_dropped =
                             "linear(state=16, noise=0.8, gain=0.15) + table(rows=32, std=0.1, beyond=zero, drop=0.5)";

// Several schemes in one model, each for one question: where (a code at the input), how far (a rotation), since when (a
// bias that forgets).
inline const std::string ring_and_forgetting = "ring(rows=32, std=0.1) + forgetting",
                         rnn_and_forgetting = orthogonal_rnn + " + forgetting",
                         rope_and_forgetting = "rope + forgetting",
                         three_parts = orthogonal_rnn + " + rope + forgetting";

// These, and whatever else is registered and wanted, as it is by default.
std::vector<std::string> and_others(std::vector<std::string> listed, const EncodingRequest& request,
                                    const std::function<bool(const std::string& name, const Traits& traits)>& wanted);

// Throws OptionError, so that it is said before any training: there is no such encoding, or it has fewer positions.
std::shared_ptr<Encoding> sample_of(const std::string& encoding, const EncodingRequest& request, Index positions = 0);

// Throw OptionError. The first: it acts inside attention. The second: it does, or its codes depend on the tokens.
void require_at_input(const std::string& name, const Encoding& encoding);
void require_vectors(const std::string& name, const Encoding& encoding);

}    // namespace ordinal::demos
