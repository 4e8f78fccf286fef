#include "demos/corpus/poems.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <ordinal/core/error.h>
#include "tests/temp_folder.h"

using namespace ordinal;

namespace {

// A file with the given bytes that lives as long as this object.
struct TextFile {
    TempFolder folder;
    std::string path = folder / "poems.txt";

    explicit TextFile(const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }
};

std::vector<Poem> poems_in(const std::string& bytes) { return read_poems(TextFile(bytes).path); }

}    // namespace

TEST_CASE("a fortune file loses colours and titles and authors") {
    const auto poems = poems_in(
        "\x1b[32m《送别》\x1b[m\n"
        "\x1b[33m作者：王维\x1b[m\n"
        "下马饮君酒，\n"
        "\n"
        "\x1b[1;31m问君何所之。\x1b[0m\n"
        "%\n"
        "《无题》\n"
        "相见时难别亦难，东风无力百花残。\n"
        "%\n");
    REQUIRE(poems.size() == 2);
    CHECK(poems[0].title == "送别");
    CHECK(poems[0].author == "王维");
    CHECK(poems[0].text == U"下马饮君酒，问君何所之。");
    CHECK(poems[0].meter == Meter::five);
    CHECK(poems[1].title == "无题");
    CHECK(poems[1].author == "");
    CHECK(poems[1].text == U"相见时难别亦难，东风无力百花残。");
    CHECK(poems[1].meter == Meter::seven);
}

TEST_CASE("a text without percent signs is cut at blank lines") {
    const auto poems = poems_in("《一》\n\n下马饮君酒，\n问君何所之。\n\n\n相见时难别亦难。\n");
    REQUIRE(poems.size() == 2);
    CHECK(poems[0].title == "一");    // the blank line between a title and its poem does no harm
    CHECK(poems[0].text == U"下马饮君酒，问君何所之。");
    CHECK(poems[1].title == "");
    CHECK(poems[1].text == U"相见时难别亦难。");
}

TEST_CASE("a byte order mark and CRLF and spaces around lines are ignored") {
    const auto poems = poems_in("\xEF\xBB\xBF下马饮君酒，\r\n　问君何所之。 \r\n%\r\n相见时难别亦难。\r\n");
    REQUIRE(poems.size() == 2);
    CHECK(poems[0].text == U"下马饮君酒，问君何所之。");
    CHECK(poems[1].text == U"相见时难别亦难。");
}

TEST_CASE("an escape character that starts no colour stays in the text") {
    CHECK(poems_in("a\x1b[3xb\x1b[")[0].text == U"a\x1b[3xb\x1b[");
}

TEST_CASE("the meter is the length of every stretch between punctuation marks") {
    CHECK(meter_of(U"下马饮君酒，问君何所之。") == Meter::five);
    CHECK(meter_of(U"下马饮君酒，问君何所之") == Meter::five);
    CHECK(meter_of(U"下马饮君酒！问君何所之？但去莫复问；白云无尽时：下马饮君酒、") == Meter::five);
    CHECK(meter_of(U"相见时难别亦难，东风无力百花残。") == Meter::seven);
    CHECK(meter_of(U"下马饮君酒，问君何所") == Meter::mixed);    // the last stretch counts without a mark behind it
    CHECK(meter_of(U"下马饮君酒，东风无力百花残。") == Meter::mixed);
    CHECK(meter_of(U"下马饮君酒问君何所之。") == Meter::mixed);
    CHECK(meter_of(U"fives, ascii") == Meter::mixed);
    CHECK(meter_of(U"，。") == Meter::mixed);
    CHECK(meter_of(U"") == Meter::mixed);
}

TEST_CASE("verse repeats with the period of its line and its couplet") {
    CHECK(line_period(Meter::five) == 6);
    CHECK(line_period(Meter::seven) == 8);
    CHECK(couplet_period(Meter::five) == 12);
    CHECK(couplet_period(Meter::seven) == 16);
    CHECK_THROWS_WITH_AS(line_period(Meter::mixed), "line_period: expected five- or seven-character verse, got mixed",
                         OptionError);
    CHECK(std::string(meter_name(Meter::five)) == "five-character");
    CHECK(std::string(meter_name(Meter::seven)) == "seven-character");
    CHECK(std::string(meter_name(Meter::mixed)) == "mixed");
}

