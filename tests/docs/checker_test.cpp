// The checker of the book, on made-up projects: each way of being stale is reported with file, line and what to do.
#include <doctest/doctest.h>

#include <ordinal/nn/files/file.h>
#include "tests/docs/book.h"
#include "tests/temp_folder.h"

using namespace book;

namespace {

const char* const source = "// One idea.\n\nint one() {\n    int x = 1;\n    x += 1;\n    return x;\n}\n";
const char* const program = "int main() {\n    print(1);\n}\n";

// The problems of a project with the given pages, a source, a program that prints three lines, and two go commands.
std::string problems(std::map<std::string, std::string> pages, bool program_shown = true) {
    Project project;
    project.files = std::move(pages);
    project.files["core/one.h"] = source;
    project.files["docs/programs/count.cpp"] = program;
    if (program_shown)
        project.files["docs/shown.md"] =
            "<!-- program: docs/programs/count.cpp -->\n```cpp\n" + std::string(program) + "```\n";
    project.run = [](const std::string& command) -> Run {
        if (command == "./go help") return {"./go demos   runs the demos\n./go test    runs the tests\n", 0};
        if (command == "count --to 3") return {"one\ntwo\nthree\n", 0};
        return {"", 127};
    };
    return text_of(check_book(project));
}

std::string problems_of(const std::string& readme) { return problems({{"README.md", readme}}); }

std::string listing(const std::string& lines) { return "<!-- listing: core/one.h -->\n```cpp\n" + lines + "```\n"; }
std::string output(const std::string& lines) { return "<!-- output: count --to 3 -->\n```text\n" + lines + "```\n"; }

}    // namespace

TEST_CASE("the checker accepts a listing that is in its source") {
    CHECK(problems_of(listing(source)) == "");
    CHECK(problems_of(listing("    int x = 1;\n    x += 1;\n")) == "");
    CHECK(problems_of(listing("int x = 1;\nx += 1;\n")) == "");    // without the common indentation
    CHECK(problems_of(listing("int one() {\n    // ...\n\n    return x;\n}\n")) == "");
    CHECK(problems_of(
              "- in a list\n  <!-- listing: core/one.h -->\n  ```cpp\n  int one() {\n      int x = 1;\n  ```\n") == "");
}

TEST_CASE("the checker reports a listing that is not in its source") {
    const std::string stale = ": core/one.h goes on differently; copy the lines again\n";
    CHECK(problems_of(listing("int x = 2;\n")) == "README.md:3" + stale);
    CHECK(problems_of(listing("int x = 1;\nreturn x;\n")) == "README.md:4" + stale);            // a line left out
    CHECK(problems_of(listing("  int x = 1;\nx += 1;\n")) == "README.md:4" + stale);            // indented differently
    CHECK(problems_of(listing("return x;\n// ...\nint x = 1;\n")) == "README.md:5" + stale);    // in another order
    CHECK(problems_of(listing("}\nint two() {\n")) == "README.md:4" + stale);                   // past the end
    CHECK(problems_of(listing("")) == "README.md:2: this block is empty; copy lines of core/one.h into it\n");
}

TEST_CASE("the checker reports a listing without a source") {
    CHECK(problems_of("<!-- listing: one.h -->\n```cpp\nint one() {\n```\n") ==
          "README.md:2: there is no file one.h to show; name it from the root\n");
    CHECK(problems_of("```cpp\nint one() {\n```\n") ==
          "README.md:1: nothing tests this block; put <!-- listing: FILE --> or <!-- program: FILE --> on the line "
          "before it\n");
    CHECK(
        problems_of("```c++\nint one() {\n```\n") ==
        "README.md:1: a block is cpp, python, text, sh, cmake, math or mermaid, not 'c++'; name one of them after the fence\n");
    CHECK(problems_of("<!-- listing: core/one.h -->\n```text\nint one() {\n```\n") ==
          "README.md:2: expected a cpp block after the marker 'listing', got text; change one of them\n");
}

