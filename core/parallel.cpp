#include "core/parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "core/error.h"

namespace ordinal {
namespace {

thread_local bool run_serially = false;    // true on a worker, inside a slice, and in a SerialScope

// Threads that wait for a job, run slice i of it, and wait again. They start once, at the first job that needs them.
class Pool {
public:
    ~Pool() {
        {
            std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_all();
        for (auto& worker : workers_) worker.join();
    }

    // Runs slice(0) here and slice(1 .. slices-1) on workers; returns when all are done.
    void run(int slices, const std::function<void(int)>& slice) {
        std::unique_lock lock(mutex_);
        while (static_cast<int>(workers_.size()) < slices - 1) {
            const int id = static_cast<int>(workers_.size()) + 1;
            workers_.emplace_back([this, id, seen = job_number_] { work(id, seen); });
        }
        slice_ = &slice;
        slices_ = slices;
        pending_ = slices - 1;
        ++job_number_;
        lock.unlock();
        wake_.notify_all();
        slice(0);
        lock.lock();
        done_.wait(lock, [&] { return pending_ == 0; });
    }

private:
    void work(int id, std::uint64_t seen) {
        run_serially = true;
        std::unique_lock lock(mutex_);
        while (true) {
            wake_.wait(lock, [&] { return stopping_ || job_number_ != seen; });
            if (stopping_) return;
            seen = job_number_;
            if (id >= slices_) continue;
            const auto& slice = *slice_;
            lock.unlock();
            slice(id);
            lock.lock();
            if (--pending_ == 0) done_.notify_one();
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_, done_;
    std::vector<std::thread> workers_;
    const std::function<void(int)>* slice_ = nullptr;
    std::uint64_t job_number_ = 0;
    int slices_ = 0, pending_ = 0;
    bool stopping_ = false;
};

std::atomic<int> wanted_threads{-1};    // -1: not asked yet
std::mutex one_job_at_a_time;           // two callers take turns; see parallel_for

int from_environment() {
    const char* text = std::getenv("ORDINAL_THREADS");
    return text == nullptr ? 0 : std::clamp(std::atoi(text), 0, 256);
}

}    // namespace

void set_num_threads(int count) {
    require<OptionError>(0 <= count && count <= 256, "set_num_threads: expected 0 (all processors) to 256, got ", count);
    wanted_threads = count;
}

int num_threads() {
    if (wanted_threads == -1) wanted_threads = from_environment();
    if (wanted_threads > 0) return wanted_threads;
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void parallel_for(Index count, Index grain, const std::function<void(Index, Index)>& body) {
    const Index useful = grain > 0 ? count / grain : count;    // slices shorter than the grain are not worth a thread
    const int slices = run_serially ? 1 : static_cast<int>(std::min<Index>(num_threads(), useful));
    if (slices <= 1) {
        if (count > 0) body(0, count);
        return;
    }
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
