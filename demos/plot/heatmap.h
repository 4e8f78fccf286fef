// A matrix as a picture, and several of them side by side on one colour scale.
//
//     draw_grid("BERT's table", {{.title = "before", .values = B}, {.title = "after", .values = A}}, 2)
#pragma once

#include <string>
#include <vector>

#include <ordinal/core/nd_array.h>
#include "demos/plot/colormap.h"
#include "demos/plot/image.h"

namespace ordinal::demos::plot {

struct Heatmap {
    std::string title = {};                // UTF-8, one line
    NdArray values = {};                   // [rows, columns]; NaN is drawn grey
    std::string x_label = "position j";    // columns, from the left
    std::string y_label = "position i";    // rows, from the top
    std::string value_label = {};          // what the colours measure
    Colormap colormap = Colormap::diverging;
    Range range = {-1, 1};            // of the colours: a cosine's; what is beyond has the colour of its end
    std::vector<Index> marks = {};    // a thin line before this row and this column, e.g. the trained length
    Index tick_step = 0;              // ticks at 0, step, 2 step, ...; 0 chooses
};

// Panels in reading order, `columns` to a row. All share one colour bar, so that equal colours mean equal values; they
// must therefore have one colormap and one range (else OptionError).
// Where all panels name their axes alike, the names stand at the outer edges only. One cell is a whole number of pixels
// wide and high, so that every cell of a panel has the same size.
// Throws ShapeError (values not [rows, columns], or empty, or too many for a picture), IndexError (a mark beyond both
// axes), OptionError (a range that is no range, a tick_step below 0), FileError (no font).
Image draw_grid(const std::string& title, const std::vector<Heatmap>& panels, int columns);

}    // namespace ordinal::demos::plot
