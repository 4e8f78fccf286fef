// A page with gaps, and the JSON that fills them. In double braces:
//
//     {{name}}              the text or number of that name, safe in HTML; {{.}} is the item itself
//     {{`name`}}            the same, where `words` between such quotes become code
//     {{{name}}}            as it is: it is HTML already
//     {{#name}} ... {{/name}}    once for each item of a list, or for an object; inside, its fields have names
//     {{?name}} ... {{/name}}    once, if there is something: no empty list or text, not false, not null
//     {{^name}} ... {{/name}}    once, if there is nothing
//
// A name is looked for in the innermost object first. (Like the templates of https://mustache.github.io, but for ? and
// `.)
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace ordinal::demos {

// Throws OptionError: a value that is not there, a section that is not closed.
std::string filled(const std::string& page, const nlohmann::ordered_json& values);

std::string number_text(double value);    // four digits; a dash where there is none

}    // namespace ordinal::demos
