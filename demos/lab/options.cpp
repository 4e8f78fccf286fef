#include "demos/lab/options.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <locale>
#include <sstream>
#include <utility>

#include <ordinal/core/error.h>
#include <ordinal/nn/nearest_name.h>
#include <ordinal/nn/text.h>

namespace ordinal::demos {
namespace {

// What all demos share, in the order of --help.
std::vector<ExtraOption> common_options(DemoOptions& options) {
    return {
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
        {"-h,--help", "print this and stop", &options.help},
    };
}

void require_utf8(const std::string& argument) try {
    static_cast<void>(decode_utf8(argument, "an argument"));
} catch (const Error&) {
    throw OptionError("expected arguments in UTF-8, got one that is not; a file can be given another name");
}

bool is_option(const std::string& argument) { return argument.starts_with("-"); }

// Values are read here and not by CLI11, so that the sentence about a bad one is ours.
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
void read(const ExtraOption&, const std::string&, bool& flag) { flag = true; }    // it has no value
void read(const ExtraOption&, const std::string& text, std::string& target) { target = text; }
void read(const ExtraOption& option, const std::string& text, std::vector<std::string>& target) {
    target = split_list(text);
    std::ranges::transform(target, target.begin(), spelled);
    for (auto item = target.begin(); item != target.end(); ++item)    // which would count as another seed
        require<OptionError>(std::find(target.begin(), item, *item) == item, option.name, ": '", *item,
                             "' stands there twice");
}

// A CLI11 application together with what it reads into.
class CommandLine {
public:
    explicit CommandLine(const Demo& demo) : app_(demo.shows, demo.name), unused_(demo.unused) {
        app_.allow_extras();     // unknown options are reported by check_leftovers, with the nearest name
        app_.set_help_flag();    // ours instead, so that help needs no exception
        for (const ExtraOption& option : demo.extra) add(option);
        for (const ExtraOption& option : common_options(options)) add(option);
        for (const UnusedOption& option : unused_) {
            CLI::Option* const known = app_.get_option_no_throw(option.name);
            require<OptionError>(known != nullptr, "unused: there is no option ", option.name, " that all demos share");
            known->group("");    // not in --help
        }
    }

    void parse(std::vector<std::string> arguments) {
        for (const std::string& argument : arguments) require_utf8(argument);    // they stand in results and pictures
        std::reverse(arguments.begin(), arguments.end());    // CLI11 takes them from the back
        try {
            app_.parse(arguments);
        } catch (const CLI::ParseError& error) {
            check_leftovers();    // the better explanation, if there is one
            throw OptionError(error.what());
        }
        if (options.help) return;
        constexpr Index most_seeds = 10'000;    // a list of more fills the memory, and their runs take years
        require<OptionError>(options.seeds <= most_seeds, "--seeds: expected at most ", most_seeds, ", got ",
                             options.seeds);
        for (const UnusedOption& option : unused_)
            require<OptionError>(app_.get_option(option.name)->count() == 0, option.name, ": expected no such option, ",
                                 option.because, "; leave it out");
        check_leftovers();
        for (CLI::Option* option : required_)    // what a demo claims, it claims of any file
            require<OptionError>(options.claims || option->count() > 0, option->get_name(), " is missing; see --help");
    }

    std::string help() const { return app_.help(); }

    DemoOptions options;    // what parse() has read

private:
    void add(const ExtraOption& option) {
        if (is_option(option.name)) known_.push_back(option.name.substr(option.name.find("--")));
        if (bool* const* flag = std::get_if<bool*>(&option.target)) {
            app_.add_flag(option.name, **flag, option.help);
            return;
        }
        const auto read_checked = [option](const std::string& text) {
            require<OptionError>(!text.starts_with("--"), option.name, " needs a value, got the option ", text);
            std::visit([&](auto* target) { read(option, text, *target); }, option.target);
        };
        const bool is_text = std::holds_alternative<std::string*>(option.target);
        CLI::Option* made = app_.add_option_function<std::string>(option.name, read_checked, option.help);
        made->type_name(!option.value.empty() ? option.value : !is_option(option.name) ? "" : is_text ? "TEXT" : "N");
        if (is_option(option.name))
            made->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);    // --seed 1 --seed 2: the last one counts
        if (option.required) required_.push_back(made);
    }

    void check_leftovers() const {
        for (const std::string& argument : app_.remaining()) {
            const std::string name = argument.substr(0, argument.find('='));
            require<OptionError>(!is_option(argument), name, ": unknown option; ", did_you_mean(name, known_));
            require<OptionError>(false, "unexpected argument '", argument, "'; see --help");
        }
    }

    CLI::App app_;
    std::vector<UnusedOption> unused_;
    std::vector<std::string> known_;
    std::vector<CLI::Option*> required_;
};

// The line that does this run again, without where its files and figures go.
std::string command_text(const std::string& name, const std::vector<std::string>& arguments) {
    std::string command = "./go demos " + name;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (argument == "--out" || argument == "--json") {
            ++i;    // and its value
            continue;
        }
        if (argument.starts_with("--out=") || argument.starts_with("--json=")) continue;
        const bool plain = !argument.empty() && argument.find_first_of(" '\"()*?$&;|<>#~`\\") == std::string::npos;
        command += plain ? " " + argument : " '" + argument + "'";
    }
    return command;
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
    CommandLine command_line(demo);
    command_line.parse(arguments);
    DemoOptions options = command_line.options;
    options.about = demo;
    if (demo.source.empty()) options.about.source = "demos/" + demo.name + ".cpp";
    options.about.command = command_text(demo.name, arguments);
    return options;
}

std::string help_text(const Demo& demo) { return CommandLine(demo).help(); }

std::string spelled(const std::string& encoding) {
    std::string text;
    int depth = 0;
    for (const char c : encoding) {
        if (c == ' ' || c == '\t' || c == '\n') continue;
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
    const bool can = (!std::filesystem::exists(path) || access(file.c_str(), W_OK) == 0) &&
                     std::ofstream(probe).is_open();
    const std::string reason = std::strerror(errno);
    require<FileError>(can, option, " ", file, ": expected a place that can be written, got \"", reason,
                       "\"; choose another");
    std::filesystem::remove(probe);
}

}    // namespace ordinal::demos
