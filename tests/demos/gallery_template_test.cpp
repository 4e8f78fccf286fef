#include "demos/gallery/template.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include <ordinal/core/error.h>

using namespace ordinal;
using namespace ordinal::demos;

namespace {

// What a part of that text becomes.
std::string made(const std::string& text, const Json& what) { return filled("<!-- part: p -->\n" + text, "p", what); }

}    // namespace

TEST_CASE("what fills a gap is safe in HTML unless it is HTML already") {
    const Json what{{"a", "<b> & `code`"}, {"b", "an open `end"}, {"n", 7}};
    CHECK(made("[{{a}}]", what) == "[&lt;b&gt; &amp; `code`]");
    CHECK(made("[{{`a`}}]", what) == "[&lt;b&gt; &amp; <code>code</code>]");
    CHECK(made("[{{{a}}}]", what) == "[<b> & `code`]");
    CHECK(made("{{`b`}}", what) == "an open <code>end</code>");
    CHECK(made("{{n}}", what) == "7");
    CHECK(made("{{a}}{{`b`}}{{{a}}}", {{"a", "{{x}}"}, {"b", ""}}) == "{{x}}{{x}}");    // what fills is not read again
    CHECK(made("no gaps } {", what) == "no gaps } {");
}

TEST_CASE("a section is written for each item of a list and not for nothing") {
    const Json rows{{{"name", "a"}, {"cells", {1, 2}}}, {{"name", "b"}, {"cells", Json::array()}}};
    CHECK(made("{{#rows}}<{{name}}{{#cells}} {{.}}{{/cells}}>{{/rows}}!", {{"rows", rows}}) == "<a 1 2><b>!");
    for (const Json& nothing : {Json(), Json(false), Json(0), Json(""), Json::array()})
        CHECK(made("[{{#a}}text{{/a}}]", {{"a", nothing}}) == "[]");
    CHECK(made("[{{#a}}text{{/a}}]", Json::object()) == "[]");
    for (const Json& something : {Json(true), Json(3), Json("words"), Json{{"b", 1}}})
        CHECK(made("[{{#a}}{{c}}{{/a}}]", {{"a", something}, {"c", "text"}}) == "[text]");
}

TEST_CASE("a name means what it means in the innermost object that has it") {
    const Json what{{"title", "outer"}, {"in", {{"title", "inner"}, {"deep", {{"x", 1}}}}}};
    CHECK(made("{{title}} {{#in}}{{title}} {{#deep}}{{title}}{{/deep}}{{/in}}", what) == "outer inner inner");
    CHECK(made("{{#in}}[{{#title}}{{.}}{{/title}}]{{/in}}", {{"title", "outer"}, {"in", {{"title", nullptr}}}}) ==
          "[]");
}

TEST_CASE("a part ends before the next without empty lines around it") {
    const std::string page = "<!-- about -->\n\n<!-- part: a -->\n<p>\n\n{{x}}\n\n<!-- part: b -->\n<i>{{x}}</i>\n";
    CHECK(filled(page, "a", {{"x", "1"}}) == "<p>\n\n1");
    CHECK(filled(page, "b", {{"x", "1"}}) == "<i>1</i>");
    CHECK(filled(page + "<!-- part: c -->\n{{#list}}{{>b}}{{/list}}", "c", {{"list", {{{"x", 1}}, {{"x", 2}}}}}) ==
          "<i>1</i><i>2</i>");
}

TEST_CASE("mistakes in a template are told") {
    CHECK_THROWS_WITH_AS(made("{{b}}", {{"a", ""}}), "page: nothing fills {{b}}", OptionError);
    CHECK_THROWS_WITH_AS(made("{{a", {{"a", ""}}), "page: expected }} behind a", OptionError);
    CHECK_THROWS_WITH_AS(made("{{{a}}", {{"a", ""}}), "page: expected }}} behind a}}", OptionError);
    CHECK_THROWS_WITH_AS(made("{{#a}}text", {{"a", ""}}), "page: expected {{/a}} behind text", OptionError);
    CHECK_THROWS_WITH_AS(filled("<!-- part: p -->\n", "q", Json::object()), "page: there is no part 'q'", OptionError);
}
