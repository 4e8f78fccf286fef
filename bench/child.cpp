#include "bench/child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include <ordinal/core/error.h>

extern char** environ;

namespace ordinal::bench {
namespace {

struct Pipe {
    int read_end = -1, write_end = -1;

    Pipe() {
        int ends[2];
        require<FileError>(pipe(ends) == 0, "Child: the system has no pipe left; close some programs");
        read_end = ends[0];
        write_end = ends[1];
        fcntl(read_end, F_SETFD, FD_CLOEXEC);    // later children must not hold them open
        fcntl(write_end, F_SETFD, FD_CLOEXEC);
    }
};

}    // namespace

Child::Child(const std::vector<std::string>& arguments) {
    std::signal(SIGPIPE, SIG_IGN);    // writing to a program that has ended is an error, not our end
    const Pipe input, output;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input.read_end, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output.write_end, STDOUT_FILENO);

    std::vector<std::string> copies = arguments;    // posix_spawn takes what it could write to
    std::vector<char*> pointers;
    for (std::string& argument : copies) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    const int error = posix_spawnp(&pid_, pointers[0], &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(input.read_end);
    close(output.write_end);
    to_ = fdopen(input.write_end, "w");
    from_ = fdopen(output.read_end, "r");
    if (error != 0) pid_ = -1;
}

Child::~Child() { wait(); }

void Child::write_line(const std::string& line) {
    std::fputs((line + "\n").c_str(), to_);
    std::fflush(to_);
}

std::optional<std::string> Child::read_line() {
    std::string line;
    for (int c = std::fgetc(from_); c != EOF; c = std::fgetc(from_)) {
        if (c == '\n') return line;
        line.push_back(static_cast<char>(c));
    }
    return std::nullopt;
}

int Child::wait() {
    if (to_ != nullptr) std::fclose(to_);
    to_ = nullptr;
    if (from_ != nullptr) {
        while (std::fgetc(from_) != EOF) {    // what nobody reads must not block it
        }
        std::fclose(from_);
        from_ = nullptr;
    }
    int status = -1;
    if (pid_ < 0 || waitpid(pid_, &status, 0) < 0) return -1;
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}    // namespace ordinal::bench
