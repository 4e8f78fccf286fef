// What the drawn pictures of the book are made of: lines, arrows, dots, boxes and words on a sheet, as SVG. Each
// docs/pictures/NAME.cpp draws NAME.svg, by printing it; the numbers in it come from the library. To draw one again:
//
//     build/release/bin/draw_three_fates > docs/pictures/three_fates.svg
//
// A test compares what the programs print with what the book shows. Colours are those of the charts, c0 to c6.
#pragma once

#include <cmath>
#include <iostream>
#include <string>
#include <vector>

#include "demos/embedded.h"
#include "demos/plot/svg.h"

namespace drawing {

using ordinal::demos::plot::attributes;
using ordinal::demos::plot::text_at;

struct Point {
    double x = 0, y = 0;
};

class Sheet {
public:
    // what: for readers who cannot see it
    Sheet(double width, double height, const std::string& what)
        : svg_("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\"" +
               attributes({{"width", width}, {"height", height}}) + " viewBox=\"0 0 " +
               ordinal::demos::plot::number(width, "%.5g") + " " + ordinal::demos::plot::number(height, "%.5g") +
               "\" aria-label=\"" + ordinal::demos::plot::escaped(what) + "\">\n<style>\n" + ordinal::demos::chart_css +
               own_style + "</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n") {}

    // style: "line c0", "axis", "grid"
    void line(Point a, Point b, const std::string& style) {
        svg_ += ordinal::demos::plot::line_from(rounded(a.x), rounded(a.y), rounded(b.x), rounded(b.y), style) + "\n";
    }
    void polyline(const std::vector<Point>& points, const std::string& style) {
        std::string all;
        for (const Point& p : points) all += (all.empty() ? "" : " ") + number(p.x) + "," + number(p.y);
        svg_ += "<polyline class=\"" + style + "\" points=\"" + all + "\"/>\n";
    }
    // An arc from a to b that rises `height` above the straight line, with a tip at b.
    void hop(Point a, Point b, double height, const std::string& colour) {
        const Point top{(a.x + b.x) / 2, (a.y + b.y) / 2 - 2 * height};    // the arc comes half as near
        svg_ += "<path class=\"line " + colour + "\" d=\"M" + number(a.x) + " " + number(a.y) + " Q" + number(top.x) +
                " " + number(top.y) + " " + number(b.x) + " " + number(b.y) + "\"/>\n";
        tip(b, std::atan2(b.y - top.y, b.x - top.x), colour);
    }
    void arrow(Point from, Point to, const std::string& colour) {
        line(from, to, "line " + colour);
        tip(to, std::atan2(to.y - from.y, to.x - from.x), colour);
    }
    void dot(Point at, double radius, const std::string& colour) {
        svg_ += "<circle class=\"dot " + colour + "\"" +
                attributes({{"cx", rounded(at.x)}, {"cy", rounded(at.y)}, {"r", radius}}) + "/>\n";
    }
    // full: how much of the colour fills it, 0 to 1
    void box(Point corner, double width, double height, const std::string& colour, double full = 0) {
        svg_ += "<rect class=\"box " + colour + "\"" +
                attributes({{"x", rounded(corner.x)},
                            {"y", rounded(corner.y)},
                            {"width", width},
                            {"height", height},
                            {"fill-opacity", std::round(100 * full) / 100}}) +
                "/>\n";
    }
    // anchor: what lies at the point: start, middle or end.   style: "", "name", "subtitle" or "title"
    void text(Point at, const std::string& words, const std::string& anchor = "middle",
              const std::string& style = "name") {
        svg_ += text_at(rounded(at.x), rounded(at.y), words, anchor, style);
    }

    void print(std::ostream& out = std::cout) const { out << svg_ << "</svg>\n"; }

private:
    static constexpr const char* own_style =
        ".box { fill: currentColor; stroke: currentColor; stroke-width: 1.3; }\n.tip { fill: currentColor; }\n"
        ".thin { stroke-width: 1; }\n";

    // To a tenth of a pixel, so that a picture is the same wherever it is drawn.
    static double rounded(double x) { return std::round(10 * x) / 10 + 0.0; }
    static std::string number(double x) { return ordinal::demos::plot::number(rounded(x), "%.5g"); }

    void tip(Point at, double angle, const std::string& colour) {
        constexpr double length = 9, spread = 0.42;
        const auto corner = [&](double turn) {
            return number(at.x - length * std::cos(angle + turn)) + "," +
                   number(at.y - length * std::sin(angle + turn));
        };
        svg_ += "<polygon class=\"tip " + colour + "\" points=\"" + number(at.x) + "," + number(at.y) + " " +
                corner(spread) + " " + corner(-spread) + "\"/>\n";
    }

    std::string svg_;
};

}    // namespace drawing
