// Files, read whole and written whole.
//
// Writing goes to a temporary name beside the target; only when every byte has arrived is it renamed. Whoever looks
// sees the old file or the new one, never half of one, and a failure leaves nothing behind.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

namespace ordinal {

// All bytes of a file, or of a pipe until its end. Throws FileError when the path is missing, is a folder, cannot be
// read, or holds more than 2 GiB.
std::string read_file(const std::string& path);

// Makes a file, or replaces it and keeps its mode and, as far as the system allows it, its owner. Symbolic links are
// followed: the file at their end gets the new text. Another hard link of the file keeps the old text: the new file is
// another one, or nobody could see the old one until it is complete. What is no regular file (a pipe, a terminal) and
// an open file of this process (/dev/stdout, /dev/fd/1) is written into, behind what stands there, and never replaced.
// Throws FileError when the folder is missing, a place may not be written, or the disk is full; on Windows also where
// somebody has the file open.
void write_file(const std::string& path, std::string_view bytes);

// The same for content that is produced piece by piece, in the classic locale. An exception thrown by `write` is passed
// on.
void write_file(const std::string& path, const std::function<void(std::ostream&)>& write);

}    // namespace ordinal
