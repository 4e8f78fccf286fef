#include "demos/common/run_demo.h"

#include <exception>
#include <iostream>

#include "core/error.h"
#include "core/parallel.h"

namespace ordinal {

int run_demo(const Demo& demo, const std::vector<std::string>& arguments,
             const std::function<int(const DemoOptions&)>& body, std::ostream& out, std::ostream& err) {
    DemoOptions options;
    try {
        options = parse_options(arguments, demo.extra);
    } catch (const OptionError& error) {
        err << demo.name << ": " << error.what() << '\n';
        return 2;
    }
    if (options.help) {
        out << help_text(demo.name, demo.shows, demo.extra);
        return 0;
    }
    try {
        if (options.threads > 0) set_num_threads(options.threads);
        if (demo.writes_files) prepare_output_directory(options.out);
        return body(options);
    } catch (const std::exception& error) {
        err << demo.name << ": " << error.what() << '\n';
        return 1;
    }
}

int run_demo(const Demo& demo, int argc, const char* const* argv, const std::function<int(const DemoOptions&)>& body) {
    return run_demo(demo, std::vector<std::string>(argv + 1, argv + argc), body, std::cout, std::cerr);
}

}    // namespace ordinal
