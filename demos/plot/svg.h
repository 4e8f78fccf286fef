// The few words of SVG that charts are made of.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

namespace ordinal::demos::plot {

std::string escaped(const std::string& text);    // < > & " become entities

std::string number(double value, const char* format = "%.1f");
std::string number_text(double value);    // for readers: four digits; a dash where there is none

// { {"x", 1}, {"y", 2.5} } is: x="1" y="2.5", each with a space before it.
std::string attributes(std::initializer_list<std::pair<const char*, double>> list);

std::string line_from(double x1, double y1, double x2, double y2, const std::string& style);

// A line of its own; nothing where there is no text. The anchor is what lies at (x, y): start, middle or end.
std::string text_at(double x, double y, const std::string& text, const std::string& anchor = "start",
                    const std::string& style = "");

// How wide text will be, about: which font the reader has is not known here.
double width_of(const std::string& text, double size);

}    // namespace ordinal::demos::plot