TEST_CASE("the checker reports markers that do nothing and blocks that do not end") {
    const std::string alone = "README.md:1: no block follows this marker; put it on the line before the fence\n";
    CHECK(problems_of("<!-- output: count --to 3 -->\n\n```text\none\n```\n") == alone);
    CHECK(problems_of("<!-- output: count --to 3 -->") == alone);
    CHECK(problems_of("<!-- outptu: count --to 3 -->\n```text\none\n```\n") ==
          "README.md:1: unknown comment; expected <!-- listing: FILE -->, <!-- program: FILE -->, <!-- output: "
          "COMMAND -->, <!-- results: FILE TABLE --> or <!-- names: FILE -->\n");
    CHECK(problems_of("text\n```text\none\n") == "README.md:2: this block does not end; close it with ```\n");
}

TEST_CASE("the checker reports a program that is shown differently or not at all") {
    const auto shown = [](const std::string& lines) {
        return problems_of("<!-- program: docs/programs/count.cpp -->\n```cpp\n" + lines + "```\n");
    };
    const std::string stale = ": docs/programs/count.cpp goes on differently; copy the whole file again\n";
    CHECK(shown("int main() {\n    print(1);\n}\n") == "");
    CHECK(shown("int main() {\n    print(2);\n}\n") == "README.md:4" + stale);
    CHECK(shown("int main() {\n    print(1);\n") == "README.md:5" + stale);    // the last line is missing
    CHECK(shown("    print(1);\n}\n") == "README.md:3" + stale);               // the first line is missing
    CHECK(shown("int main() {\n    // ...\n}\n") == "README.md:4" + stale);    // a program is shown whole
    CHECK(problems({{"README.md", "text\n"}}, false) ==
          "docs/programs/count.cpp:1: no page shows this program; show it or delete it\n");
}

TEST_CASE("the checker reports an output that the program does not print") {
    const std::string stale = ": 'count --to 3' goes on differently; run it and copy what it prints\n";
    CHECK(problems_of(output("one\ntwo\nthree\n")) == "");
    CHECK(problems_of(output("one\n...\nthree\n")) == "");
    CHECK(problems_of(output("...\ntwo\n...\n")) == "");
    CHECK(problems_of(output("one\n2\nthree\n")) == "README.md:4" + stale);
    CHECK(problems_of(output("one\ntwo\n")) == "README.md:5" + stale);
    CHECK(problems_of(output("two\nthree\n")) == "README.md:3" + stale);
    CHECK(problems_of(output("three\n...\n")) == "README.md:3" + stale);
    CHECK(problems_of(output("...\nthree\n...\none\n...\n")) == "README.md:6" + stale);
    CHECK(problems_of(output(" one\ntwo\nthree\n")) == "README.md:3" + stale);
    CHECK(problems_of("<!-- output: cuont -->\n```text\n```\n") ==
          "README.md:2: 'cuont' ended with status 127; build all and run it yourself\n");
}

