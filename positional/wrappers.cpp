#include <ordinal/positional/wrappers.h>

#include <ordinal/positional/combined/dropped.h>
#include <ordinal/positional/combined/gain.h>
#include <ordinal/positional/combined/grouped.h>
#include <ordinal/positional/combined/log_n.h>
#include <ordinal/positional/combined/randomized.h>
#include <ordinal/positional/combined/segmented.h>
#include <ordinal/positional/combined/shifted.h>

namespace ordinal {
namespace {

// May the tokens have the ids 0 .. count - 1, in any choice?
void require_free_ids(const Encoding& encoding, const std::string& name, const std::string& option, Index count) {
    const Traits traits = encoding.traits();
    require<OptionError>(traits.ids != AcceptedIds::consecutive, name, ": option '", option,
                         "' needs a scheme that takes any ids; this one runs along the tokens");
    require<OptionError>(!traits.max_length || count <= *traits.max_length, name, ": option '", option,
                         "' asks for ids up to ", count - 1, ", and this scheme ends at ",
                         traits.max_length.value_or(0) - 1);
}

}    // namespace

std::shared_ptr<Encoding> wrapped(std::shared_ptr<Encoding> encoding, const std::string& name,
                                  EncodingOptions& options) {
    const double gain = options.number("gain", 1);
    if (options.has("gain")) {
        require<OptionError>(encoding->is_additive(), name, ": option 'gain' works for additive encodings only");
        encoding = std::make_shared<Gain>(encoding, gain);
    }
    const double drop = options.number("drop", 0);
    if (options.has("drop")) {
        require<OptionError>(encoding->is_additive(), name, ": option 'drop' works for additive encodings only");
        encoding = std::make_shared<Dropped>(encoding, drop);
    }
    const Index trained = options.count("log_n", 512), learned = options.count("ssmax", 512);
    require<OptionError>(!options.has("log_n") || !options.has("ssmax"), name,
                         ": 'log_n' and 'ssmax' are one factor, fixed or learned; take one");
    if (options.has("log_n")) encoding = std::make_shared<LogN>(encoding, trained);
    if (options.has("ssmax")) encoding = std::make_shared<LogN>(encoding, learned, encoding->sizes().num_heads);

    const Index group = options.count("group", 1), window = options.count("window", 1);
    require<OptionError>(options.has("group") == options.has("window"), name,
                         ": far keys in groups need both a group and a window, for example group=4, window=16");
    if (options.has("group")) encoding = std::make_shared<Grouped>(encoding, group, window);

    const auto counts =
        options.choice<SegmentCount>("segments", {{"place", SegmentCount::place}, {"number", SegmentCount::number}});
    if (options.has("segments")) {
        require_free_ids(*encoding, name, "segments", 1);
        encoding = std::make_shared<Segmented>(encoding, counts);
    }

    const Index shift = options.count("shift", 1), range = options.count("randomized", 1);
    require<OptionError>(!options.has("shift") || !options.has("randomized"), name,
                         ": 'shift' and 'randomized' both choose the ids; take one");
    if (options.has("shift")) {
        require_free_ids(*encoding, name, "shift", shift + 1);
        encoding = std::make_shared<Shifted>(encoding, shift);
    }
    if (options.has("randomized")) {
        require_free_ids(*encoding, name, "randomized", range);
        encoding = std::make_shared<Randomized>(encoding, range);
    }
    return encoding;
}

}    // namespace ordinal
