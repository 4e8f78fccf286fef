// Results: what one run of a demo found, as data. The gallery, the book's tables and the comparison with earlier runs
// are made from these files and from nothing else.
#pragma once

#include <string>
#include <vector>

#include "demos/lab/expectation.h"
#include "demos/lab/options.h"
#include "demos/lab/table.h"
#include "demos/plot/line_chart.h"

namespace ordinal::demos {

// A picture beside the results.
struct Picture {
    std::string file;       // "verse_beyond.png"
    std::string title;      // one line
    std::string look_at;    // what to look at, and what it means
    std::string alt;        // what it shows, for whoever cannot see it
};

// Line charts that belong together, with the data of their lines. The picture of them is in `file`.
struct ChartGroup {
    std::string file, title, look_at;
    std::vector<plot::LineChart> charts;
    bool timings = false;    // other on each machine and each day: never compared
};

struct Build {
    std::string compiler, type, scalar;    // "g++ 12.2.0", "Release", "float"
};
struct Machine {
    std::string cpu;    // "" where the system does not tell
    int threads = 1;    // as many as the demo used
};
Build this_build();
Machine this_machine();

// What a picture's bytes come to, so that a picture and the numbers of another run are told apart.
struct Fingerprint {
    std::string name;     // of the file
    std::string fnv1a;    // 16 hexadecimal digits
    bool operator==(const Fingerprint&) const = default;
};
std::string fnv1a(const std::string& bytes);    // FNV-1a, 64 bits (Fowler, Noll and Vo)

struct Results {
    AboutDemo about = {};
    Build build = {};
    Machine machine = {};
    std::vector<Expectation> expectations = {};
    std::vector<Picture> pictures = {};
    std::vector<ChartGroup> charts = {};
    std::vector<Table> tables = {};
    std::vector<Fingerprint> files = {};    // all pictures that the run has drawn
};

// The table of that name; "expectations" is the one that every demo has. Throws OptionError: there is none.
Table find_table(const Results& results, const std::string& name);

// JSON, whole or not at all. Numbers that are not finite are null. Throws FileError.
void write_results(const std::string& path, const Results& results);

// Throws FileError: missing, no JSON, or not the results of a demo.
Results read_results(const std::string& path);
Results parse_results(const std::string& json, const std::string& path);

}    // namespace ordinal::demos
