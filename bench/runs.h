// The bodies of the workloads: each function prepares one and returns what a repetition does.
#pragma once

#include <functional>

#include <ordinal/core/scalar.h>

namespace ordinal::bench {

using Run = std::function<void()>;    // owns what it works on

// W1, W2: BERT-mini, see bert_mini.h
Run training_step();
Run forward_pass();

// W3: a tanh RNN on x [16, T, 256], forward and backward; as one operation, or as T small ones
Run recurrence(Index T, bool step_by_step);

// W4: graphs so small that the bookkeeping is all there is
Run sixteen_numbers();
Run small_mlp(Index points);

// W5: softmax(Q K^T / 8) V for Q, K, V [1, 4, n, 64]; causal: query i sees the keys 0 .. i
Run attention_forward(Index n, bool causal = false);
Run attention_backward(Index n, bool causal = false);    // forward and backward

// W6: codes of 512 positions, [512, 768], alone or added to x [16, 512, 768]
enum class Scheme { table, sinusoid, recurrence };
Run look_up();    // each of 16 sequences looks its 512 rows up
Run codes_of(Scheme scheme);
Run codes_added(Scheme scheme);
Run recursion_trained();         // forward and backward of mean(p p)
Run sinusoid_as_recurrence();    // the sinusoid, one rotation after the other

}    // namespace ordinal::bench
