#include <ordinal/core/parallel.h>

#if defined(__linux__)
#include <sched.h>
#endif

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <ordinal/core/error.h>

namespace ordinal {
namespace {

thread_local bool run_serially = false;    // true on a worker, inside a slice, and in a SerialScope

// Looks at a condition for a few microseconds before giving up. Between two kernels of a training step a worker waits
// less than that, and being put to sleep and woken costs more. Never for long: the other thread may need the processor.
template <class Condition>
bool spin_until(Condition condition) {
    for (int i = 0; i < 4000; ++i) {
        if (condition()) return true;
#if defined(__x86_64__)
        __builtin_ia32_pause();
#endif
    }
    return false;
}

// A woken thread often starts on the processor of the thread that woke it, and stays there for milliseconds while the
// others idle. So a worker that finds itself on the caller's processor moves away.
#if defined(__linux__)
int current_processor() { return sched_getcpu(); }

void leave_processor(int processor) {
    cpu_set_t allowed;
    if (sched_getcpu() != processor || sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) < 2)
        return;
    cpu_set_t others = allowed;
    CPU_CLR(static_cast<std::size_t>(processor), &others);
    sched_setaffinity(0, sizeof others, &others);      // moves at once ...
    sched_setaffinity(0, sizeof allowed, &allowed);    // ... and may go anywhere later
}
#else
int current_processor() { return -1; }
void leave_processor(int) {}
#endif

// Threads that wait for a job, run slice i of it, and wait again. They start once, at the first job that needs them.
class Pool {
public:
    ~Pool() {
        stopping_ = true;
        ++job_number_;
        job_number_.notify_all();
        for (auto& worker : workers_) worker.join();
    }

    // Runs slice(0) here and slice(1 .. slices-1) on workers; returns when all are done.
    void run(int slices, const std::function<void(int)>& slice) {
        while (static_cast<int>(workers_.size()) < slices - 1) {
            const int id = static_cast<int>(workers_.size()) + 1;
            workers_.emplace_back([this, id, seen = job_number_.load()] { work(id, seen); });
        }
        slice_ = &slice;
        slices_ = slices;
        processor_ = current_processor();
        pending_ = static_cast<int>(workers_.size());    // every worker answers, also those without a slice
        ++job_number_;
        job_number_.notify_all();
        slice(0);
        if (!spin_until([&] { return pending_ == 0; }))
            for (int left = pending_; left != 0; left = pending_) pending_.wait(left);
    }

private:
    void work(int id, std::uint64_t seen) {
        run_serially = true;
        while (true) {
            if (!spin_until([&] { return job_number_ != seen; })) job_number_.wait(seen);
            seen = job_number_;
            if (stopping_) return;
            if (id < slices_) {
                leave_processor(processor_);
                (*slice_)(id);
            }
            if (--pending_ == 0) pending_.notify_one();
        }
    }

    std::vector<std::thread> workers_;
    std::atomic<std::uint64_t> job_number_{0};    // what follows is written before it grows and read after
    const std::function<void(int)>* slice_ = nullptr;
    int slices_ = 0, processor_ = -1;
    std::atomic<int> pending_{0};
    std::atomic<bool> stopping_{false};
};

std::atomic<int> wanted_threads{-1};    // -1: not asked yet
std::mutex one_job_at_a_time;           // two callers take turns; see parallel_for

int from_environment() {
    const char* text = std::getenv("ORDINAL_THREADS");
    if (text == nullptr) return 0;
    char* end = nullptr;
    const long count = std::strtol(text, &end, 10);
    require<OptionError>(end != text && *end == '\0' && 0 <= count && count <= 256,
                         "ORDINAL_THREADS: expected 0 (all processors) to 256, got '", text, "'");
    return static_cast<int>(count);
}

}    // namespace

void set_num_threads(int count) {
    require<OptionError>(0 <= count && count <= 256, "set_num_threads: expected 0 (all processors) to 256, got ",
                         count);
    wanted_threads = count;
}

int num_threads() {
    if (wanted_threads == -1) wanted_threads = from_environment();
    if (wanted_threads > 0) return wanted_threads;
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

int detail::number_of_slices(Index count, Index grain) {
    if (run_serially || count < 2 * grain) return 1;    // slices shorter than the grain are not worth a thread
    return static_cast<int>(std::min<Index>(num_threads(), grain > 0 ? count / grain : count));
}

void detail::run_slices(int slices, Index count, const std::function<void(Index, Index)>& body) {
    static Pool pool;
    std::unique_lock turn(one_job_at_a_time);
    std::vector<std::exception_ptr> failures(static_cast<std::size_t>(slices));
    pool.run(slices, [&](int i) {
        const bool before = std::exchange(run_serially, true);
        try {
            body(count * i / slices, count * (i + 1) / slices);
        } catch (...) {
            failures[static_cast<std::size_t>(i)] = std::current_exception();
        }
        run_serially = before;
    });
    for (const auto& failure : failures)
        if (failure) std::rethrow_exception(failure);
}

SerialScope::SerialScope() : before_(std::exchange(run_serially, true)) {}
SerialScope::~SerialScope() { run_serially = before_; }

}    // namespace ordinal
