// An Image becomes a PNG file.
#pragma once

#include <string>

#include "demos/plot/image.h"

namespace ordinal::demos::plot {

// Makes or replaces the file. Throws FileError when it cannot be written; then nothing half-written stays behind.
void save_png(const std::string& path, const Image& image);

}    // namespace ordinal::demos::plot
