#include "demos/lab/options.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <locale>
#include <set>
#include <sstream>
#include <utility>

#include <ordinal/core/error.h>
#include <ordinal/nn/nearest_name.h>
#include "demos/lab/table.h"

namespace ordinal::demos {
namespace {

// Those of one demo, and those that all share, in the order of --help.
std::vector<ExtraOption> all_options(const Demo& demo, DemoOptions& options) {
    std::vector<ExtraOption> all = demo.extra;
    const std::vector<ExtraOption> common{
        {"--quick", "less training: a quick look around", &options.quick},
        {"--all", "everything the demo can do, on all its seeds", &options.all},
        {"--strict", "exit with 1 when a stated expectation is missed", &options.strict},
        {"--claims", "print what the demo claims, and stop", &options.claims},
        {"--seed", "the first seed of everything random (default 1)", &options.seed, false, "N", 0},
        {"--seeds", "on how many seeds to repeat (default: the demo decides)", &options.seeds, false, "N", 1},
        {"--out", "where the pictures go (./go: build/gallery)", &options.out, false, "DIR"},
        {"--json", "write the results there, too (they are always in DIR/<demo>.json)", &options.json, false, "FILE"},
        {"--threads", "how many threads to use (default 0: one per processor)", &options.threads, false, "N", 0},
        {"--encodings", "which, like 'table,rnn(init=orthogonal,state=8)' in quotes; the demo family shows all",
         &options.encodings, false, "LIST"},
        {"--corpus", "a text of your own instead of the Tang poems", &options.corpus, false, "FILE"},
        {"--help", "print this and stop", &options.help},
    };
    all.insert(all.end(), common.begin(), common.end());
    return all;
}

bool is_option(const std::string& argument) {    // -4 is a number
    return argument.starts_with("-") && argument.find_first_of("0123456789") != 1;
}

bool is_flag(const ExtraOption& option) { return std::holds_alternative<bool*>(option.target); }

// "--seed N", "ENCODING"
std::string with_value(const ExtraOption& option) {
    if (!is_option(option.name) || is_flag(option)) return option.name;
    const bool is_text = std::holds_alternative<std::string*>(option.target);
    return option.name + " " + (!option.value.empty() ? option.value : is_text ? "TEXT" : "N");
}

std::string for_a_shell(const std::string& word) {
    const bool plain = !word.empty() && word.find_first_of(" '\"()*?$&;|<>#~`\\") == std::string::npos;
    return plain ? word : "'" + word + "'";
}

template <class Integer>
void read(const ExtraOption& option, const std::string& text, Integer& target) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), target);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    const bool any = option.least == std::numeric_limits<Index>::min();    // no bound worth a word
    require<OptionError>(whole && (any || std::cmp_greater_equal(target, option.least)), option.name,
                         ": expected a whole number", any ? "" : text_of(" >= ", option.least), ", got '", text, "'");
}
void read(const ExtraOption& option, const std::string& text, double& target) {
    std::istringstream in(text);    // std::from_chars for double is too new: no libc++ before that of 2025 has it
    in.imbue(std::locale::classic());
    require<OptionError>(in >> target && in.peek() == EOF && target > 0 && std::isfinite(target), option.name,
                         ": expected a number > 0, got '", text, "'");
}
void read(const ExtraOption& option, const std::string& text, bool& flag) {
    require<OptionError>(text.empty(), option.name, ": expected no value, got '", text, "'");
    flag = true;
}
void read(const ExtraOption&, const std::string& text, std::string& target) { target = text; }
void read(const ExtraOption&, const std::string& text, std::vector<std::string>& target) {
    target = split_list(text);
    std::ranges::transform(target, target.begin(), spelled);
}

}    // namespace

std::vector<std::uint64_t> DemoOptions::seed_list(Index otherwise) const {
    std::vector<std::uint64_t> list;
    for (Index i = 0; i < (seeds > 0 ? seeds : otherwise); ++i) list.push_back(seed + static_cast<std::uint64_t>(i));
    return list;
}

std::vector<std::string> DemoOptions::encodings_or(std::vector<std::string> otherwise) const {
    return encodings.empty() ? otherwise : encodings;
}

