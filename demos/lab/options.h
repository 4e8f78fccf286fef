// The command line that all demos share. The one place that knows the library CLI11 is options.cpp.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include <ordinal/core/scalar.h>

namespace ordinal::demos {

// An option of one demo. A name without dashes is a positional argument, taken in the order given. The target keeps
// its value when the option is not there; a bool is a flag.
//     std::string encoding; Index k = 5;
//     {{"ENCODING", "the encoding to narrate", &encoding}, {"K", "the position", &k}, {"--gru", "...", &gru}}
struct ExtraOption {
    std::string name;
    std::string help;
    std::variant<bool*, int*, Index*, std::uint64_t*, double*, std::string*, std::vector<std::string>*> target;
    bool required = false;
    std::string value = {};    // what --help calls it: "DIR"; by default "N" or "TEXT"
    Index least = std::numeric_limits<Index>::min();
};

// A common option that means nothing to one demo, and why: refused there, instead of silently ignored.
//     {{"--seed", "a clock draws no numbers"}}
// --quick, --all, --strict, --out and --threads go to all demos at once, so that every demo takes them; --json as well,
// but for one that has no results.
struct UnusedOption {
    std::string name;
    std::string because;
};

// What a demo is called and what belongs to it.
struct Demo {
    std::string name = {};
    std::string shows = {};                   // one sentence for --help
    std::vector<ExtraOption> extra = {};      // options and arguments beyond the common ones
    std::string chapter = {};                 // where the book tells it: "docs/06-the-rnn-encoding.md"
    std::string source = {};                  // default: demos/NAME.cpp
    std::vector<UnusedOption> unused = {};    // common options that mean nothing to it
    bool heatmaps = false;                    // it draws some, and needs a font for their words
    std::string command = {};    // the line that does this run again, as it was parsed: "./go demos verse --all"
};

struct DemoOptions {
    bool quick = false;                         // --quick: less training, to look around
    bool all = false;                           // --all: everything the demo can do, on all its seeds
    bool strict = false;                        // --strict: exit code 1 when a claim is missed
    bool claims = false;                        // --claims: print what the demo claims, and stop
    bool help = false;                          // --help
    std::uint64_t seed = 1;                     // --seed N: the first seed
    Index seeds = 0;                            // --seeds N: how many; 0: the demo decides
    std::string out = "build/gallery";          // --out DIR: where pictures go
    std::string json = {};                      // --json FILE: where results go, too; empty: beside the pictures only
    int threads = 0;                            // --threads N; 0: one per processor
    std::vector<std::string> encodings = {};    // --encodings LIST; empty: the demo decides
    std::string corpus = {};                    // --corpus FILE; empty: the installed poems
    Demo about = {};

    // What --quick takes, what is usual, and what --all takes.
    template <class T>
    T choose(T quick_one, T usual, T everything) const {
        return all ? everything : quick ? quick_one : usual;
    }
    // seed, seed + 1, ...: as many as asked for; else `otherwise`, and usually 5 for --all and 1 for less.
    std::vector<std::uint64_t> seed_list(Index otherwise) const;
    std::vector<std::uint64_t> seed_list() const { return seed_list(all ? 5 : 1); }
    // Those of --encodings, else these.
    std::vector<std::string> encodings_or(std::vector<std::string> otherwise) const;
};

// Arguments without the program's name; of an option given twice the last one counts. The command in `about` leaves out
// --out and --json. Throws OptionError: unknown option (with the nearest name), missing or malformed value, an unused
// option (with its reason).
DemoOptions parse_options(const std::vector<std::string>& arguments, const Demo& demo = {});

// What --help prints: unused options are not in it.
std::string help_text(const Demo& demo);

// Encodings have one spelling, so that equal names are equal texts: "rnn( state=8,init=x)" -> "rnn(state=8, init=x)".
std::string spelled(const std::string& encoding);

// "rnn(init=orthogonal,state=8),table" -> {"rnn(init=orthogonal,state=8)", "table"}: commas inside parentheses belong
// to the item. Throws OptionError: an empty item, parentheses that do not match.
std::vector<std::string> split_list(const std::string& list);

// Tries whether a file can be written where an option has named it, so that a demo fails before its first minute of
// training, not after. Throws FileError.
void require_writable(const std::string& option, const std::string& file);

}    // namespace ordinal::demos
