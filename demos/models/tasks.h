// Three tasks on made-up sequences. Each needs another kind of position, so no encoding wins them all by luck.
//
//     off3      answer with the token three places back         a relative position
//     mod5      answer with the position modulo 5               an absolute position, periodic
//     marker    answer with the distance to the last marker     a position that depends on the content
#pragma once

#include <string>
#include <vector>

#include <ordinal/core/index_array.h>
#include <ordinal/core/random.h>

namespace ordinal {

constexpr Index sequence_vocabulary = 16;    // tokens, and classes to choose from

struct SequenceBatch {
    IndexArray inputs, targets;    // [B, T] each; -1: not asked (off3 has no answer at the first three places)
};

struct SequenceTask {
    std::string name;
    std::string question;    // for titles
    double chance;           // the share that the best fixed answer would get right
    SequenceBatch (*draw)(Index batch, Index length, Rng& rng);
};

const std::vector<SequenceTask>& sequence_tasks();             // off3, mod5, marker
const SequenceTask& sequence_task(const std::string& name);    // throws OptionError for an unknown name

}    // namespace ordinal
