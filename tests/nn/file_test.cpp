#include <ordinal/nn/files/file.h>

#include <doctest/doctest.h>

#include <filesystem>
#include <ostream>
#include <stdexcept>
#include <string>

#include <ordinal/core/error.h>
#include "tests/core/grouping_locale.h"
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

TEST_CASE("where nothing can be written is a FileError and nothing stays behind") {    // its words: file_unix_test.cpp
    const TempFolder folder;
    write_file(folder / "file", "");
    std::filesystem::create_directory(folder / "folder");
    for (const char* place : {"file/child", "no/child", "folder"})
        CHECK_THROWS_AS(write_file(folder / place, "x"), FileError);
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

TEST_CASE("the longest file name can be written") {
    const TempFolder folder;
    const std::string name(255, 'n');
    write_file(folder / name, "x");
    CHECK(read_file(folder / name) == "x");
}

TEST_CASE("numbers in a written file are the same in every locale") {
    const TempFolder folder;
    const GroupingLocale there;
    write_file(folder / "x", [](std::ostream& out) { out << 12345.5; });
    CHECK(read_file(folder / "x") == "12345.5");
}

TEST_CASE("a path with a zero byte and a function that is none are refused") {
    const TempFolder folder;
    const std::string path = (folder / "file") + std::string("\0more", 5);
    CHECK_THROWS_WITH_AS(write_file(path, "x"),
                         ("write_file: the path '" + (folder / "file") +
                          "...' has a zero byte in it, and no file can have that in its name")
                             .c_str(),
                         FileError);
    CHECK_THROWS_AS(read_file(path), FileError);
    CHECK(!std::filesystem::exists(folder / "file"));
    CHECK_THROWS_WITH_AS(
        write_file(folder / "file", std::function<void(std::ostream&)>()),
        ("write_file: expected a function that writes " + (folder / "file") + ", got an empty one").c_str(),
        ordinal::OptionError);
}
