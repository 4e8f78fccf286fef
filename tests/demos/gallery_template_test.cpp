#include "demos/gallery/template.h"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include <ordinal/core/error.h>

using namespace ordinal;
using namespace ordinal::demos;
using Json = nlohmann::ordered_json;

TEST_CASE("a value of a template is safe in HTML unless it is HTML already") {
    const Json values{{"a", "<b> & `code`"}, {"n", 3}, {"x", 0.123456}, {"none", nullptr}};
    CHECK(filled("[{{a}}]", values) == "[&lt;b&gt; &amp; `code`]");
    CHECK(filled("[{{`a`}}]", values) == "[&lt;b&gt; &amp; <code>code</code>]");
    CHECK(filled("[{{{a}}}]", values) == "[<b> & `code`]");
    CHECK(filled("{{n}} {{x}} {{none}}", values) == "3 0.1235 –");
    CHECK(filled("no gaps } {", values) == "no gaps } {");
    CHECK(filled("{{`a`}}", {{"a", "an open `end"}}) == "an open <code>end</code>");
}

TEST_CASE("a section of a template is there for each item") {
    const Json values{{"rows", {{{"name", "a"}, {"cells", {1, 2}}}, {{"name", "b"}, {"cells", Json::array()}}}},
                      {"unit", "ms"}};
    CHECK(filled("{{#rows}}{{name}}:{{#cells}} {{.}} {{unit}}{{/cells}};{{/rows}}", values) == "a: 1 ms 2 ms;b:;");
    CHECK(filled("{{#o}}{{x}}{{/o}}", {{"o", {{"x", "inner"}}}, {"x", "outer"}}) == "inner");
}

TEST_CASE("a section of a template may ask whether there is something or nothing") {
    const std::string page = "{{?a}}some{{/a}}{{^a}}none{{/a}}";
    for (const Json& something : {Json("x"), Json(0), Json(true), Json{1, 2}, Json{{"k", 1}}})
        CHECK(filled(page, {{"a", something}}) == "some");
    for (const Json& nothing : {Json(""), Json(nullptr), Json(false), Json::array(), Json::object()})
        CHECK(filled(page, {{"a", nothing}}) == "none");
    CHECK(filled(page, Json::object()) == "none");
    CHECK(filled("{{^a}}{{b}}{{/a}}", {{"a", 1}}) == "");    // what is not shown asks for nothing
}

TEST_CASE("a section may hold one of its own name") {
    CHECK(filled("{{?a}}<{{#a}}{{.}}{{/a}}>{{/a}}", {{"a", {1, 2}}}) == "<12>");
    CHECK(filled("{{?a}}<{{#a}}{{.}}{{/a}}>{{/a}}", {{"a", Json::array()}}) == "");
}

TEST_CASE("mistakes in a template are told") {
    const Json values{{"a", {1}}};
    CHECK_THROWS_WITH_AS(filled("{{b}}", values), "page: there is no text 'b' here; name a field of the results",
                         OptionError);
    CHECK_THROWS_WITH_AS(filled("{{a}}", values), "page: there is no text 'a' here; name a field of the results",
                         OptionError);
    CHECK_THROWS_WITH_AS(filled("{{#a}}x", values), "page: expected {{/a}}, got the end", OptionError);
    CHECK_THROWS_WITH_AS(filled("{{#a}}x{{/b}}", values), "page: expected {{/a}}, got {{/b}}", OptionError);
    CHECK_THROWS_WITH_AS(filled("x{{/b}}", values), "page: expected {{/}}, got {{/b}}", OptionError);
    CHECK_THROWS_WITH_AS(filled("{{a", values), "page: expected {{name}}, got {{a", OptionError);
    CHECK_THROWS_WITH_AS(filled("{{}}", values), "page: expected {{name}}, got {{}}", OptionError);
}

TEST_CASE("numbers of the page have four digits or a dash") {
    CHECK(number_text(0.25) == "0.25");
    CHECK(number_text(12345.6) == "1.235e+04");
    CHECK(number_text(std::nan("")) == "–");
}
