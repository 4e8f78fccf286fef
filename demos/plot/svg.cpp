#include "demos/plot/svg.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace ordinal::demos::plot {

std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : text)
        safe += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
    return safe;
}

std::string number(double value, const char* format) {
    char text[32];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

std::string number_text(double value) { return std::isnan(value) ? "–" : number(value, "%.4g"); }

std::string attributes(std::initializer_list<std::pair<const char*, double>> list) {
    std::string text;
    for (const auto& [name, value] : list) text += std::string(" ") + name + "=\"" + number(value, "%.5g") + "\"";
    return text;
}

std::string line_from(double x1, double y1, double x2, double y2, const std::string& style) {
    return "<line class=\"" + style + "\"" + attributes({{"x1", x1}, {"y1", y1}, {"x2", x2}, {"y2", y2}}) + "/>";
}

std::string text_at(double x, double y, const std::string& text, const std::string& anchor, const std::string& style) {
    if (text.empty()) return "";
    return "<text" + (style.empty() ? "" : " class=\"" + style + "\"") + attributes({{"x", x}, {"y", y}}) +
           " text-anchor=\"" + anchor + "\">" + escaped(text) + "</text>\n";
}

double width_of(const std::string& text, double size) {
    constexpr double letter = 0.58;    // its width, as a share of its size
    const auto letters = std::ranges::count_if(text, [](char byte) { return (byte & 0xC0) != 0x80; });    // UTF-8
    return letter * size * static_cast<double>(letters);
}

}    // namespace ordinal::demos::plot