TEST_CASE("the checker compares tables with committed results") {
    ordinal::demos::Json results = ordinal::demos::empty_results({.name = "verse"});
    results["tables"].push_back(ordinal::demos::json_of(ordinal::demos::Table{
        .name = "beat", .columns = {"encoding", "right"}, .rows = {{"rnn", "0.98"}, {"table", "0.80"}}}));
    const std::string file = results.dump();
    const auto shown = [&](const std::string& marker, const std::string& rows) {
        return problems(
            {{"docs/results/verse.json", file}, {"README.md", "<!-- results: " + marker + " -->\n" + rows}});
    };
    const std::string head = "| encoding | right |\n|---|---|\n| rnn | 0.98 |\n", whole = head + "| table | 0.80 |\n";
    const std::string stale =
        ": docs/results/verse.json says something else; ./go results --accept writes the table again\n";
    CHECK(shown("verse.json beat", whole) == "");
    CHECK(shown("verse.json beat", whole + "\n| another | table |\n") == "");
    CHECK(shown("verse.json beat", head + "| table | 0.81 |\n") == "README.md:5" + stale);
    CHECK(shown("verse.json beat", head) == "README.md:5" + stale);                           // a row left out
    CHECK(shown("verse.json beat", whole + "| alibi | 0.9 |\n") == "README.md:6" + stale);    // a row too many
    CHECK(shown("verse.json beats", whole) == "README.md:1: verse: there is no table 'beats'; did you mean beat?\n");
    CHECK(shown("prose.json beat", whole) ==
          "README.md:1: there is no file docs/results/prose.json; ./go results --accept writes it\n");
    CHECK(shown("verse.json beat", "\n" + whole) ==
          "README.md:1: no block follows this marker; put it on the line before the fence\n");
    CHECK(shown("verse.json beat", "```text\n```\n") ==
          "README.md:2: expected a table after the marker 'results', got a block\n");
}

TEST_CASE("the checker reports names that no program uses") {
    const auto table = [](const std::string& row) {
        return "<!-- names: docs/programs/count.cpp -->\n| there | here | why |\n|---|---|---|\n" + row + "\n";
    };
    CHECK(problems_of(table("| `out(1)` | `print( 1 )` | `no` |")) == "");    // spaces do not count
    CHECK(problems_of(table("| a | `print(1);`, `print(2)` | |")) ==
          "README.md:4: docs/programs/count.cpp does not use `print(2)`; use it there, so that a compiler reads it\n");
    const std::string nothing = "README.md:4: the second column names nothing in `code`\n";
    CHECK(problems_of(table("| `print(1)` | print(1) | |")) == nothing);
    CHECK(problems_of(table("| `print(1)` |")) == nothing);
    CHECK(problems_of("<!-- names: count.cpp -->\n| a | b |\n") ==
          "README.md:1: there is no file count.cpp that could use these names\n");
    CHECK(problems_of("<!-- names: docs/programs/count.cpp -->\n```text\n| a |\n```\n") ==
          "README.md:2: expected a table after the marker 'names', got a block\n");
}

TEST_CASE("the checker reports a go command that go does not know") {
    CHECK(problems_of("```sh\n./go demos --quick\n./go test    # or nothing\n```\nor `./go test -R NAME`") == "");
    CHECK(problems_of("```sh\n./go test\n./go tets\n```\n") ==
          "README.md:3: './go help' knows no command tets; name one that it lists\n");
    CHECK(problems_of("type\n`./go demo`\n") ==
          "README.md:2: './go help' knows no command demo; name one that it lists\n");
}

TEST_CASE("the checker follows links to files and headings") {
    const std::map<std::string, std::string> pages{
        {"docs/a.md",
         "# Where is `a` token?\n\n## Why\n\n## Why\n\n[r](../README.md) [x](https://example.org/a) [w](#why-1)\n"},
        {"README.md",
         "[a\ntoken](docs/a.md#where-is-a-token) [core](core/) [![one](core/one.h)](docs/a.md#why \"Why\")\n"
         "and `[i](j)` and $P[t](x)$ and\n$$\nP[t](x)\n$$\n"}};
    CHECK(problems(pages) == "");
}

