#include <ordinal/nn/files/file.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <locale>
#include <sstream>

#include <ordinal/core/error.h>
#include <ordinal/core/fast/buffer.h>

namespace ordinal {
namespace {

namespace fs = std::filesystem;    // always with an error code: its own exceptions would be no ordinal::Error

std::string reason() { return std::strerror(errno); }

// The system takes a zero byte for the end of a path, and would use a file of a shorter name.
void require_path(const std::string& path, const char* who) {
    require<FileError>(path.find('\0') == std::string::npos, who, ": the path '", path.substr(0, path.find('\0')),
                       "...' has a zero byte in it, and no file can have that in its name");
}

bool is_in_proc(const fs::path& path) { return path.string().starts_with("/proc/"); }

// The file at the end of a chain of links; it need not exist. In /proc stand the open files of a process (where
// /dev/stdout and /dev/fd lead): they are used under that name, or what was printed before would be replaced.
fs::path end_of_links(const std::string& path) {
    fs::path end = path;
    std::error_code error;
    for (int links = 0;; ++links) {    // 40 are as many as Linux follows
        require<FileError>(links <= 40, "write_file: cannot write ", path, ": its links lead in a circle");
        const fs::path folder = fs::canonical(end.has_parent_path() ? end.parent_path() : ".", error);
        if (!error && is_in_proc(folder)) return folder / end.filename();
        if (!fs::is_symlink(end, error)) return end;
        end = end.parent_path() / fs::read_symlink(end, error);    // where that is absolute, it alone
    }
}

#if defined(_WIN32)    // where files have neither owners nor modes of this kind, and none of them is a pipe

int opened(const fs::path& path) { return open(path.string().c_str(), O_WRONLY | O_APPEND | O_BINARY); }
void keep_owner_and_mode(const fs::path&, const fs::path&) {}

#else

// For what may not be replaced: a pipe, a device. One of this process's open files is written through its own
// descriptor: another one would begin at another place, and each would write over the other's text.
int opened(const fs::path& path) {
    const std::string own = text_of("/proc/", getpid(), "/fd/"), name = path.string();
    if (name.starts_with(own)) return fcntl(std::atoi(name.c_str() + own.size()), F_DUPFD_CLOEXEC, 0);
    const int file = open(name.c_str(), O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC);    // a pipe that nobody reads
    if (file >= 0) fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_NONBLOCK);              // would wait
    return file;
}

// What a file had stays with the one that takes its place. Only root may give a file to somebody else.
void keep_owner_and_mode(const fs::path& of, const fs::path& temporary) {
    struct stat old;
    if (stat(of.c_str(), &old) != 0) return;
    if (chown(temporary.c_str(), old.st_uid, old.st_gid) != 0) errno = EIO;    // it is ours then, as the header says
    chmod(temporary.c_str(), old.st_mode & 07777);
}

#endif

// Behind what stands there already.
void write_into(const fs::path& path, const std::function<void(std::ostream&)>& write) {
    std::ostringstream text;    // complete before its first byte is written
    text.imbue(std::locale::classic());
    write(text);
    require<FileError>(text.good(), "write_file: cannot write into ", path.string(),
                       ": there is no memory for its text");
    const int file = opened(path);
    require<FileError>(file >= 0, "write_file: cannot write into ", path.string(), ": ", reason(),
                       "; it is no regular file");
    const std::string bytes = text.str();
    for (std::size_t done = 0; done < bytes.size();) {
        const auto some = static_cast<unsigned>(std::min<std::size_t>(bytes.size() - done, 1 << 30));
        const auto count = ::write(file, bytes.data() + done, some);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            const std::string why = reason();
            close(file);
            throw FileError(text_of("write_file: cannot write into ", path.string(), ": ", why));
        }
        done += static_cast<std::size_t>(count);
    }
    const bool closed = close(file) == 0;
    require<FileError>(closed, "write_file: cannot write into ", path.string(), ": ", reason());
}

}    // namespace

std::string read_file(const std::string& path) {
    require_path(path, "read_file");
    std::error_code error;    // whatever else is wrong shows when the file is opened
    require<FileError>(!fs::is_directory(path, error), "read_file: ", path, " is a folder, not a file");
    errno = EIO;    // the reason to give where the system sets none
    std::ifstream file(path, std::ios::binary);
    require<FileError>(file.is_open(), "read_file: cannot open ", path, ": ", reason());
    std::string bytes;
    for (std::string block(65536, '\0'); file;) {    // block by block, because a pipe does not know its length
        file.read(block.data(), static_cast<std::streamsize>(block.size()));
        with_memory([&] { bytes.append(block, 0, static_cast<std::size_t>(file.gcount())); },
                    "read_file: there is no memory for ", path);
        require<FileError>(bytes.size() <= std::size_t{1} << 31, "read_file: ", path, " holds more than 2 GiB");
    }
    require<FileError>(file.eof() && !file.bad(), "read_file: cannot read ", path, ": ", reason());
    return bytes;
}

void write_file(const std::string& path, const std::function<void(std::ostream&)>& write) {
    require<OptionError>(write != nullptr, "write_file: expected a function that writes ", path, ", got an empty one");
    require_path(path, "write_file");
    std::error_code error;
    const fs::path target = end_of_links(path);
    const fs::file_status old = fs::status(target, error);
    if (is_in_proc(target) || (fs::exists(old) && !fs::is_regular_file(old) && !fs::is_directory(old)))
        return write_into(target, write);

    static std::atomic<int> count{0};    // with the process number, it makes a name that nobody else uses
    const fs::path temporary = target.parent_path() / text_of(".ordinal-", getpid(), "-", count++);
    try {
        errno = EIO;
        const bool may = !fs::is_regular_file(old) || access(target.string().c_str(), W_OK) == 0;    // sets the reason
        require<FileError>(may, "write_file: cannot write ", path, ": ", reason());
        std::ofstream file(temporary, std::ios::binary);
        require<FileError>(file.is_open(), "write_file: cannot create ", path, ": ", reason(),
                           "; check that its folder exists and may be written");
        file.imbue(std::locale::classic());    // numbers look the same whatever the program's own locale is
        if (fs::is_regular_file(old)) keep_owner_and_mode(target, temporary);    // before the first byte
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
