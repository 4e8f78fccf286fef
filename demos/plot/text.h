// Words on a picture: a TrueType font, drawn antialiased.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "demos/plot/image.h"

namespace ordinal::demos::plot {

enum class Align { left, center, right };

class Font {
public:
    // Throws FileError when the file cannot be read or is no whole TrueType font. Use fonts you trust: beyond the
    // table of contents the file's insides are believed.
    explicit Font(const std::string& path);

    // Sizes are in pixels as on web pages (one em). The text is UTF-8 (else OptionError); what the font lacks shows as
    // the font's box.
    double width(std::string_view text, double size) const;

    // x is the text's left end, middle or right end; y is the middle of its capital letters and digits.
    void draw(Image& image, std::string_view text, double size, Point at, Align align) const;

    // Reads upwards; `at` is the middle of the text.
    void draw_upwards(Image& image, std::string_view text, double size, Point at) const;

private:
    struct Data;
    std::shared_ptr<const Data> data_;
};

// Where DejaVu Sans (or a stand-in) lies on Debian, Fedora, Arch, macOS and Windows' disk under WSL.
std::vector<std::string> usual_font_paths();

// The environment variable ORDINAL_FONT if it is set, else the first of the paths that exists.
// Throws FileError, saying how to install a font, when there is none.
std::string find_font(const std::vector<std::string>& paths = usual_font_paths());

}    // namespace ordinal::demos::plot
