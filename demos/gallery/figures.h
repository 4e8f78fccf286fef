// The figures of a demo as HTML: its pictures and charts, each with what to look at, and its tables, folded.
#pragma once

#include <string>
#include <vector>

#include "demos/gallery/template.h"
#include "demos/lab/results.h"

namespace ordinal::demos {

std::string html(const std::string& part, const Gaps& gaps);    // a part of page.html, filled

struct Figure {
    std::string file;    // "extrapolate.svg"
    std::string html;
};
// Throws FileError: a picture that is missing in `folder`.
std::vector<Figure> figures_of(const Json& demo, const std::string& folder);
std::string tables_of(const Json& demo);

}    // namespace ordinal::demos
