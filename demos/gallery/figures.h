// Pictures, charts and tables as HTML.
#pragma once

#include <string>

#include "demos/lab/results.h"

namespace ordinal {

// The picture is read from `folder` and set into the page. Throws FileError: it is missing.
std::string figure(const Picture& picture, const std::string& folder);
std::string figure(const ChartGroup& group);
std::string figure(const Table& table);

std::string prose(const std::string& text);    // safe as HTML; `names` become code
std::string number_text(double value);         // four digits; a dash where there is none
std::string base64(const std::string& bytes);

}    // namespace ordinal
