// Is this in the text, and how often?
#pragma once

#include <string>

inline long count(const std::string& text, const std::string& part) {
    long found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
