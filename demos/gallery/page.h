// The gallery: one HTML page that shows what the demos found. It needs nothing but itself: pictures are inside, there
// are no scripts and no fonts to load, and it works from a file, on a phone, in the dark and read aloud.
//
// page.html and style.css say what it looks like.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "demos/lab/results.h"

namespace ordinal::demos {

// `folder` holds the pictures and will hold the page; `root` is the project's folder, for links to chapters and
// sources. Throws FileError: a picture that cannot be read.
std::string gallery_page(const std::vector<Json>& demos, const std::string& folder, const std::string& root);

// The results in `folder` of those of the demos that have left some, in that order; of all, by name, where none is
// named. What is no result of a demo is told on `warnings` and left out.
std::vector<Json> results_in(const std::string& folder, std::vector<std::string> names, std::ostream& warnings);

// Pictures that are not there, or that another run has drawn: told on `warnings`, and no longer among those of a demo.
void leave_out_foreign_pictures(std::vector<Json>& demos, const std::string& folder, std::ostream& warnings);

std::string base64(const std::string& bytes);

}    // namespace ordinal::demos
