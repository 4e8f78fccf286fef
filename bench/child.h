// Another program, started by this one, that is written to and read from line by line.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace ordinal::bench {

class Child {
public:
    // arguments[0] is the program: a path, or a name to search for. One that cannot be started has ended at once.
    explicit Child(const std::vector<std::string>& arguments);
    ~Child();    // closes its input and waits for its end
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    void write_line(const std::string& line);
    std::optional<std::string> read_line();    // nothing when the program has ended
    int wait();                                // for its end; its exit code, or -1

private:
    pid_t pid_ = -1;
    std::FILE *to_ = nullptr, *from_ = nullptr;
};

}    // namespace ordinal::bench
