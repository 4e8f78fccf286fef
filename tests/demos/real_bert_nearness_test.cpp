#include "demos/real_bert/nearness.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "demos/real_bert/sentences.h"
#include "tests/pretrained/tiny_bert.h"

using namespace ordinal;
using namespace ordinal::demos;
using namespace ordinal::testing;

namespace {

// Vectors in the plane, at these degrees, and tokens that tell them apart.
std::vector<Sentence> at_degrees(const std::vector<double>& degrees) {
    std::vector<Sentence> sentences;
    for (const double d : degrees) {
        const double angle = d * 3.14159265358979 / 180;
        sentences.push_back(
            {{.ids = {2, 9, 3}},
             NdArray({2}, {static_cast<Scalar>(std::cos(angle)), static_cast<Scalar>(std::sin(angle))})});
    }
    return sentences;
}

}    // namespace

TEST_CASE("a file is read line by line whatever ends them") {
    const TempFolder folder;
    const std::string path = folder / "texts";
    using Lines = std::vector<std::string>;
    const auto lines = [&](const std::string& text) {
        write_file(path, text);
        return read_lines(path);
    };
    CHECK(lines("one\ntwo\n") == Lines{"one", "two"});
    CHECK(lines("one\r\n\r\ntwo") == Lines{"one", "", "two"});
    CHECK(lines("\n") == Lines{""});
    CHECK(lines(" a\tb ") == Lines{" a\tb "});
    write_file(path, "");
    CHECK_THROWS_WITH_AS(read_lines(path),
                         ("real_bert: expected a text a line in " + path + ", got an empty file").c_str(), FileError);
    write_file(path, "good\nb\xff\n");
    CHECK_THROWS_WITH_AS(
        read_lines(path),
        (path + ": expected UTF-8, got the byte 255 at offset 6, where no valid character begins; save "
                "the text as UTF-8")
            .c_str(),
        FileError);
    CHECK_THROWS_AS(read_lines(folder / "missing"), FileError);
}

TEST_CASE("the nearest other sentence is named with its cosine") {
    const auto sentences = at_degrees({0, 60, 90, 350});
    const Table table = nearness_table({"a", "b", "c", "d"}, sentences);
    REQUIRE(table.rows.size() == 4);
    CHECK(table.rows[0] == std::vector<std::string>{"0", "a", "3", "-", "3", "0.985"});
    CHECK(table.rows[1] == std::vector<std::string>{"1", "b", "3", "-", "2", "0.866"});
    CHECK(table.rows[2] == std::vector<std::string>{"2", "c", "3", "-", "1", "0.866"});
    CHECK(table.rows[3] == std::vector<std::string>{"3", "d", "3", "-", "0", "0.985"});
    CHECK(nearness_table({"a"}, at_degrees({7})).rows[0] == std::vector<std::string>{"0", "a", "3", "-", "-", "-"});
    const NdArray near = cosines(sentences);
    CHECK(near.shape() == Shape{4, 4});
    for (Index i = 0; i < 4; ++i) CHECK(std::abs(near.at({i, i}) - 1) <= 1e-6);
    CHECK(std::abs(static_cast<double>(near.at({0, 1})) - 0.5) <= 1e-6);
}

TEST_CASE("a row says what of a sentence was lost and shows no more than fits") {
    std::vector<Sentence> sentences = at_degrees({0, 1, 2});
    sentences[0].tokens.unknown = 2;
    sentences[1].tokens.cut = 46;
    sentences[2].tokens.unknown = 1;
    sentences[2].tokens.cut = 1;
    sentences.push_back(at_degrees({3}).front());
    const std::string e = "\xC3\xA9";    // two bytes, one character
    std::string room, more, wide;
    for (int i = 0; i < 46; ++i) room += e;
    for (int i = 0; i < 47; ++i) more += e;
    for (int i = 0; i < 23; ++i) wide += "\xE5\x94\x90";    // one character, as wide as two letters
    const Table table = nearness_table({"tab\there", room, more, wide + "x"}, sentences);
    CHECK(table.rows[3][1] == wide + "...");
    CHECK(table.rows[0][1] == "tab here");
    CHECK(table.rows[1][1] == room);
    CHECK(table.rows[2][1] == room + "...");
    CHECK(table.rows[0][3] == "2 [UNK]");
    CHECK(table.rows[1][3] == "46 cut");
    CHECK(table.rows[2][3] == "1 [UNK], 1 cut");
}

TEST_CASE("the results tell everything about each text") {
    const TempFolder folder;
    const WordPiece words({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ",", "new", "##er", "a"});
    Report report({.out = folder.path(), .about = {.name = "real_bert"}});
    list_texts(report, {"a", "A \"line\" [x]"}, at_degrees({0, 90}), words);
    std::ostringstream out;
    CHECK(report.finish(out) == 0);
    const Json list = read_results(folder / "real_bert.json")["texts"];
    REQUIRE(list.size() == 2);
    CHECK(list[1]["text"] == "A \"line\" [x]");
    CHECK(list[0]["ids"] == std::vector<Index>{2, 9, 3});
    CHECK(list[0]["pieces"] == std::vector<std::string>{"[CLS]", "a", "[SEP]"});
    const std::vector<double> vector = list[1]["vector"];
    REQUIRE(vector.size() == 2);
    CHECK(std::abs(vector[0]) <= 1e-6);
    CHECK(vector[1] == 1);
}

TEST_CASE("a list goes into the results under its own name") {
    const TempFolder folder;
    DemoOptions options{.out = folder.path(), .about = {.name = "real_bert"}};
    Report report(options);
    report.list("texts", Json::array({1, 2}));
    CHECK_THROWS_WITH_AS(report.list("texts", Json::array()),
                         "Report: expected a list under a new name, got 'texts', which is taken", OptionError);
    CHECK_THROWS_WITH_AS(report.list("more", Json::object()),
                         "Report: expected a list under a new name, got 'more', object", OptionError);
    std::ostringstream out;
    CHECK(report.finish(out) == 0);
    CHECK(read_results(folder / "real_bert.json")["texts"] == Json::array({1, 2}));
}
