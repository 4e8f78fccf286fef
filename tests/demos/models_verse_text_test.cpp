#include "demos/models/verse_text.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <ordinal/core/error.h>
#include "tests/places.h"
#include "tests/temp_folder.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

// A file with the given bytes that lives as long as this object.
struct TextFile {
    TempFolder folder;
    std::string path = folder / "poems.txt";

    explicit TextFile(const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }
};

Verse verse_in(const std::string& bytes) {
    const TextFile file(bytes);
    return read_verse({.name = "a test", .file = file.path, .least_lines = 1});
}

std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

const std::u32string chinese = U"，。！？；：、";

}    // namespace

TEST_CASE("a fortune file loses its colours and keeps titles and poets apart from the text") {
    const Verse verse = verse_in(
        "\x1b[32m《送别》\x1b[m\n"
        "\x1b[33m作者：王维\x1b[m\n"
        "下马饮君酒，\n"
        "\n"
        "\x1b[1;31m问君何所之。\x1b[0m\n"
        "%\n"
        "《无题》\n"
        "相见时难别亦难，东风无力百花残。\n"
        "%\n");
    REQUIRE(verse.poems.size() == 2);
    CHECK(verse.poems[0].heading == "《送别》 作者：王维");
    CHECK((verse.poems[0].text == U"下马饮君酒，问君何所之。"));
    CHECK(verse.poems[0].period == 6);
    CHECK(verse.poems[1].heading == "《无题》");
    CHECK((verse.poems[1].text == U"相见时难别亦难，东风无力百花残。"));
    CHECK(verse.poems[1].period == 8);
}

TEST_CASE("the tunes that come with the book are bars of six letters and a line end") {
    const Verse verse = read_verse({.name = "jigs", .file = source_dir() + "/docs/texts/jigs.txt"});
    CHECK(verse.period() == 7);
    CHECK(verse.with_period(7).size() == 100);
    std::map<std::size_t, int> tunes;    // by bars
    for (const Poem& tune : verse.poems) ++tunes[tune.text.size() / 7];
    CHECK(tunes ==
          std::map<std::size_t, int>{{12, 80}, {16, 20}});    // the longer ones are evaluated beyond the trained length
}

TEST_CASE("a text without percent signs is cut at blank lines") {
    const Verse verse = verse_in("《一》\n\n下马饮君酒，\n问君何所之。\n\n\n相见时难别亦难。\n");
    REQUIRE(verse.poems.size() == 2);
    CHECK(verse.poems[0].heading == "《一》");    // the blank line between a title and its poem does no harm
    CHECK((verse.poems[0].text == U"下马饮君酒，问君何所之。"));
    CHECK(verse.poems[1].heading == "");
}

TEST_CASE("a byte order mark and CRLF and spaces around lines are ignored") {
    const Verse verse = verse_in("\xEF\xBB\xBF下马饮君酒，\r\n　问君何所之。 \r\n%\r\n相见时难别亦难。\r\n");
    REQUIRE(verse.poems.size() == 2);
    CHECK((verse.poems[0].text == U"下马饮君酒，问君何所之。"));
}

TEST_CASE("the period is the length of every stretch between marks with its mark") {
    CHECK(period_of(U"下马饮君酒，问君何所之。", chinese) == 6);
    CHECK(period_of(U"下马饮君酒，问君何所之", chinese) == 6);
    CHECK(period_of(U"下马饮君酒！问君何所之？但去莫复问；白云无尽时：下马饮君酒、", chinese) == 6);
    CHECK(period_of(U"相见时难别亦难，。东风无力百花残。", chinese) == 8);
    CHECK(period_of(U"下马饮君酒，问君何所", chinese) == 0);    // the last stretch counts without a mark behind it
    CHECK(period_of(U"下马饮君酒，东风无力百花残。", chinese) == 0);
    CHECK(period_of(U"abcd\nefgh\n", U"\n") == 5);
    CHECK(period_of(U"，。", chinese) == 0);
    CHECK(period_of(U"", chinese) == 0);
}

TEST_CASE("the lines of a text without Chinese marks are its lines of verse") {
    const Verse verse = verse_in("abcd\nefgh\n\nabcd\nbcde\ncdef\n\nno verse\nat all\n");
    CHECK((verse.marks == U"\n"));
    CHECK((verse.poems[0].text == U"abcd\nefgh\n"));
    CHECK(verse.periods == std::vector<Index>{5});
    CHECK(verse.with_period(5).size() == 2);
    CHECK(couplet_of(verse.period()) == 10);
}

