#include <ordinal/nn/file.h>

#include <doctest/doctest.h>

#include <filesystem>
#include <ostream>
#include <stdexcept>
#include <string>

#include <ordinal/core/error.h>
#include "tests/temp_folder.h"

using ordinal::FileError;
using ordinal::read_file;
using ordinal::write_file;

TEST_CASE("what is written is read back byte for byte") {
    const TempFolder folder;
    std::string bytes(200'000, '\0');    // longer than one block of read_file
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7 % 256);
    for (const std::string& content : {bytes, std::string(), std::string("a\r\nb\n\0c", 7)}) {
        write_file(folder / "file", content);
        CHECK(read_file(folder / "file") == content);
    }
    CHECK(folder.file_count() == 1);
}

TEST_CASE("a writer that fails leaves the old file and nothing else") {
    const TempFolder folder;
    write_file(folder / "file", "old");
    CHECK_THROWS_WITH_AS(write_file(folder / "file",
                                    [](std::ostream& out) {
                                        out << "half of the n";
                                        throw std::runtime_error("out of numbers");
                                    }),
                         "out of numbers", std::runtime_error);
    CHECK_THROWS_AS(write_file(folder / "file", [](std::ostream& out) { out.setstate(std::ios::failbit); }), FileError);
    CHECK(read_file(folder / "file") == "old");
    CHECK(folder.file_count() == 1);
}

TEST_CASE("an unwritable place is named and nothing stays behind") {
    const TempFolder folder;
    write_file(folder / "file", "");
    const std::string below_a_file = folder / "file/child";
    CHECK_THROWS_WITH_AS(write_file(below_a_file, "x"),
                         ("write_file: cannot create " + below_a_file +
                          ": Not a directory; check that its folder exists and may be written")
                             .c_str(),
                         FileError);
    std::filesystem::create_directory(folder / "folder");
    CHECK_THROWS_WITH_AS(write_file(folder / "folder", "x"),
                         ("write_file: cannot replace " + (folder / "folder") + ": Is a directory").c_str(), FileError);
    CHECK(folder.file_count() == 2);    // the file and the folder
}

TEST_CASE("an unreadable file is named") {
    const TempFolder folder;
    const std::string missing = folder / "missing";
    CHECK_THROWS_WITH_AS(read_file(missing),
                         ("read_file: cannot open " + missing + ": No such file or directory").c_str(), FileError);
    CHECK_THROWS_WITH_AS(read_file(folder.path()), ("read_file: " + folder.path() + " is a folder, not a file").c_str(),
                         FileError);
}
