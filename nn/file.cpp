#include <ordinal/nn/file.h>

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <ordinal/core/error.h>

namespace ordinal {

std::string read_file(const std::string& path) {
    std::error_code error;    // whatever else is wrong shows when the file is opened
    require<FileError>(!std::filesystem::is_directory(path, error), "read_file: ", path, " is a folder, not a file");
    errno = EIO;    // the reason to give where the system sets none
    std::ifstream file(path, std::ios::binary);
    require<FileError>(file.is_open(), "read_file: cannot open ", path, ": ", std::strerror(errno));
    std::string bytes;
    for (std::string block(65536, '\0'); file;) {    // block by block, because a pipe does not know its length
        file.read(block.data(), static_cast<std::streamsize>(block.size()));
        bytes.append(block, 0, static_cast<std::size_t>(file.gcount()));
    }
    require<FileError>(file.eof() && !file.bad(), "read_file: cannot read ", path, ": ", std::strerror(errno));
    return bytes;
}

void write_file(const std::string& path, const std::function<void(std::ostream&)>& write) {
    static std::atomic<int> count{0};    // with the process number, it makes a name that nobody else uses
    const std::string temporary = text_of(path, ".partial-", getpid(), "-", count++);
    std::error_code error;
    try {
        errno = EIO;
        std::ofstream file(temporary, std::ios::binary);
        require<FileError>(file.is_open(), "write_file: cannot create ", path, ": ", std::strerror(errno),
                           "; check that its folder exists and may be written");
        write(file);
        file.close();    // flushes; a full disk shows here at the latest
        require<FileError>(file.good(), "write_file: cannot write ", path, ": ", std::strerror(errno));
        std::filesystem::rename(temporary, path, error);
        require<FileError>(!error, "write_file: cannot replace ", path, ": ", error.message());
    } catch (...) {
        std::filesystem::remove(temporary, error);
        throw;
    }
}

void write_file(const std::string& path, std::string_view bytes) {
    write_file(path, [bytes](std::ostream& out) { out << bytes; });
}

}    // namespace ordinal