TEST_CASE("the two commonest line lengths are taken and the main one has most poems") {
    const Verse verse =
        verse_in(repeated("一二三四五六七，\n\n", 3) + repeated("一二三四五，\n\n", 4) + repeated("一二三，\n\n", 2));
    CHECK(verse.periods == std::vector<Index>{6, 8});
    CHECK(characters_a_line(6) == "five");
    CHECK(characters_a_line(11) == "10");
}

TEST_CASE("a text that has too few lines of one length says how many it has") {
    const auto refused = [](const std::string& bytes, const std::string& found) {
        const TextFile file(bytes);
        CHECK_THROWS_WITH_AS(load_verse(file.path),
                             ("corpus: expected at least 48 lines of one length, got " + found + " in " + file.path +
                              "; bring more or longer poems, with a blank line between two")
                                 .c_str(),
                             FileError);
    };
    refused(repeated("abcd\nefgh\nijkl\n\n", 15) + "abc\n\nab\nabc",
            "1 lines of 3 characters, 45 lines of 4 characters");
    for (const char* bytes : {"", "\n \r\n", "%\n%\n", "《题》\n作者：某\n", "\xEF\xBB\xBF", "ab\nabc\n"})
        refused(bytes, "no poem whose lines are all of one length");
    const TextFile enough(repeated("abcd\nefgh\nijkl\n\n", 16));
    CHECK(load_verse(enough.path).period() == 5);
}

TEST_CASE("a file that is not UTF-8 is refused with the offset") {
    const TextFile file("abc\n\xD0\xC2");
    CHECK_THROWS_WITH_AS(load_verse(file.path),
                         ("corpus: " + file.path +
                          ": expected UTF-8, got the byte 208 at offset 4, where no valid character begins; save the "
                          "text as UTF-8")
                             .c_str(),
                         OptionError);
}

TEST_CASE("a file that is not there is an error") {
    CHECK_THROWS_AS(load_verse("/nowhere/mine.txt"), FileError);
    CHECK_THROWS_AS(load_verse(TempFolder().path()), FileError);    // a directory
}

TEST_CASE("the poems that come along stand in for those that are not installed and no claim is about them") {
    const Verse verse = load_verse("", "/nowhere/tang300");
    CHECK(verse.poems.size() == 75);
    CHECK(verse.with_period(6).size() == 75);
    CHECK(verse.periods == std::vector<Index>{6});
    for (const Poem& poem : verse.poems) CHECK(poem.heading.find(" 作者：") != std::string::npos);
    CHECK(about_bands(verse) ==
          "This run reads 75 Tang poems that come with Ordinal. The claims are about the Tang poems of Debian's "
          "package fortunes-zh, so that none is judged here.\n");
}

TEST_CASE("a printed poem says in English what it is and shows one couplet a line") {
    std::ostringstream out;
    print_poem(out, verse_in("《送别》\n作者：王维\n下马饮君酒，问君何所之。君言不得意，\n"));
    print_poem(out, verse_in("abcd\nefgh\nijkl\n"));
    print_poem(out, verse_in(repeated("一二三，", 9)));
    CHECK(out.str() ==
          "《送别》 作者：王维\n"
          "A poem: five characters and a mark, over and over. One couplet a line:\n"
          "    下马饮君酒，问君何所之。\n"
          "    君言不得意，\n"
          "A poem: four characters and a mark, over and over. One couplet a line:\n"
          "    abcd/efgh/\n"
          "    ijkl/\n"
          "A poem: three characters and a mark, over and over. One couplet a line:\n" +
              repeated("    一二三，一二三，\n", 4));
}

// Counted by an independent program over the package fortunes-zh 2.98.
TEST_CASE("the installed Tang poems have the known numbers" *
          doctest::skip(!std::filesystem::exists(tang_poems_file))) {
    const Verse verse = load_verse("");
    const auto characters = [&](Index period) {
        std::size_t sum = 0;
        for (const Poem& poem : verse.with_period(period)) sum += poem.text.size();
        return sum;
    };
    CHECK(verse.poems.size() == 313);
    CHECK(verse.with_period(6).size() == 155);
    CHECK(verse.with_period(8).size() == 136);
    CHECK(characters(6) == 7560);
    CHECK(characters(8) == 10152);
    for (const Poem& poem : verse.poems) CHECK(poem.heading.find(" 作者：") != std::string::npos);
    CHECK(about_bands(verse) == "");
    CHECK(about_bands(load_verse(tang_poems.file)) == "");
    CHECK(verse.periods == std::vector<Index>{6, 8});
}

TEST_CASE("the poems in the tree are spelled as the installed ones are" *
          doctest::skip(!std::filesystem::exists(tang_poems_file))) {
    const Verse all = load_verse("");
    for (const Poem& poem : read_verse(few_tang_poems).poems)
        CHECK(std::any_of(all.poems.begin(), all.poems.end(),
                          [&](const Poem& other) { return other.text == poem.text; }));
}
