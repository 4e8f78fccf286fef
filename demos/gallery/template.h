// Parts of a page with gaps, and what fills them. A part begins below a line <!-- part: NAME --> and ends before the
// next. In it, in double braces, as in Mustache (mustache.github.io):
//
//     {{name}}                  the text of that name, safe in HTML
//     {{`name`}}                the same, where `words` between such quotes become code
//     {{{name}}}                as it is: it is HTML already
//     {{#name}} ... {{/name}}   once for each item of a list, where {{.}} is the item; once for anything else, but not
//                               for what is null, false, 0, empty or not there
//     {{>part}}                 another part
//
// A name means what it means in the innermost object that has it.
#pragma once

#include <string>

#include "demos/lab/results.h"

namespace ordinal::demos {

// Throws OptionError: no such part, a gap that does not end or that nothing fills.
std::string filled(const std::string& page, const std::string& part, const Json& what);

}    // namespace ordinal::demos
