#include "demos/plot/text.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "tests/temp_folder.h"

using namespace ordinal::demos::plot;

namespace {

// Sets ORDINAL_FONT for one test, and puts back what was there.
class FontVariable {
public:
    explicit FontVariable(const char* value) {
        if (const char* old = std::getenv("ORDINAL_FONT")) old_ = old;
        setenv("ORDINAL_FONT", value, 1);
    }
    ~FontVariable() { old_ ? setenv("ORDINAL_FONT", old_->c_str(), 1) : unsetenv("ORDINAL_FONT"); }
    FontVariable(const FontVariable&) = delete;
    FontVariable& operator=(const FontVariable&) = delete;

private:
    std::optional<std::string> old_;
};

// The smallest rectangle that holds every pixel that is not white.
Rect inked(const Image& image) {
    int left = image.width(), top = image.height(), right = -1, bottom = -1;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            if (image.at(x, y) == white) continue;
            left = std::min(left, x), right = std::max(right, x), top = std::min(top, y), bottom = std::max(bottom, y);
        }
    return {left, top, right - left + 1, bottom - top + 1};
}

bool same(const Image& a, const Image& b) {
    return std::equal(a.bytes(), a.bytes() + 3 * a.width() * a.height(), b.bytes());
}

}    // namespace

TEST_CASE("text stands where it is told to") {
    const Font font(find_font());
    const double width = font.width("HHHH", 20);
    CHECK(width > 40);
    CHECK(width < 80);
    struct Expected {
        Align align;
        double middle;
    };
    for (const auto& [align, middle] : {Expected{Align::left, 100 + width / 2}, Expected{Align::center, 100},
                                        Expected{Align::right, 100 - width / 2}}) {
        Image image(200, 60);
        font.draw(image, "HHHH", 20, {100, 30}, align);
        const Rect ink_box = inked(image);
        CHECK(std::abs(ink_box.x + ink_box.width / 2.0 - middle) <= 1.5);
        CHECK(std::abs(ink_box.y + ink_box.height / 2.0 - 30) <= 1);    // y is the middle of the capitals
        CHECK(ink_box.width <= width + 1);
    }
    Image upwards(60, 200);
    font.draw_upwards(upwards, "HHHH", 20, {30, 100});
    const Rect ink_box = inked(upwards);
    CHECK(ink_box.height > 2 * ink_box.width);
    CHECK(std::abs(ink_box.x + ink_box.width / 2.0 - 30) <= 1.5);
    CHECK(std::abs(ink_box.y + ink_box.height / 2.0 - 100) <= 1.5);
}

TEST_CASE("text read upwards is text turned by a quarter") {
    const Font font(find_font());
    Image across(101, 101), upwards(101, 101);
    font.draw(across, "Lpq7", 16, {50, 50}, Align::center);
    font.draw_upwards(upwards, "Lpq7", 16, {50, 50});
    const Rect a = inked(across), u = inked(upwards);
    REQUIRE(a.width == u.height);
    REQUIRE(a.height == u.width);
    for (int y = 0; y < a.height; ++y)
        for (int x = 0; x < a.width; ++x)
            CHECK(across.at(a.x + x, a.y + y) == upwards.at(u.x + y, u.y + u.height - 1 - x));
}

TEST_CASE("what the font lacks shows as its box and crashes nothing") {
    const Font font(find_font());
    Image unknown(60, 40), another(60, 40), letter(60, 40);
    font.draw(unknown, "\xF0\xB0\x80\x80", 20, {30, 20}, Align::center);    // a rare Chinese character
    font.draw(another, "\xF3\xBF\xBF\xBD", 20, {30, 20}, Align::center);    // private use
    font.draw(letter, "e", 20, {30, 20}, Align::center);
    CHECK(inked(unknown).width > 4);
    CHECK(same(unknown, another));
    CHECK_FALSE(same(unknown, letter));
    Image image(60, 40);
    for (const char* text : {"", "\n\t\x01"}) font.draw(image, text, 20, {30, 20}, Align::right);
    CHECK_THROWS_WITH_AS(font.width("a\xC3", 20), doctest::Contains("Font: expected UTF-8, got the byte 195"),
                         ordinal::OptionError);
}

TEST_CASE("ORDINAL_FONT comes first and an empty one does not count") {
    const FontVariable chosen("/fonts/mine.ttf");
    CHECK(find_font() == "/fonts/mine.ttf");
    const FontVariable empty("");
    const TempFolder folder;
    ordinal::write_file(folder / "b.ttf", "");
    CHECK(find_font({folder / "a.ttf", folder / "b.ttf"}) == folder / "b.ttf");
}

TEST_CASE("without a font the message says how to get one") {
    const FontVariable empty("");
    CHECK_THROWS_WITH_AS(find_font({"/no/font/here.ttf", "/nor/here.ttf"}),
                         "find_font: no DejaVuSans.ttf in the 2 usual places; install it (Debian, Ubuntu: apt install "
                         "fonts-dejavu-core; Fedora: dnf install dejavu-sans-fonts; macOS: brew install --cask "
                         "font-dejavu) or set the environment variable ORDINAL_FONT to the path of a TrueType font",
                         ordinal::FileError);
}

TEST_CASE("a file that is no font or only a part of one is refused by name") {
    const TempFolder folder;
    const std::string path = folder / "font.ttf", whole = ordinal::read_file(find_font());
    const std::string message = "Font: expected a TrueType font, got " + path +
                                ", which is none or is cut short; set ORDINAL_FONT to a .ttf file";
    const std::string poem(1000, 'x');
    for (const std::string& bytes :
         {std::string(), std::string("\0\1\0\0", 4), poem, whole.substr(0, 11), whole.substr(0, 100),
          whole.substr(0, whole.size() / 2), whole.substr(0, whole.size() - 100)}) {
        ordinal::write_file(path, bytes);
        CHECK_THROWS_WITH_AS(Font{path}, message.c_str(), ordinal::FileError);
    }
    CHECK_THROWS_AS(Font{folder / "missing.ttf"}, ordinal::FileError);
}
