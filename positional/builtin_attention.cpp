#include <ordinal/positional/builtin.h>

#include <ordinal/positional/biases/alibi.h>
#include <ordinal/positional/biases/cope.h>
#include <ordinal/positional/biases/fire.h>
#include <ordinal/positional/biases/forgetting.h>
#include <ordinal/positional/biases/kerple.h>
#include <ordinal/positional/biases/shaw.h>
#include <ordinal/positional/biases/t5_bias.h>
#include <ordinal/positional/rotations/rotary.h>
#include <ordinal/positional/rotations/xpos.h>

namespace ordinal {
namespace {

using Made = std::shared_ptr<Encoding>;

Made rope(const EncodingRequest& request, EncodingOptions& options, Rng&) {
    const std::string layout = options.choice("layout", {"interleaved", "half"});
    const std::string scaling = options.choice("scaling", {"none", "linear", "ntk", "yarn"});
    RotaryOptions rotary;
    rotary.base = options.number("base", 10000);
    rotary.scaling = scaling == "none"     ? RotaryScaling::none
                     : scaling == "linear" ? RotaryScaling::linear
                     : scaling == "ntk"    ? RotaryScaling::ntk
                                           : RotaryScaling::yarn;
    rotary.factor = options.number("factor", 1);
    rotary.trained = options.count("trained", request.max_length);
    require<OptionError>(scaling != "none" || !options.has("factor"),
                         "rope: a factor needs a scaling: linear, ntk or yarn");
    require<OptionError>(scaling == "yarn" || !options.has("trained"), "rope: only scaling=yarn asks for 'trained'");
    require<OptionError>(scaling == "none" || options.has("factor"), "rope: scaling=", scaling,
                         " needs a factor: how many times longer than the training, for example factor=4");
    return std::make_shared<Rotary>(request.num_heads, request.head_dim(),
                                    layout == "half" ? PairLayout::half : PairLayout::interleaved, rotary);
}

Made xpos(const EncodingRequest& request, EncodingOptions& options, Rng&) {
    return std::make_shared<Xpos>(request.num_heads, request.head_dim(), options.number("scale", 512),
                                  options.number("base", 10000));
}

Made alibi(const EncodingRequest& request, EncodingOptions& options, Rng&) {
    const bool symmetric = options.choice("form", {"symmetric", "one_sided"}) == "symmetric";
    return std::make_shared<Alibi>(request.num_heads, symmetric ? AlibiForm::symmetric : AlibiForm::one_sided);
}

Made t5(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    T5Options t5;
    t5.buckets = options.count("buckets", 32);
    t5.max_distance = options.count("max_distance", 128);
    t5.both_sides = options.choice("sides", {"both", "past"}) == "both";
    return std::make_shared<T5Bias>(request.num_heads, t5, rng);
}

Made shaw(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    return std::make_shared<Shaw>(request.num_heads, request.head_dim(), options.count("clip", 16), rng);
}

Made kerple(const EncodingRequest& request, EncodingOptions& options, Rng&) {
    const bool is_log = options.choice("kernel", {"log", "power"}) == "log";
    return std::make_shared<Kerple>(request.num_heads, is_log ? KerpleKernel::log : KerpleKernel::power);
}

Made fire(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    return std::make_shared<Fire>(request.num_heads, options.number("threshold", 512), rng);
}

Made cope(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
    return std::make_shared<Cope>(request.num_heads, request.head_dim(), options.count("counts", 64), rng);
}

Made forgetting(const EncodingRequest& request, EncodingOptions&, Rng& rng) {
    return std::make_shared<Forgetting>(request.num_heads, request.d_model, rng);
}

}    // namespace

EncodingList builtin_attention() {
    return {
        {"rope", rope}, {"xpos", xpos}, {"alibi", alibi},           {"t5", t5}, {"shaw", shaw}, {"kerple", kerple},
        {"fire", fire}, {"cope", cope}, {"forgetting", forgetting},
    };
}

}    // namespace ordinal
