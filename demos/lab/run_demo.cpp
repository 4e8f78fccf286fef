#include "demos/lab/run_demo.h"

#include <exception>
#include <iostream>

#include <ordinal/core/error.h>
#include <ordinal/core/fast/parallel.h>
#include "demos/lab/claims.h"
#include "demos/lab/interrupt.h"
#include "demos/plot/text.h"

namespace ordinal::demos {

static int exit_code(const Demo& demo, const std::vector<std::string>& arguments,
                     const std::function<int(const DemoOptions&)>& body, std::ostream& out, std::ostream& err) {
    DemoOptions options;
    try {
        options = parse_options(arguments, demo);
    } catch (const OptionError& error) {
        err << demo.name << ": " << error.what() << '\n';
        return 2;
    }
    if (options.help) {
        out << help_text(demo);
        return 0;
    }
    try {
        if (options.threads > 0) set_num_threads(options.threads);
        if (demo.heatmaps && !options.claims) static_cast<void>(plot::Font(plot::find_font()));
        return body(options);
    } catch (const OnlyClaims& claims) {
        out << claims.what();
        return 0;
    } catch (const Interrupted&) {
        err << demo.name << ": interrupted; the files of an earlier run are as they were\n";
        return 130;    // what shells say of a program that Ctrl-C ended
    } catch (const std::exception& error) {
        err << demo.name << ": " << error.what() << '\n';
        return 1;
    }
}

int run_demo(const Demo& demo, const std::vector<std::string>& arguments,
             const std::function<int(const DemoOptions&)>& body, std::ostream& out, std::ostream& err) {
    const int code = exit_code(demo, arguments, body, out, err);
    if (out.flush().good()) return code;
    err << demo.name << ": standard output cannot be written, so what stood there is lost\n";
    return code == 0 ? 1 : code;
}

int run_demo(const Demo& demo, int argc, const char* const* argv, const std::function<int(const DemoOptions&)>& body) {
    return run_demo(demo, std::vector<std::string>(argv + 1, argv + argc), body, std::cout, std::cerr);
}

}    // namespace ordinal::demos
