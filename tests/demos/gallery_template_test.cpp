#include "demos/gallery/template.h"

#include <doctest/doctest.h>

#include <ordinal/core/error.h>

using namespace ordinal;
using namespace ordinal::demos;

namespace {

// What a part of that text becomes.
std::string made(const std::string& text, const Gaps& gaps) { return filled("<!-- part: p -->\n" + text, "p", gaps); }

}    // namespace

TEST_CASE("what fills a gap is safe in HTML unless it is HTML already") {
    const Gaps gaps{{"a", "<b> & `code`"}, {"b", "an open `end"}};
    CHECK(made("[{{a}}]", gaps) == "[&lt;b&gt; &amp; `code`]");
    CHECK(made("[{{`a`}}]", gaps) == "[&lt;b&gt; &amp; <code>code</code>]");
    CHECK(made("[{{{a}}}]", gaps) == "[<b> & `code`]");
    CHECK(made("{{`b`}}", gaps) == "an open <code>end</code>");
    CHECK(made("{{a}}{{`b`}}{{{a}}}", {{"a", "{{x}}"}, {"b", ""}}) == "{{x}}{{x}}");    // what fills is not read again
    CHECK(made("no gaps } {", gaps) == "no gaps } {");
}

TEST_CASE("a part ends before the next without empty lines around it") {
    const std::string page = "<!-- about -->\n\n<!-- part: a -->\n<p>\n\n{{x}}\n\n<!-- part: b -->\n<i>{{x}}</i>\n";
    CHECK(filled(page, "a", {{"x", "1"}}) == "<p>\n\n1");
    CHECK(filled(page, "b", {{"x", "1"}}) == "<i>1</i>");
}

TEST_CASE("mistakes in a template are told") {
    CHECK_THROWS_WITH_AS(made("{{b}}", {{"a", ""}}), "page: nothing fills {{b}} of the part 'p'", OptionError);
    CHECK_THROWS_WITH_AS(made("{{a", {{"a", ""}}), "page: expected {{name}}, got {{a", OptionError);
    CHECK_THROWS_WITH_AS(made("{{{a}}", {{"a", ""}}), "page: expected {{name}}, got {{{a}}", OptionError);
    CHECK_THROWS_WITH_AS(filled("<!-- part: p -->\n", "q", {}), "page: there is no part 'q'", OptionError);
}
