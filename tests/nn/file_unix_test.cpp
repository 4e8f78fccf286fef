// Files as Unix has them: links, modes, owners, pipes and devices, and the words of its system for what is wrong.
#if defined(__unix__) || defined(__APPLE__)

#include <ordinal/nn/files/file.h>

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>

#include <ordinal/core/error.h>
#include "tests/temp_folder.h"

using ordinal::FileError;
using ordinal::read_file;
using ordinal::write_file;

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

TEST_CASE("a link stays and the file at its end gets the new text") {
    const TempFolder folder;
    namespace fs = std::filesystem;
    fs::create_directory(folder / "data");
    write_file(folder / "data/target", "old");
    fs::create_symlink("data/target", folder / "link");    // relative to the link's folder
    fs::create_symlink(folder / "link", folder / "second");
    fs::create_symlink("data/new", folder / "dangling");
    write_file(folder / "second", "new");
    write_file(folder / "dangling", "made");
    CHECK(fs::is_symlink(folder / "link"));
    CHECK(fs::is_symlink(folder / "second"));
    CHECK(fs::is_symlink(folder / "dangling"));
    CHECK(read_file(folder / "data/target") == "new");
    CHECK(read_file(folder / "data/new") == "made");
    CHECK(folder.file_count() == 4);
    fs::create_symlink("b", folder / "a");
    fs::create_symlink("a", folder / "b");
    CHECK_THROWS_WITH_AS(write_file(folder / "a", "x"),
                         ("write_file: cannot write " + (folder / "a") + ": its links lead in a circle").c_str(),
                         FileError);
    for (int i = 0; i < 41; ++i)
        fs::create_symlink(i == 0 ? "end" : std::to_string(i - 1), folder / std::to_string(i));
    write_file(folder / "39", "forty links");
    CHECK(read_file(folder / "end") == "forty links");
    CHECK_THROWS_WITH_AS(write_file(folder / "40", "x"),
                         ("write_file: cannot write " + (folder / "40") + ": its links lead in a circle").c_str(),
                         FileError);
}

