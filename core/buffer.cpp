#include <ordinal/core/buffer.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <ordinal/core/error.h>

namespace ordinal {
namespace {

constexpr std::size_t alignment = 64;                      // a vector register of the widest kind
constexpr std::size_t huge_page = std::size_t(1) << 21;    // bytes
constexpr std::size_t worth_keeping = 1 << 14;             // numbers; malloc itself is good at small blocks
constexpr std::size_t most_kept = std::size_t(1) << 30;    // 1 GB lie idle at most

// Fresh memory is mapped at its first touch, 4 KB at a time; a big block may ask for pages of 2 MB, 500 times fewer.
void* fresh_block(std::size_t bytes) {
#if defined(__linux__)
    if (bytes >= huge_page) {
        void* block = std::aligned_alloc(huge_page, bytes);
        if (block != nullptr) madvise(block, bytes, MADV_HUGEPAGE);    // a wish: nothing depends on it
        return block;
    }
#endif
    return std::aligned_alloc(alignment, bytes);
}

class Pool {
public:
    void* take(std::size_t bytes) {
        const std::lock_guard lock(mutex_);
        std::vector<void*>& blocks = idle_[bytes];
        if (blocks.empty()) return fresh_block(bytes);
        void* block = blocks.back();
        blocks.pop_back();
        kept_ -= bytes;
        return block;
    }

    void give_back(void* block, std::size_t bytes) {
        const std::lock_guard lock(mutex_);
        if (kept_ + bytes > most_kept) {
            std::free(block);
        } else {
            idle_[bytes].push_back(block);
            kept_ += bytes;
        }
    }

private:
    std::mutex mutex_;
    std::map<std::size_t, std::vector<void*>> idle_;    // by size in bytes
    std::size_t kept_ = 0;
};

}    // namespace

std::shared_ptr<Scalar[]> make_buffer(Index count) {
    const auto numbers = static_cast<std::size_t>(std::max<Index>(count, 1));    // an empty array has an address, too
    if (numbers < worth_keeping) return std::make_shared_for_overwrite<Scalar[]>(numbers);
    const std::size_t unit = numbers * sizeof(Scalar) < huge_page ? alignment : huge_page;
    const std::size_t bytes = (numbers * sizeof(Scalar) + unit - 1) / unit * unit;
    static Pool& pool = *new Pool;    // never destroyed: arrays with static lifetime may give back after main()
    constexpr auto most = static_cast<Index>((PTRDIFF_MAX - huge_page) / sizeof(Scalar));
    const bool countable = count <= most;    // so that bytes is right
    void* block = countable ? pool.take(bytes) : nullptr;
    require<Error>(block != nullptr, "make_buffer: there is no memory for ", count, " numbers");
    return {static_cast<Scalar*>(block), [bytes](Scalar* unused) { pool.give_back(unused, bytes); }};
}

}    // namespace ordinal
