// A folder of its own for a test that writes files; removed with everything in it at the end of the test.
#pragma once

#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <string>

class TempFolder {
public:
    TempFolder() {
        static std::atomic<int> count{0};
        folder_ = std::filesystem::temp_directory_path() /
                  ("ordinal-test-" + std::to_string(getpid()) + "-" + std::to_string(count++));
        std::filesystem::remove_all(folder_);    // of a test that crashed under the same process number
        std::filesystem::create_directory(folder_);
    }
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    std::string path() const { return folder_.string(); }
    std::string operator/(const std::string& name) const { return (folder_ / name).string(); }
    std::ptrdiff_t file_count() const {
        return std::distance(std::filesystem::directory_iterator(folder_), std::filesystem::directory_iterator());
    }

private:
    std::filesystem::path folder_;
};
