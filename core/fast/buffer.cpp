#include <ordinal/core/fast/buffer.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <map>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <ordinal/core/error.h>
#include <ordinal/core/fast/profile.h>

namespace ordinal {
namespace {

constexpr std::size_t alignment = 64;                      // a vector register of the widest kind
constexpr std::size_t huge_page = std::size_t(1) << 21;    // bytes
constexpr std::size_t worth_keeping = 1 << 14;             // numbers; malloc itself is good at small blocks
constexpr std::size_t most_kept = std::size_t(1) << 30;    // 1 GB lie idle at most
constexpr Index most_numbers = (Index(1) << 31) / static_cast<Index>(sizeof(Scalar));    // 2 GiB in one array

std::align_val_t place_of(std::size_t bytes) { return std::align_val_t{bytes < huge_page ? alignment : huge_page}; }

// Fresh memory is mapped at its first touch, 4 KB at a time; a big block may ask for pages of 2 MB, 500 times fewer.
void* fresh_block(std::size_t bytes) {
    void* block = ::operator new(bytes, place_of(bytes));
#if defined(__linux__)
    if (bytes >= huge_page) madvise(block, bytes, MADV_HUGEPAGE);    // a wish: nothing depends on it
#endif
    return block;
}

void free_block(void* block, std::size_t bytes) noexcept { ::operator delete(block, place_of(bytes)); }

class BufferPool {
public:
    void* take(std::size_t bytes) {
        const std::lock_guard lock(mutex_);
        const auto found = idle_.find(bytes);
        if (found == idle_.end() || found->second.empty()) return fresh_block(bytes);
        void* block = found->second.back().block;    // the newest: it may still be in a cache
        found->second.pop_back();
        kept_ -= bytes;
        return block;
    }

    void give_back(void* block, std::size_t bytes) noexcept {
        if (bytes > most_kept) return free_block(block, bytes);
        const std::lock_guard lock(mutex_);
        try {
            idle_[bytes].push_back({block, ++time_});
            kept_ += bytes;
        } catch (const std::bad_alloc&) {    // none left even to write down what is kept
            free_block(block, bytes);
        }
        while (kept_ > most_kept) free_oldest();
    }

    void free_all() noexcept {
        const std::lock_guard lock(mutex_);
        while (kept_ > 0) free_oldest();
        idle_.clear();
    }

private:
    struct Idle {
        void* block;
        Index since;
    };
    using Blocks = std::pair<const std::size_t, std::vector<Idle>>;    // of one size in bytes, the oldest first

    void free_oldest() noexcept {
        const auto since = [](const Blocks& blocks) {
            return blocks.second.empty() ? std::numeric_limits<Index>::max() : blocks.second.front().since;
        };
        const auto oldest = std::min_element(idle_.begin(), idle_.end(),
                                             [&](const Blocks& a, const Blocks& b) { return since(a) < since(b); });
        free_block(oldest->second.front().block, oldest->first);
        oldest->second.erase(oldest->second.begin());
        kept_ -= oldest->first;
        if (oldest->second.empty()) idle_.erase(oldest);
    }

    std::mutex mutex_;
    std::map<std::size_t, std::vector<Idle>> idle_;
    std::size_t kept_ = 0;
    Index time_ = 0;
};

// Never destroyed: arrays with static lifetime may give back after main(). And made without asking for memory: it may
// be needed for the first time when there is none.
BufferPool& pool() {
    alignas(BufferPool) static std::byte place[sizeof(BufferPool)];
    static BufferPool& the_pool = *new (place) BufferPool;
    return the_pool;
}

constexpr std::size_t size_of_a_sentence = 1 << 14;    // bytes; a stream takes about 1,000 for it
std::atomic<void*> for_a_sentence{nullptr};

void keep_memory_for_a_sentence() {
    if (for_a_sentence.load(std::memory_order_relaxed) != nullptr) return;
    void *mine = std::malloc(size_of_a_sentence), *nothing = nullptr;
    if (!for_a_sentence.compare_exchange_strong(nothing, mine)) std::free(mine);    // another thread was faster
}

}    // namespace

std::shared_ptr<Scalar[]> make_buffer(Index count) {
    require<Error>(0 <= count && count <= most_numbers, "make_buffer: expected at most ", most_numbers,
                   " numbers (2 GiB) in one array, got ", count);
    if (detail::profiling) detail::spend(count * static_cast<Index>(sizeof(Scalar)));
    keep_memory_for_a_sentence();
    const auto numbers = static_cast<std::size_t>(std::max<Index>(count, 1));    // an empty array has an address, too
    const auto allocate = [&]() -> std::shared_ptr<Scalar[]> {
#if defined(__cpp_lib_smart_ptr_for_overwrite)
        if (numbers < worth_keeping) return std::make_shared_for_overwrite<Scalar[]>(numbers);
#else
        if (numbers < worth_keeping) return std::shared_ptr<Scalar[]>(new Scalar[numbers]);    // asks twice for memory
#endif
        const std::size_t unit = numbers * sizeof(Scalar) < huge_page ? alignment : huge_page;
        const std::size_t bytes = (numbers * sizeof(Scalar) + unit - 1) / unit * unit;
        void* block = pool().take(bytes);
        return {static_cast<Scalar*>(block), [bytes](Scalar* unused) { pool().give_back(unused, bytes); }};
    };
    return with_memory(allocate, "make_buffer: there is no memory for ", count, " numbers");
}

// use_count() says 1, but waits for nobody: another thread may have let go a moment ago, and what it read of the
// numbers has to be read before they are written. The fence waits. (ThreadSanitizer knows no fences, but it knows that
// taking a share and dropping it waits as well.)
bool owned_alone(const std::shared_ptr<Scalar[]>& buffer) {
    if (buffer.use_count() > 1) return false;
#if defined(__SANITIZE_THREAD__)
    const std::shared_ptr<Scalar[]> share = buffer;
#else
    std::atomic_thread_fence(std::memory_order_acquire);
#endif
    return true;
}

void release_idle_buffers() noexcept { pool().free_all(); }

void release_memory_for_a_sentence() noexcept { std::free(for_a_sentence.exchange(nullptr)); }

}    // namespace ordinal
