#include <ordinal/nn/files/file.h>

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <locale>

#include <ordinal/core/error.h>

namespace ordinal {
namespace {

namespace fs = std::filesystem;    // always with an error code: its own exceptions would be no ordinal::Error

std::string reason() { return std::strerror(errno); }

// The file at the end of a chain of links; it need not exist. In /proc stand the open files of a process (where
// /dev/stdout leads): they are used under that name, or what was printed before would be replaced.
fs::path end_of_links(const std::string& path) {
    fs::path end = path;
    std::error_code error;
    for (int links = 0; fs::is_symlink(end, error) && !end.string().starts_with("/proc/"); ++links) {
        require<FileError>(links < 40, "write_file: cannot write ", path, ": its links lead in a circle");
        end = end.parent_path() / fs::read_symlink(end, error);    // where that is absolute, it alone
    }
    return end;
}

// For what may not be replaced: a pipe, a device. Behind what stands there already.
void write_into(const std::string& path, const std::function<void(std::ostream&)>& write) {
    const int probe = open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);    // a pipe that nobody reads would wait
    require<FileError>(probe >= 0, "write_file: cannot write into ", path, ": ", reason(), "; it is no regular file");
    std::ofstream file(path, std::ios::binary | std::ios::app);
    close(probe);
    file.imbue(std::locale::classic());
    write(file);
    file.close();
    require<FileError>(file.good(), "write_file: cannot write into ", path, ": ", reason());
}

}    // namespace

std::string read_file(const std::string& path) {
    std::error_code error;    // whatever else is wrong shows when the file is opened
    require<FileError>(!fs::is_directory(path, error), "read_file: ", path, " is a folder, not a file");
    errno = EIO;    // the reason to give where the system sets none
    std::ifstream file(path, std::ios::binary);
    require<FileError>(file.is_open(), "read_file: cannot open ", path, ": ", reason());
    std::string bytes;
    for (std::string block(65536, '\0'); file;) {    // block by block, because a pipe does not know its length
        file.read(block.data(), static_cast<std::streamsize>(block.size()));
        bytes.append(block, 0, static_cast<std::size_t>(file.gcount()));
        require<FileError>(bytes.size() <= std::size_t{1} << 31, "read_file: ", path, " holds more than 2 GiB");
    }
    require<FileError>(file.eof() && !file.bad(), "read_file: cannot read ", path, ": ", reason());
    return bytes;
}

void write_file(const std::string& path, const std::function<void(std::ostream&)>& write) {
    std::error_code error;
    const fs::path target = end_of_links(path);
    const fs::file_status old = fs::status(target, error);
    const bool in_proc = target.string().starts_with("/proc/");
    if (in_proc || (fs::exists(old) && !fs::is_regular_file(old) && !fs::is_directory(old)))
        return write_into(target.string(), write);

    static std::atomic<int> count{0};    // with the process number, it makes a name that nobody else uses
    const fs::path temporary = target.parent_path() / text_of(".ordinal-", getpid(), "-", count++);
    try {
        errno = EIO;
        require<FileError>(!fs::is_regular_file(old) || access(target.c_str(), W_OK) == 0, "write_file: cannot write ",
                           path, ": ", reason());
        std::ofstream file(temporary, std::ios::binary);
        require<FileError>(file.is_open(), "write_file: cannot create ", path, ": ", reason(),
                           "; check that its folder exists and may be written");
        file.imbue(std::locale::classic());    // numbers look the same whatever the program's own locale is
        if (fs::is_regular_file(old)) fs::permissions(temporary, old.permissions(), error);    // before the first byte
        write(file);
        file.close();    // flushes; a full disk shows here at the latest
        require<FileError>(file.good(), "write_file: cannot write ", path, ": ", reason());
        fs::rename(temporary, target, error);
        require<FileError>(!error, "write_file: cannot replace ", path, ": ", error.message());
    } catch (...) {
        fs::remove(temporary, error);
        throw;
    }
}

void write_file(const std::string& path, std::string_view bytes) {
    write_file(path, [bytes](std::ostream& out) { out << bytes; });
}

}    // namespace ordinal