DemoOptions parse_options(const std::vector<std::string>& arguments, const Demo& demo) {
    DemoOptions options{.about = demo};
    if (demo.source.empty()) options.about.source = "demos/" + demo.name + ".cpp";
    options.about.command = "./go demos " + demo.name;
    options.help = std::ranges::find(arguments, "--help") != arguments.end();
    if (options.help) return options;
    std::vector<ExtraOption> placed = demo.extra, named = all_options(demo, options);
    std::erase_if(placed, [](const ExtraOption& option) { return is_option(option.name); });
    std::erase_if(named, [](const ExtraOption& option) { return !is_option(option.name); });
    std::vector<std::string> names;
    for (const ExtraOption& option : named) names.push_back(option.name);

    std::set<std::string> given;
    const auto take = [&](const ExtraOption& option, const std::string& value) {
        given.insert(option.name);
        if (option.name != "--out" && option.name != "--json")    // where its files go is nothing of the run itself
            options.about.command +=
                (is_option(option.name) ? " " + option.name : "") + (is_flag(option) ? "" : " " + for_a_shell(value));
        std::visit([&](auto* target) { read(option, value, *target); }, option.target);
    };
    for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
        if (!is_option(*argument)) {
            const auto next = std::ranges::find_if(placed, [&](const auto& one) { return !given.contains(one.name); });
            require<OptionError>(next != placed.end(), "unexpected argument '", *argument, "'; see --help");
            take(*next, *argument);
            continue;
        }
        const std::string name = argument->substr(0, argument->find('='));
        const auto option = std::ranges::find(named, name, &ExtraOption::name);
        require<OptionError>(option != named.end(), name, ": unknown option; ", did_you_mean(name, names));
        for (const UnusedOption& unused : demo.unused)
            require<OptionError>(unused.name != name, name, ": expected no such option, ", unused.because,
                                 "; leave it out");
        if (name != *argument) {
            take(*option, argument->substr(name.size() + 1));
        } else if (is_flag(*option)) {
            take(*option, "");
        } else {
            require<OptionError>(++argument != arguments.end(), name, " needs a value, got none");
            require<OptionError>(!argument->starts_with("--"), name, " needs a value, got the option ", *argument);
            take(*option, *argument);
        }
    }
    for (const ExtraOption& option : demo.extra)    // what a demo claims, it claims of any file
        require<OptionError>(!option.required || options.claims || given.contains(option.name), option.name,
                             " is missing; see --help");
    constexpr Index most_seeds = 10'000;    // a list of more fills the memory, and their runs take years
    require<OptionError>(options.seeds <= most_seeds, "--seeds: expected at most ", most_seeds, ", got ",
                         options.seeds);
    return options;
}

std::string help_text(const Demo& demo) {
    DemoOptions defaults;
    std::string usage = "Usage: ./go demos " + demo.name + " [OPTIONS]";
    std::vector<std::vector<std::string>> rows;
    for (const ExtraOption& option : all_options(demo, defaults)) {
        if (std::ranges::find(demo.unused, option.name, &UnusedOption::name) != demo.unused.end()) continue;
        const std::string name = with_value(option);
        if (option.required || !is_option(name)) usage += option.required ? " " + name : " [" + name + "]";
        rows.push_back({"  " + name, option.help});
    }
    std::string text = demo.shows + "\n" + usage + "\n\n";
    for (const std::string& line : aligned(rows)) text += line + "\n";
    return text;
}

std::string spelled(const std::string& encoding) {
    std::string text;
    int depth = 0;
    for (const char c : encoding) {
        if (c == ' ') continue;
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        const bool between_parts = c == '+' && depth == 0;    // else it belongs to a number
        text += between_parts ? " + " : std::string(1, c);
        if (c == ',') text += ' ';
    }
    return text;
}

std::vector<std::string> split_list(const std::string& list) {
    std::vector<std::string> items(1);
    int depth = 0;
    for (const char c : list) {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        require<OptionError>(depth >= 0, "list '", list, "': a ) without its (");
        if (c == ',' && depth == 0)
            items.emplace_back();
        else
            items.back().push_back(c);
    }
    require<OptionError>(depth == 0, "list '", list, "': a ( without its )");
    for (const std::string& item : items)
        require<OptionError>(!item.empty(), "list '", list, "': expected names separated by commas, got an empty one");
    return items;
}

void require_writable(const std::string& option, const std::string& file) {
    const std::filesystem::path path(file), probe = path.parent_path() / ".ordinal-can-write";
    require<FileError>(!std::filesystem::is_directory(path), option, " ", file, ": expected a file, got a folder");
    errno = 0;
    const bool can = std::ofstream(probe).is_open();
    const std::string reason = std::strerror(errno);
    require<FileError>(can, option, " ", file, ": expected a place that can be written, got \"", reason,
                       "\"; choose another");
    std::filesystem::remove(probe);
}

}    // namespace ordinal::demos
