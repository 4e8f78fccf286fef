// Parts of a page with gaps, and what fills them. A part begins below a line <!-- part: NAME --> and ends before the
// next. In it, in double braces:
//
//     {{name}}      the text of that name, safe in HTML
//     {{`name`}}    the same, where `words` between such quotes become code
//     {{{name}}}    as it is: it is HTML already
#pragma once

#include <map>
#include <string>

namespace ordinal::demos {

using Gaps = std::map<std::string, std::string>;

// Throws OptionError: no such part, a gap that does not end or that nothing fills.
std::string filled(const std::string& page, const std::string& part, const Gaps& gaps);

}    // namespace ordinal::demos