TEST_CASE("the checker reports links and pictures that lead nowhere") {
    CHECK(problems_of("a\n[b](docs/b.md)\n") ==
          "README.md:2: the link docs/b.md leads nowhere: there is no file docs/b.md\n");
    CHECK(problems({{"docs/a.md", "[b](core/one.h)\n"}}) ==
          "docs/a.md:1: the link core/one.h leads nowhere: there is no file docs/core/one.h\n");
    CHECK(problems_of("# One\n[two](#two)\n") ==
          "README.md:2: the link #two leads nowhere: README.md has no heading #two\n");
    CHECK(problems_of("[x](core/one.h#L4)\n") ==
          "README.md:1: the link core/one.h#L4 leads nowhere: core/one.h has no heading #L4\n");
    CHECK(problems_of("[up](../else.md)\n") ==
          "README.md:1: the link ../else.md leads nowhere: there is no file ../else.md\n");
    CHECK(problems_of("[m](mailto:a@b.c)\n") ==
          "README.md:1: the link mailto:a@b.c is neither https:// nor a file of the project\n");
    CHECK(problems_of("![](core/one.h)\n") ==
          "README.md:1: the picture core/one.h has no text; say between [ and ] what it shows\n");
    CHECK(problems_of("![two\nlines](p.png)\n") ==
          "README.md:2: the link p.png leads nowhere: there is no file p.png\n");
}

TEST_CASE("the checker reports links that it could not check") {
    CHECK(problems_of("see http://example.org\n") == "README.md:1: http:// is not safe; write https://\n");
    CHECK(problems_of("<img src=\"p.png\">\n") == "README.md:1: <img> is not checked; write ![text](file)\n");
    CHECK(problems_of("<a href=\"p.md\">p</a>\n") == "README.md:1: <a href> is not checked; write [text](target)\n");
    CHECK(problems_of("[a][b]\n") == "README.md:1: [text][name] is not checked; write [text](target)\n");
}

TEST_CASE("the checker reports file names that are none and paths of one machine") {
    CHECK(problems_of("`core/one.h`, `core/`, `and/or`, `build/release/`, `[B, T]`, `x / y`, `docs/programs`\n") == "");
    CHECK(problems_of("see\n`core/two.h`\n") ==
          "README.md:2: there is no core/two.h; name it from the root of the project\n");
    CHECK(problems_of("`cores/`\n") == "README.md:1: there is no cores/; name it from the root of the project\n");
    const std::string machine = ": a path of one machine; write it from the root of the project\n";
    CHECK(problems_of("under `/usr/share/fonts`\n```sh\ncd /home/ada/ordinal\n```\n") == "README.md:3" + machine);
    CHECK(problems_of("in C:\\Users\\ada\n") == "README.md:1" + machine);
}

TEST_CASE("the checker reports a page that a source names and that does not exist") {
    const std::string page = "# One\n";
    CHECK(problems({{"docs/01-one.md", page}, {"nn/one.h", "// see docs/01-one.md\n"}}) == "");
    CHECK(problems({{"docs/01-one.md", page}, {"nn/one.h", "\n// see docs/1-one.md.\n"}}) ==
          "nn/one.h:2: there is no page docs/1-one.md; name another\n");
}

TEST_CASE("the checker reports citations without an entry and entries without a citation") {
    const std::string entries =
        "# References\n\n## Ada 1843\n\nNotes.\n\n## Ben et al. 2020b\n\nhttps://arxiv.org/abs/2001.00001\n";
    const std::string cites_ada = "[Ada 1843](docs/references.md#ada-1843)\n";
    const std::string names_ben = "// Ben et al. 2020, arXiv 2001.00001\n";
    CHECK(problems({{"docs/references.md", entries}, {"README.md", cites_ada}, {"nn/ben.h", names_ben}}) == "");
    CHECK(problems({{"docs/references.md", entries}, {"README.md", cites_ada}}) ==
          "docs/references.md:7: nothing cites Ben et al. 2020b; link to #ben-et-al-2020b or delete it\n");
    CHECK(problems({{"docs/references.md", entries + "[a](references.md#ada-1843)\n"}, {"nn/ben.h", names_ben}}) ==
          "docs/references.md:3: nothing cites Ada 1843; link to #ada-1843 or delete it\n");
    CHECK(problems({{"README.md", "text\n"}, {"nn/ben.h", "\n" + names_ben}}) ==
          "nn/ben.h:2: docs/references.md has no entry with arXiv 2001.00001; add it\n");
    CHECK(problems({{"docs/references.md", "# References\n"}, {"README.md", cites_ada}}) ==
          "README.md:1: the link docs/references.md#ada-1843 leads nowhere: docs/references.md has no heading "
          "#ada-1843\n");
}

