#include "demos/plot/text.h"

#define STB_TRUETYPE_IMPLEMENTATION
#define STBTT_STATIC    // private to this file: a student's program may bring its own copy
#include <stb_truetype.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>

#include <ordinal/core/error.h>
#include <ordinal/core/scalar.h>
#include <ordinal/nn/files/file.h>
#include <ordinal/nn/text.h>

namespace ordinal::demos::plot {

std::vector<std::string> usual_font_paths() {
    std::vector<std::string> paths = {
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",      // Debian, Ubuntu
        "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",    // Fedora
        "/usr/share/fonts/dejavu/DejaVuSans.ttf",               // Alpine, older Fedora
        "/usr/share/fonts/TTF/DejaVuSans.ttf",                  // Arch
        "/usr/local/share/fonts/DejaVuSans.ttf",                // by hand
        "/Library/Fonts/DejaVuSans.ttf",                        // macOS
        "/System/Library/Fonts/Supplemental/Arial.ttf",         // macOS, always there
        "/System/Library/Fonts/Helvetica.ttc",
        "/mnt/c/Windows/Fonts/arial.ttf",    // WSL
    };
    if (const char* home = std::getenv("HOME"))
        for (const char* folder : {"/.local/share/fonts/", "/.fonts/", "/Library/Fonts/"})
            paths.push_back(text_of(home, folder, "DejaVuSans.ttf"));
    return paths;
}

std::string find_font(const std::vector<std::string>& paths) {
    if (const char* chosen = std::getenv("ORDINAL_FONT"); chosen && *chosen) return chosen;
    const auto exists = [](const std::string& path) {
        std::error_code no_access;
        return std::filesystem::is_regular_file(path, no_access);
    };
    const auto found = std::find_if(paths.begin(), paths.end(), exists);
    require<FileError>(found != paths.end(), "find_font: no DejaVuSans.ttf in the ", paths.size(),
                       " usual places; install it (Debian, Ubuntu: apt install fonts-dejavu-core; Fedora: dnf install "
                       "dejavu-sans-fonts; macOS: brew install --cask font-dejavu) or set the environment variable "
                       "ORDINAL_FONT to the path of a TrueType font");
    return *found;
}

struct Font::Data {
    std::string file;    // stb reads from here for as long as the font lives
    stbtt_fontinfo info{};

    const unsigned char* bytes() const { return reinterpret_cast<const unsigned char*>(file.data()); }
};

namespace {

// Does the file hold every table that its table of contents names? stb does not look, and would read past the end.
bool holds_its_tables(std::string_view file, std::size_t start) {
    const auto number = [&](std::size_t at, std::size_t size) {    // big-endian, as everything in a font
        std::size_t value = 0;
        for (std::size_t k = 0; k < size; ++k) value = value << 8 | static_cast<unsigned char>(file[at + k]);
        return value;
    };
    if (start + 12 > file.size()) return false;
    const std::size_t count = number(start + 4, 2);
    if (start + 12 + 16 * count > file.size()) return false;    // 16 bytes a table: tag, checksum, offset, length
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t entry = start + 12 + 16 * i;
        if (number(entry + 8, 4) + number(entry + 12, 4) > file.size()) return false;
    }
    return true;
}

struct Ink {
    // How much of each pixel {x, y} is covered, 0..255. The pen starts at {0, 0}, on the line that letters stand on; y
    // grows downwards.
    std::map<std::pair<int, int>, std::uint8_t> pixels;
    double width = 0, capital_height = 0;
};

Ink ink_of(const stbtt_fontinfo* font, std::string_view text, double size) {
    const float scale = stbtt_ScaleForMappingEmToPixels(font, static_cast<float>(size));
    Ink drawn;
    int units = 0, previous = 0, x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    float pen = 0;
    const auto move = [&](int by) {
        units += by;
        pen += scale * static_cast<float>(by);
    };
    for (const char32_t point : decode_utf8(text, "Font")) {
        const int glyph = stbtt_FindGlyphIndex(font, static_cast<int>(point));    // 0, the font's box, when it has none
        if (previous) move(stbtt_GetGlyphKernAdvance(font, previous, glyph));
        const float whole = std::floor(pen), shift = pen - whole;    // the fraction moves the outline, not the pixels
        stbtt_GetGlyphBitmapBoxSubpixel(font, glyph, scale, scale, shift, 0, &x0, &y0, &x1, &y1);
        const int w = x1 - x0, h = y1 - y0;
        std::vector<std::uint8_t> covered(static_cast<std::size_t>(Index{w} * h));
        stbtt_MakeGlyphBitmapSubpixel(font, covered.data(), w, h, w, scale, scale, shift, 0, glyph);
        for (int y = 0; y < h; ++y)
            for (int x = 0; x < w; ++x) {    // letters may overlap
                std::uint8_t& there = drawn.pixels[{static_cast<int>(whole) + x0 + x, y0 + y}];
                there = std::max(there, covered[static_cast<std::size_t>(Index{y} * w + x)]);
            }
        int advance = 0, bearing = 0;
        stbtt_GetGlyphHMetrics(font, glyph, &advance, &bearing);
        move(advance);
        previous = glyph;
    }
    drawn.width = double(scale) * units;
    drawn.capital_height = stbtt_GetCodepointBox(font, 'H', &x0, &y0, &x1, &y1) ? double(scale) * y1 : 0.7 * size;
    return drawn;
}

}    // namespace

Font::Font(const std::string& path) {
    const auto data = std::make_shared<Data>();
    data->file = read_file(path);
    const int start = data->file.size() >= 16 ? stbtt_GetFontOffsetForIndex(data->bytes(), 0) : -1;
    require<FileError>(start >= 0 && holds_its_tables(data->file, static_cast<std::size_t>(start)) &&
                           stbtt_InitFont(&data->info, data->bytes(), start) != 0,
                       "Font: expected a TrueType font, got ", path,
                       ", which is none or is cut short; set ORDINAL_FONT to a .ttf file");
    data_ = data;
}

double Font::width(std::string_view text, double size) const { return ink_of(&data_->info, text, size).width; }

void Font::draw(Image& image, std::string_view text, double size, Point at, Align align) const {
    const Ink drawn = ink_of(&data_->info, text, size);
    const double share = align == Align::left ? 0 : align == Align::center ? 0.5 : 1;
    const auto left = static_cast<int>(std::lround(at.x - share * drawn.width));
    const auto line = static_cast<int>(std::lround(at.y + drawn.capital_height / 2));
    for (const auto& [pixel, covered] : drawn.pixels)
        image.blend(left + pixel.first, line + pixel.second, ink, covered / 255.0);
}

void Font::draw_upwards(Image& image, std::string_view text, double size, Point at) const {
    const Ink drawn = ink_of(&data_->info, text, size);
    const auto line = static_cast<int>(std::lround(at.x + drawn.capital_height / 2));
    const auto bottom = static_cast<int>(std::lround(at.y + std::ceil(drawn.width) / 2)) - 1;
    for (const auto& [pixel, covered] : drawn.pixels)
        image.blend(line + pixel.second, bottom - pixel.first, ink, covered / 255.0);
}

}    // namespace ordinal::demos::plot
