#include <ordinal/core/fast/parallel.h>

#if defined(__linux__)
#include <sched.h>
#endif
#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <mutex>
#include <thread>
#include <utility>

#include <ordinal/core/fast/profile.h>

namespace ordinal {

constinit thread_local detail::ThreadFlags detail::thread_flags;

namespace {

constexpr int most_threads = 256;

// How many threads can run at once, asked for once: the processors that this process may use, or its share of them.
int processors() {
    static const int count = [] {
        double usable = static_cast<double>(std::thread::hardware_concurrency());
#if defined(__linux__)
        cpu_set_t allowed;
        if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) usable = CPU_COUNT(&allowed);
        std::ifstream limit("/sys/fs/cgroup/cpu.max");    // of a container: "200000 100000" is two processors' time
        double quota = 0, period = 0;
        if (limit >> quota >> period && period > 0) usable = std::min(usable, std::ceil(quota / period));
#endif
        return static_cast<int>(std::clamp(usable, 1.0, double{most_threads}));
    }();
    return count;
}

// Looks at a condition for some microseconds before giving up. Between two kernels of a training step a worker waits
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

// One call of parallel_for. Its slices lie on a pile, from which the caller and the workers take until it is empty.
struct Job {
    const std::function<void(Index, Index)>& body;
    const int slices;
    const Index count;
    const bool is_long;                                        // worth waking a thread for
    const detail::ThreadFlags flags = detail::thread_flags;    // the caller's
    detail::Spending* const spending = detail::profiling ? &detail::spending() : nullptr;
    const int processor = current_processor();
    std::atomic<int> next{0};
    std::mutex failing{};
    int failed_slice = slices;
    std::exception_ptr failure{};

    Index begin_of(Index slice) const {    // count slice / slices, where that product may be too large
        return count / slices * slice + count % slices * slice / slices;
    }

    void take_slices() {
        const detail::ThreadFlags before = std::exchange(detail::thread_flags, flags);
        detail::thread_flags.serial = true;
        for (int i = next++; i < slices; i = next++) try {
                body(begin_of(i), begin_of(i + 1));
            } catch (...) {
                const std::lock_guard lock(failing);
                if (i < failed_slice) failure = std::current_exception();
                failed_slice = std::min(i, failed_slice);
            }
        detail::thread_flags = before;
        if (spending != nullptr) detail::hand_spending_to(*spending);
    }
};

// Workers that sleep until a job calls them. They are never joined, and the pool is never destroyed: a program may end
// at any time, also inside a slice.
class ThreadPool {
public:
    // Returns when all slices are done. Only one job is shared at a time: a second caller does its slices alone.
    void run(Job& job) {
        new_pool_in_children();
        if (busy_.exchange(true)) return job.take_slices();
        const int wanted = std::min(job.slices - 1, processors() - 1);
        const int helpers = std::min(wanted, job.is_long ? start_workers(wanted) : started_);
        job_ = &job;
        done_ = 0;
        int coming = 0;
        for (int i = 0; i < helpers; ++i) {
            std::atomic<State>& state = workers_[static_cast<std::size_t>(i)].state;
            if (!job.is_long && state == State::asleep) continue;
            if (state.exchange(State::called) == State::asleep) state.notify_one();
            ++coming;
        }
        job.take_slices();
        for (int i = 0; i < helpers; ++i) {    // who has not come by now need not come any more
            State expected = State::called;
            coming -= workers_[static_cast<std::size_t>(i)].state.compare_exchange_strong(expected, State::awake);
        }
        if (!spin_until([&] { return done_ == coming; }))
            for (int done = done_; done != coming; done = done_) done_.wait(done);
        busy_ = false;
    }

private:
    // awake: looks around for work, or does some. called: to the job in job_. asleep: until somebody notifies.
    enum class State : int { awake, called, asleep };

    struct alignas(64) Worker {    // each on a line of the cache for itself
        std::atomic<State> state{State::awake};
    };

    void work(std::atomic<State>& state) {
        while (true) {
            State expected = State::awake;
            if (!spin_until([&] { return state == State::called; }) &&
                state.compare_exchange_strong(expected, State::asleep))
                state.wait(State::asleep);
            if (state.exchange(State::awake) != State::called) continue;    // the job was done without this worker
            leave_processor(job_->processor);
            job_->take_slices();
            ++done_;
            done_.notify_one();
        }
    }

    // Threads stay behind when a process forks.
    static void new_pool_in_children() {
#if defined(__unix__) || defined(__APPLE__)
        static const int registered = pthread_atfork(nullptr, nullptr, [] { new (&shared) ThreadPool; });
        static_cast<void>(registered);
#endif
    }

    // How many workers there are, at least `wanted` if the system allows.
    int start_workers(int wanted) {
        wanted = std::min(wanted, limit_);
        try {
            for (; started_ < wanted; ++started_)
                std::thread([this, i = started_] { work(workers_[static_cast<std::size_t>(i)].state); }).detach();
        } catch (const std::exception&) {    // no more threads or memory for them: fewer are enough
            limit_ = started_;
        }
        return started_;
    }

    std::array<Worker, most_threads> workers_{};
    std::atomic<bool> busy_{false};
    std::atomic<int> done_{0};    // workers that have finished their part of the job
    Job* job_ = nullptr;          // written before a worker is called and read after
    int started_ = 0, limit_ = most_threads;

public:
    static ThreadPool shared;
};
constinit ThreadPool ThreadPool::shared;

std::atomic<int> wanted_threads{-1};    // -1: not asked yet

int from_environment() {
    const char* text = std::getenv("ORDINAL_THREADS");
    if (text == nullptr || *text == '\0') return 0;
    char* end = nullptr;
    const long count = std::strtol(text, &end, 10);
    require<OptionError>(end != text && *end == '\0' && 0 <= count && count <= most_threads,
                         "ORDINAL_THREADS: expected 0 (all processors) to 256, got '", text, "'");
    return static_cast<int>(count);
}

}    // namespace

void set_num_threads(int count) {
    require<OptionError>(0 <= count && count <= most_threads,
                         "set_num_threads: expected 0 (all processors) to 256, got ", count);
    wanted_threads = count;
}

int num_threads() {
    if (wanted_threads == -1) wanted_threads = from_environment();
    return wanted_threads > 0 ? wanted_threads.load() : processors();
}

int detail::number_of_slices(Index count, Index grain) {
    if (thread_flags.serial || count < 2 * grain) return 1;    // slices shorter than the grain are not worth a thread
    return static_cast<int>(std::min<Index>(num_threads(), grain > 0 ? count / grain : count));
}

void detail::run_slices(int slices, Index count, bool is_long, const std::function<void(Index, Index)>& body) {
    Job job{.body = body, .slices = slices, .count = count, .is_long = is_long};
    ThreadPool::shared.run(job);
    if (job.failure) std::rethrow_exception(job.failure);
}

}    // namespace ordinal
