// run_demo: what every demo's main() does around its own work.
//
//     int main(int argc, char** argv) {
//         return ordinal::demos::run_demo({.name = "verse", .shows = "..."}, argc, argv, [](const DemoOptions& options)
//         {
//             Report report(options, claims);
//             ...
//             return report.finish();
//         });
//     }
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "demos/lab/report.h"

namespace ordinal::demos {

// Reads the options, sets the number of threads, makes sure of the font where heatmaps need one, calls body and returns
// its result as the exit code. Misuse ends in a sentence on `err`, never in a crash: 2 when the command line was wrong,
// 1 for any other error, a full disk behind standard output included, 130 when the user interrupted it. --help: 0.
int run_demo(const Demo& demo, int argc, const char* const* argv, const std::function<int(const DemoOptions&)>& body);
int run_demo(const Demo& demo, const std::vector<std::string>& arguments,
             const std::function<int(const DemoOptions&)>& body, std::ostream& out, std::ostream& err);

}    // namespace ordinal::demos
