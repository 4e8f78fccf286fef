// The gallery: one HTML page that shows what the demos found. It needs nothing but itself: pictures are inside, there
// are no scripts and no fonts to load, and it works from a file, on a phone, in the dark and read aloud.
//
// page.html and style.css say what it looks like.
#pragma once

#include <string>
#include <vector>

#include "demos/lab/results.h"

namespace ordinal::demos {

// `folder` holds the pictures and will hold the page; `root` is the project's folder, for links to chapters and
// sources. Throws FileError: a picture that cannot be read.
std::string gallery_page(const std::vector<Json>& demos, const std::string& folder, const std::string& root);

std::string base64(const std::string& bytes);

}    // namespace ordinal::demos
