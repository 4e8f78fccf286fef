#include "core/file.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "core/error.h"

namespace ordinal {

namespace fs = std::filesystem;

namespace {

std::string reason(int error_number) {
    return error_number == 0 ? "reason unknown" : std::generic_category().message(error_number);
}

// A name beside the target that no other process and no other call uses, removed again unless it was renamed.
struct TemporaryName {
    std::string path;

    explicit TemporaryName(const std::string& target) {
        static std::atomic<int> count{0};
        path = target + ".partial-" + std::to_string(getpid()) + "-" + std::to_string(count++);
    }
    ~TemporaryName() {
        std::error_code ignored;    // after a successful rename there is nothing to remove
        fs::remove(path, ignored);
    }
    TemporaryName(const TemporaryName&) = delete;
    TemporaryName& operator=(const TemporaryName&) = delete;
};

}    // namespace

std::string read_file(const std::string& path) {
    std::error_code ignored;    // whatever else is wrong shows when the file is opened
    require<FileError>(!fs::is_directory(path, ignored), "read_file: expected a file, got the folder ", path);
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    require<FileError>(file.is_open(), "read_file: cannot open ", path, ": ", reason(errno));
    std::string bytes;
    std::array<char, 65536> block;
    do {    // block by block, because a pipe does not know its length
        file.read(block.data(), block.size());
        bytes.append(block.data(), static_cast<std::size_t>(file.gcount()));
    } while (file);
    require<FileError>(file.eof() && !file.bad(), "read_file: cannot read ", path, ": ", reason(errno));
    return bytes;
}

void write_file(const std::string& path, const std::function<void(std::ostream&)>& write) {
    const TemporaryName temporary(path);
    errno = 0;
    std::ofstream file(temporary.path, std::ios::binary);
    require<FileError>(file.is_open(), "write_file: cannot create ", path, ": ", reason(errno),
                       "; check that its folder exists and may be written");
    write(file);
    file.close();    // flushes; a full disk shows here at the latest
    require<FileError>(file.good(), "write_file: cannot write ", path, ": ", reason(errno));
    std::error_code error;
    fs::rename(temporary.path, path, error);
    require<FileError>(!error, "write_file: cannot replace ", path, ": ", error.message());
}

void write_file(const std::string& path, std::string_view bytes) {
    write_file(path,
               [bytes](std::ostream& out) { out.write(bytes.data(), static_cast<std::streamsize>(bytes.size())); });
}

}    // namespace ordinal
