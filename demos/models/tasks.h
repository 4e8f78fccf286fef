// Tasks on made-up sequences. Each needs another kind of position, so no encoding wins them all by luck.
//
//     off3, off(k)    answer with the token k places back          a relative position
//     mod5, mod(m)    answer with the position modulo m            an absolute position, periodic
//     marker          answer with the distance to the last marker  a position that depends on the content
//     after           answer with the token behind that marker     the same, and one step more
//     off3+mod5       the one or the other, as the token says      both
//
// A task of your own is a function in tasks.cpp and a line in sequence_tasks().
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ordinal/core/index_array.h>
#include <ordinal/core/random.h>

namespace ordinal::demos {

constexpr Index sequence_vocabulary = 16;    // tokens, and classes to choose from
constexpr Index marker_token = 0;            // of marker and after; elsewhere a token like any other
constexpr Index shortest_sequence = 8, trained_sequence = 32;    // the lengths that training draws from

struct SequenceBatch {
    IndexArray inputs, targets;    // [B, T] each; -1: not asked (off3 has no answer at the first three places)
};

struct SequenceTask {
    std::string name;
    std::string question;    // for titles
    double chance;           // the share that the best fixed answer would get right
    std::function<SequenceBatch(Index batch, Index length, Rng& rng)> draw;
};

const std::vector<SequenceTask>& sequence_tasks();    // off1 .. off7, mod2 .. mod16, marker, after

// "off3", "mod12", "marker", "off3+mod5". Throws OptionError: there is no such task.
SequenceTask sequence_task(const std::string& name);

}    // namespace ordinal::demos