TEST_CASE("anchors follow GitHub") {
    CHECK(anchor_of("Where is a token?") == "where-is-a-token");
    CHECK(anchor_of("`matmul`, d_model & co.") == "matmul-d_model--co");
    CHECK(anchor_of("p \xE2\x80\x94 caf\xC3\xA9") == "p--caf\xC3\xA9");    // a dash goes, a letter stays
    CHECK(read_page("a.md", "## See [Why](#why) `f(x)`\n").headings[0].anchor == "see-why-fx");
}

TEST_CASE("a program's output and status arrive") {
    const Run run = run_in_shell("echo one; echo two; exit 3");
    CHECK(run.output == "one\ntwo\n");
    CHECK(run.status == 3);
}

namespace {

const char* const english_page =
    "# One\nRead [this](core/one.h), 3 times.\n\n```sh\n./go test\n```\n## Two\nAll 5 of 7.\n";

std::string translation_problems(const std::string& page, const std::string& english = english_page) {
    std::string text = problems({{"README.md", english}, {"README.zh.md", page}});
    const std::string file = "README.zh.md:";
    for (auto at = text.find(file); at != std::string::npos; at = text.find(file)) text.erase(at, file.size());
    return text;
}

// A translation that is in step with english_page, and with one text in the place of another.
std::string chinese(const std::string& old = "", const std::string& now = "") {
    std::string text =
        "# 一\n<!-- english: " + fingerprint("# One\nRead [this](core/one.h), 3 times.\n") +
        " -->\n把[这个](core/one.h)读 3 遍。\n\n```sh\n./go test\n```\n## 二\n<!-- english: " +
        fingerprint("## Two\nAll 5 of 7.\n") + " -->\n7 个里的 5 个。\n";
    if (!old.empty()) text.replace(text.find(old), old.size(), now);
    return text;
}

}    // namespace

TEST_CASE("the fingerprint is FNV-1a of 32 bits") {
    CHECK(fingerprint("") == "811c9dc5");
    CHECK(fingerprint("a") == "e40c292c");
    CHECK(fingerprint("foobar") == "bf9cf968");
}

TEST_CASE("the checker accepts a translation that is in step") {
    CHECK(translation_problems(chinese()) == "");
}

TEST_CASE("the checker names the section of a translation that is behind") {
    const std::string changed =
        "# One\nRead [this](core/one.h), 3 times.\n\n```sh\n./go test\n```\n## Two\nAll 5 of these 7.\n";
    CHECK(translation_problems(chinese(), changed) ==
          "8: '## Two': the English text has changed since; translate it anew and write <!-- english: " +
              fingerprint("## Two\nAll 5 of these 7.\n") + " -->\n");
    CHECK(translation_problems(chinese("个里的 5 个", "个里的五个")) == "8: '## Two': does not say the number 5\n");
    CHECK(translation_problems(chinese("./go test", "./go demos")) ==
          "1: '# One': listing or table 1 is not the English one; copy it\n");
    CHECK(translation_problems(chinese("```sh\n./go test\n```\n", "")) ==
          "1: '# One': has 0 listings and tables, the English one 1\n");
    CHECK(translation_problems(chinese("(core/one.h)", "(README.md)")) ==
          "1: '# One': has other links than the English section\n");
    CHECK(translation_problems(chinese("(core/one.h)", "(README.zh.md)")) ==
          "1: '# One': has other links than the English section\n");
    CHECK(translation_problems(chinese("## 二", "### 二")) == "8: expected the section '## Two' here\n");
    CHECK(translation_problems(chinese("## 二", "二")).ends_with("1: has 1 sections, the English page 2\n"));
    CHECK(problems({{"A.zh.md", "# 一\n"}}) == "A.zh.md:1: there is no English page beside this translation\n");
}