TEST_CASE("a file without a poem is refused") {
    for (const char* bytes : {"", "\n \r\n", "%\n%\n", "《题》\n作者：某\n", "\xEF\xBB\xBF"}) {
        const TextFile file(bytes);
        CHECK_THROWS_WITH_AS(read_poems(file.path),
                             ("corpus: expected poems in " + file.path +
                              ", got no line of text; separate poems by a blank line or by a line with %")
                                 .c_str(),
                             FileError);
    }
}

TEST_CASE("a file that is not UTF-8 is refused with the offset") {
    const TextFile file("abc\n\xD0\xC2");
    CHECK_THROWS_WITH_AS(read_poems(file.path),
                         ("corpus: " + file.path +
                          ": expected UTF-8 text, got the byte 0xD0 at offset 4, which starts no valid character; save "
                          "the file as UTF-8")
                             .c_str(),
                         FileError);
}

TEST_CASE("missing poems come with the ways to get some") {
    CHECK_THROWS_WITH_AS(load_corpus("", "/nowhere/tang300"),
                         "corpus: expected the Tang poems in /nowhere/tang300, got no such file; install them (apt-get "
                         "install fortunes-zh) or give a text of your own: --corpus FILE",
                         FileError);
    CHECK_THROWS_AS(load_corpus("/nowhere/mine.txt", "/nowhere/tang300"), FileError);
    CHECK_THROWS_AS(load_corpus(TempFolder().path()), FileError);    // a directory
}

TEST_CASE("a text of the reader's own takes the place of the installed poems") {
    const TextFile file("一二三四五，");
    CHECK(load_corpus(file.path, "/nowhere/tang300")[0].text == U"一二三四五，");
    CHECK(load_corpus("", file.path)[0].text == U"一二三四五，");
}

TEST_CASE("poems are chosen by meter in their order") {
    const auto poems = poems_in("一二三四五，\n\n一二三四五六七，\n\n五四三二一，\n\n一，");
    const auto five = with_meter(poems, Meter::five);
    REQUIRE(five.size() == 2);
    CHECK(five[0].text == U"一二三四五，");
    CHECK(five[1].text == U"五四三二一，");
    CHECK(with_meter(poems, Meter::mixed).size() == 1);
}

TEST_CASE("a printed poem says in English what it is and shows one couplet a line") {
    std::ostringstream out;
    print_poem(out, {"送别", "王维", U"下马饮君酒，问君何所之。君言不得意，", Meter::five});
    print_poem(out, {"", "", U"相见时难别亦难，", Meter::seven});
    print_poem(out, {"", "某", U"一，二三。", Meter::mixed});
    CHECK(out.str() ==
          "A Chinese poem, titled 送别, by 王维: five characters and a punctuation mark, over and over. One couplet a "
          "line:\n"
          "    下马饮君酒，问君何所之。\n"
          "    君言不得意，\n"
          "A Chinese poem: seven characters and a punctuation mark, over and over. One couplet a line:\n"
          "    相见时难别亦难，\n"
          "A text, by 某, with lines of different lengths:\n"
          "    一，二三。\n");
}

TEST_CASE("a long poem is printed only so far") {
    std::ostringstream out;
    print_poem(out, {"", "", U"一二三四五，一二三四五。六七八九十，六七八九十。", Meter::five}, 1);
    CHECK(out.str() ==
          "A Chinese poem: five characters and a punctuation mark, over and over. One couplet a line:\n"
          "    一二三四五，一二三四五。\n"
          "    (and so on: 24 characters in all)\n");
}

// Counted by an independent program over the package fortunes-zh 2.98.
TEST_CASE("the installed Tang poems have the known numbers" *
          doctest::skip(!std::filesystem::exists(tang_poems_path))) {
    const auto poems = load_corpus("");
    const auto characters = [&](Meter meter) {
        std::size_t sum = 0;
        for (const Poem& poem : with_meter(poems, meter)) sum += poem.text.size();
        return sum;
    };
    CHECK(poems.size() == 313);
    CHECK(with_meter(poems, Meter::five).size() == 155);
    CHECK(with_meter(poems, Meter::seven).size() == 136);
    CHECK(with_meter(poems, Meter::mixed).size() == 22);
    CHECK(characters(Meter::five) == 7560);
    CHECK(characters(Meter::seven) == 10152);
    for (const Poem& poem : poems) CHECK_FALSE(poem.author.empty());
}