TEST_CASE("a file that may only be read stays, and the reason is the system's") {
    const TempFolder folder;
    write_file(folder / "a", "old");
    chmod(folder.path().c_str(), 0777);
    chmod((folder / "a").c_str(), 0444);
    std::string said = "nothing";
    int both[2];
    REQUIRE(pipe(both) == 0);
    if (const pid_t child = fork(); child == 0) {
        if (getuid() == 0 && setuid(65534) != 0) _exit(1);    // root may write everything
        try {
            write_file(folder / "a", "new");
        } catch (const FileError& error) {
            said = error.what();
        }
        _exit(write(both[1], said.data(), said.size()) < 0 ? 1 : 0);
    } else {
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
    char text[1000];
    const auto count = read(both[0], text, sizeof text);
    CHECK(std::string(text, static_cast<std::size_t>(std::max<ssize_t>(count, 0))) ==
          "write_file: cannot write " + (folder / "a") + ": Permission denied");
    close(both[0]);
    close(both[1]);
    CHECK(read_file(folder / "a") == "old");
}

TEST_CASE("a program without a standard input writes into a device, whose number is then 0") {
    const int input = dup(0);
    close(0);
    CHECK_NOTHROW(write_file("/dev/null", "x"));
    CHECK(fcntl(0, F_GETFD) == -1);    // closed again
    if (input >= 0) {
        dup2(input, 0);
        close(input);
    }
}

TEST_CASE("a file keeps its mode and a new one has the usual mode") {
    const TempFolder folder;
    const auto mode = [&](const std::string& name) {
        struct stat status {};
        stat((folder / name).c_str(), &status);
        return status.st_mode & 07777;
    };
    const mode_t usual = 0666 & ~umask(0);
    umask(0666 & ~usual);
    write_file(folder / "new", "x");
    CHECK(mode("new") == usual);
    for (const mode_t kept : {0600u, 0640u, 0755u, 0644u}) {
        chmod((folder / "new").c_str(), kept);
        write_file(folder / "new", "y");
        CHECK(mode("new") == kept);
    }
}

TEST_CASE("a pipe is written into and not replaced") {
    const TempFolder folder;
    const std::string path = folder / "pipe";
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    CHECK_THROWS_WITH_AS(    // at once, where it could wait for ever
        write_file(path, "x"),
        ("write_file: cannot write into " + path + ": No such device or address; it is no regular file").c_str(),
        FileError);
    const int reader = open(path.c_str(), O_RDONLY | O_NONBLOCK);
    write_file(path, "text");
    char text[8] = {};
    CHECK(read(reader, text, sizeof text) == 4);
    CHECK(std::string(text) == "text");
    close(reader);
    CHECK(std::filesystem::is_fifo(path));
    CHECK(folder.file_count() == 1);
}

TEST_CASE("a device is written into and one that is full is named") {
    write_file("/dev/null", "x");
    CHECK(std::filesystem::is_character_file("/dev/null"));
    CHECK_THROWS_WITH_AS(write_file("/dev/full", "x"),
                         "write_file: cannot write into /dev/full: No space left on device", FileError);
    CHECK(std::filesystem::is_character_file("/dev/full"));
}

TEST_CASE("/dev/stdout is where the program prints - also behind what it has printed") {
    const TempFolder folder;
    std::fflush(nullptr);    // else the child may print once more what waits to be printed
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const int out = open((folder / "out").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        dup2(out, 1);
        const bool printed = write(1, "first ", 6) == 6;
        write_file("/dev/stdout", "second");
        _exit(printed ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(status == 0);
    CHECK(read_file(folder / "out") == "first second");
    CHECK(folder.file_count() == 1);
}

TEST_CASE("a folder that is gone is a FileError") {
    const TempFolder folder;
    const pid_t child = fork();    // of its own, because it leaves the present folder
    REQUIRE(child >= 0);
    if (child == 0) {
        const std::string gone = folder / "gone";
        std::filesystem::create_directory(gone);
        std::filesystem::current_path(gone);
        std::filesystem::remove(gone);
        try {
            write_file("x", "text");
        } catch (const FileError& error) {
            const bool right = error.what() == std::string(
                                                   "write_file: cannot create x: No such file or directory; check "
                                                   "that its folder exists and may be written");
            _exit(right ? 3 : 4);
        } catch (...) {
            _exit(5);
        }
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WEXITSTATUS(status) == 3);
}

TEST_CASE("what has no end is refused") {
    CHECK_THROWS_WITH_AS(read_file("/dev/zero"), "read_file: /dev/zero holds more than 2 GiB", FileError);
}

#if defined(__linux__)
TEST_CASE("an open file of this process is written into by every name that it has") {
    const TempFolder folder;
    std::filesystem::create_symlink("/dev/fd", folder / "descriptors");
    for (const std::string& names : {std::string("/dev/fd"), std::string("/proc/self/fd"), folder / "descriptors"}) {
        const std::string path = folder / "output";
        const int file = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0644);
        REQUIRE(write(file, "before\n", 7) == 7);
        write_file(names + "/" + std::to_string(file), "written\n");
        CHECK(write(file, "after\n", 6) == 6);
        close(file);
        CHECK(read_file(path) == "before\nwritten\nafter\n");
    }
}
#endif

TEST_CASE("a file that root replaces still belongs to its owner") {
    if (geteuid() != 0) return;    // nobody else may give files away
    const TempFolder folder;
    const std::string path = folder / "file";
    write_file(path, "old");
    REQUIRE(chown(path.c_str(), 12345, 54321) == 0);
    write_file(path, "new");
    struct stat now;
    REQUIRE(stat(path.c_str(), &now) == 0);
    CHECK(now.st_uid == 12345);
    CHECK(now.st_gid == 54321);
    CHECK(read_file(path) == "new");
}

#endif
