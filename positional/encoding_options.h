// What a scheme is made from: the sizes of the model, which every scheme is told, and options of its own.
//
//     "alibi(form=one_sided)" for 12 heads       ->       Alibi::make({.num_heads = 12}, {form: one_sided}, rng)
//
// A scheme reads its options in a static function make(), so its header says which ones it has.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <ordinal/core/error.h>
#include <ordinal/core/scalar.h>

namespace ordinal {

struct EncodingRequest {
    Index d_model = 768;
    Index max_length = 512;    // >= 1: rows of a table; schemes without a bound do not look further at it
    Index num_heads = 12;      // >= 1: schemes inside attention want equal heads, head_dim = d_model / num_heads

    Index head_dim() const {
        require<OptionError>(num_heads > 0 && d_model % num_heads == 0, "EncodingRequest: d_model ", d_model,
                             " cannot be cut into ", num_heads, " equal heads; say how many in num_heads");
        return d_model / num_heads;
    }
};

// What somebody typed, as a message repeats it: cut behind 100 bytes.
std::string shortened(const std::string& text);

// An option that a scheme has: what completion and a slider have to know of it.
struct KnownOption {
    std::string name;
    std::string otherwise;                    // what holds where it is not given: "0.02", "uniform"
    std::vector<std::string> choices = {};    // none: it is a number
    bool whole = false;                       // a number 1, 2, 3, ...
};

// The part of a specification in parentheses: "init=orthogonal, gain=0.15". Reading a value marks it as known.
class EncodingOptions {
public:
    explicit EncodingOptions(std::string encoding, std::map<std::string, std::string> values = {})
        : encoding_(std::move(encoding)), values_(std::move(values)) {}

    double number(const std::string& name, double otherwise);
    Index count(const std::string& name, Index otherwise);                                   // 1, 2, ... up to 10^9
    std::string choice(const std::string& name, const std::vector<std::string>& choices);    // the first is the default
    bool has(const std::string& name) const { return values_.contains(name); }
    void refuse_unknown() const;    // throws OptionError for a value that nobody has read
    const std::vector<KnownOption>& known() const { return known_; }

    // choice<AlibiForm>("form", {{"symmetric", AlibiForm::symmetric}, ...}): what the chosen name stands for
    template <class T>
    T choice(const std::string& name, const std::vector<std::pair<std::string, T>>& choices) {
        std::vector<std::string> names;
        for (const auto& [choice_name, value] : choices) names.push_back(choice_name);
        const std::string chosen = choice(name, names);
        for (const auto& [choice_name, value] : choices)
            if (choice_name == chosen) return value;
        return choices.front().second;
    }

private:
    std::string encoding_;
    std::map<std::string, std::string> values_;
    std::vector<KnownOption> known_;
};

}    // namespace ordinal
