// The gallery: one HTML page that shows what the demos found. It needs nothing but itself: pictures are inside, there
// are no scripts and no fonts to load, and it works from a file, on a phone, in the dark and read aloud.
#pragma once

#include <string>
#include <vector>

#include "demos/lab/results.h"

namespace ordinal {

// `folder` holds the pictures and will hold the page; `root` is the project's folder, for links to chapters and
// sources. Throws FileError: a picture that is missing.
std::string gallery_page(const std::vector<Results>& demos, const std::string& folder, const std::string& root);

// The demos of which there are results in `folder`: first those named, in that order, then the others by name. What is
// no result of a demo is named on `warnings` and left out.
std::vector<Results> results_in(const std::string& folder, const std::vector<std::string>& order,
                                std::ostream& warnings);

}    // namespace ordinal
