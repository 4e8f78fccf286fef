// Where the sources of this project are, and where this build is. main.cpp alone is compiled with these paths, so that
// the other files of the tests are the same in every folder and a compiler cache knows them.
#pragma once

#include <string>

std::string source_dir();
std::string binary_dir();
