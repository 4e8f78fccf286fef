#include <ordinal/core/fast/parallel.h>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include <ordinal/core/error.h>
#include <ordinal/core/ops.h>
#include "tests/core/thread_count.h"

using namespace ordinal;

namespace {

struct Part {
    Index begin, end;
    std::thread::id thread;
};

std::vector<Part> slices_of(Index count, Index grain) {
    std::vector<Part> slices;
    std::mutex mutex;
    parallel_for(count, grain, [&](Index begin, Index end) {
        std::lock_guard lock(mutex);
        slices.push_back({begin, end, std::this_thread::get_id()});
    });
    std::sort(slices.begin(), slices.end(), [](const Part& a, const Part& b) { return a.begin < b.begin; });
    return slices;
}

}    // namespace

TEST_CASE("slices cover the range exactly once and are at least as long as the grain") {
    for (int threads : {1, 2, 3, 4, 7})
        for (Index count : {Index(0), Index(1), Index(2), Index(5), Index(63), Index(64), Index(65), Index(1000),
                            std::numeric_limits<Index>::max()})    // times a number of slices it is no Index
            for (Index grain : {0, 1, 2, 10, 64, 5000}) {
                const auto slices = with_threads(threads, [&] { return slices_of(count, grain); });
                INFO("threads ", threads, ", count ", count, ", grain ", grain);
                Index covered = 0;
                for (const Part& slice : slices) {
                    CHECK(slice.begin == covered);
                    CHECK(slice.end > slice.begin);
                    CHECK((slice.end - slice.begin >= grain || slices.size() == 1));
                    covered = slice.end;
                }
                CHECK(covered == count);
                CHECK(static_cast<int>(slices.size()) <= threads);
            }
}

TEST_CASE("a range that is long enough really is cut for the threads") {
    CHECK(with_threads(3, [] { return slices_of(300, 100); }).size() == 3);
    CHECK(with_threads(3, [] { return slices_of(299, 100); }).size() == 2);
}

TEST_CASE("two slices run at the same time where there are two processors - also after the other thread has slept") {
    set_num_threads(0);
    if (num_threads() == 1) return;    // nothing to see here
    for (int pause : {0, 1, 20})       // milliseconds: longer than a worker looks around before it sleeps
        for (const Index grain : {1, 200}) {
            const Index count = grain == 1 ? 2 : 4 * grain;
            std::this_thread::sleep_for(std::chrono::milliseconds(pause));
            std::atomic<int> here{0};
            with_threads(2, [&] {
                parallel_for(count, grain, [&](Index, Index) {
                    ++here;
                    const auto start = std::chrono::steady_clock::now();    // long enough for the busiest machine
                    while (here < 2 && std::chrono::steady_clock::now() - start < std::chrono::seconds(60))
                        std::this_thread::yield();
                    CHECK(here == 2);
                });
            });
        }
}

// Threads that outnumber the processors only get into each other's way.
TEST_CASE("more threads than processors mean more slices and not more threads") {
    set_num_threads(0);
    const auto processors = static_cast<std::size_t>(num_threads());
    for (int repetition = 0; repetition < 20; ++repetition) {
        const auto slices = with_threads(64, [] { return slices_of(6400, 100); });
        CHECK(slices.size() == 64);
        std::set<std::thread::id> threads;
        for (const Part& slice : slices) threads.insert(slice.thread);
        CHECK(threads.size() <= processors);
    }
}

TEST_CASE("an exception of any slice reaches the caller and the pool works on") {
    for (Index bad : {0, 1, 2, 3}) {
        const auto run = [bad] {
            std::atomic<int> finished{0};
            parallel_for(4, 1, [&](Index begin, Index) {
                if (begin == bad) throw std::runtime_error(text_of("slice ", bad));
                ++finished;
            });
            return finished.load();
        };
        CHECK_THROWS_WITH_AS(with_threads(4, run), text_of("slice ", bad).c_str(), std::runtime_error);
        CHECK(with_threads(4, [] { return slices_of(4, 1); }).size() == 4);
    }
    CHECK_THROWS_AS(
        with_threads(1, [] { parallel_for(1, 1, [](Index, Index) { throw std::runtime_error("serial"); }); }),
        std::runtime_error);
}

TEST_CASE("a parallel_for inside a slice runs on the slice's own thread") {
    std::atomic<int> inner_calls{0}, other_thread{0};
    with_threads(4, [&] {
        parallel_for(4, 1, [&](Index, Index) {
            const auto here = std::this_thread::get_id();
            parallel_for(100, 1, [&](Index begin, Index end) {
                ++inner_calls;
                if (std::this_thread::get_id() != here || begin != 0 || end != 100) ++other_thread;
            });
        });
    });
    CHECK(inner_calls == 4);
    CHECK(other_thread == 0);
}

TEST_CASE("a SerialScope keeps the work on its thread and ends with its block") {
    with_threads(4, [] {
        {
            SerialScope outer;
            {
                SerialScope inner;
                CHECK(slices_of(100, 1).size() == 1);
            }
            CHECK(slices_of(100, 1).size() == 1);
        }
        CHECK(slices_of(100, 1).size() == 4);
    });
}

TEST_CASE("of several exceptions the first slice's arrives") {
    for (int repetition = 0; repetition < 50; ++repetition)
        CHECK_THROWS_WITH_AS(with_threads(4,
                                          [] {
                                              parallel_for(4, 1, [](Index begin, Index) {
                                                  if (begin > 0) throw std::runtime_error(text_of("slice ", begin));
                                              });
                                          }),
                             "slice 1", std::runtime_error);
}

TEST_CASE("an undefined function is refused") {
    const std::function<void(Index, Index)> undefined;
    CHECK_THROWS_WITH_AS(parallel_for(10, 1, undefined), "parallel_for: expected a function, got an undefined one",
                         OptionError);
}

TEST_CASE("the guards of the caller hold in its slices and in nobody else's") {
    const Tensor w = Tensor::parameter(NdArray({1}, {-1}));
    std::atomic<int> recorded{0}, traced{0};
    const auto look = [&](Index, Index) {
        recorded += (w * w).requires_grad();
        traced += TraceNan::active();
    };
    with_threads(4, [&] {
        {
            const NoGrad guard;
            parallel_for(4, 1, look);
            CHECK(recorded == 0);
            CHECK(traced == 0);
        }
        {
            const TraceNan trace;
            parallel_for(4, 1, look);
            CHECK(recorded == 4);
            CHECK(traced == 4);
            const auto root = [&](Index begin, Index) {
                if (begin == 3) sqrt(w);
            };
            CHECK_THROWS_WITH_AS(parallel_for(4, 1, root), "TraceNan: 'sqrt' made the first NaN; its inputs had none",
                                 GraphError);
        }
        parallel_for(4, 1, look);
        CHECK(recorded == 8);
        CHECK(traced == 4);
    });
}

TEST_CASE("several callers at once all get their whole range") {
    std::atomic<Index> wrong{0};
    with_threads(3, [&] {
        std::vector<std::thread> callers;
        for (int caller = 0; caller < 4; ++caller)
            callers.emplace_back([&] {
                for (int repetition = 0; repetition < 200; ++repetition) {
                    std::vector<int> visits(97, 0);
                    parallel_for(97, 1, [&](Index begin, Index end) {
                        for (Index i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
                    });
                    for (int count : visits) wrong += count != 1;
                }
            });
        for (auto& caller : callers) caller.join();
    });
    CHECK(wrong == 0);
}

TEST_CASE("thousands of tiny jobs all get done") {
    for (int threads : {2, 4}) {
        std::vector<Index> visits(8, 0);
        with_threads(threads, [&] {
            for (int job = 0; job < 5000; ++job)
                parallel_for(8, 1, [&](Index begin, Index end) {
                    for (Index i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
                });
        });
        INFO("threads ", threads);
        CHECK(visits == std::vector<Index>(8, 5000));    // what one job wrote the next one sees
    }
}

TEST_CASE("tiny jobs survive exceptions and a number of threads that changes from job to job") {
    Index sum = 0, expected = 0, caught = 0;
    for (Index job = 0; job < 2000; ++job) {
        const int threads = 1 + static_cast<int>(job * 7 % 5);    // 1 3 5 2 4 ...: the pool grows and rests
        const auto run = [&] {
            std::vector<Index> parts(12, 0);
            parallel_for(12, 1, [&](Index begin, Index end) {
                if (job % 10 == 3 && end == 12) throw std::runtime_error("the last slice");
                for (Index i = begin; i < end; ++i) parts[static_cast<std::size_t>(i)] = job + i;
            });
            for (Index part : parts) sum += part;
        };
        try {
            with_threads(threads, run);
            expected += 12 * job + 66;
        } catch (const std::runtime_error& error) {
            CHECK(std::string(error.what()) == "the last slice");
            ++caught;
        }
    }
    CHECK(sum == expected);
    CHECK(caught == 200);
}

TEST_CASE("a job that is not worth waking anybody for is done by who is awake") {
    for (int pause : {0, 1, 20}) {
        std::this_thread::sleep_for(std::chrono::milliseconds(pause));
        CHECK(with_threads(3, [] { return slices_of(300, 100); }).size() == 3);
    }
}

TEST_CASE("the number of threads can be set and a senseless one is refused") {
    CHECK(with_threads(3, [] { return num_threads(); }) == 3);
    CHECK(with_threads(256, [] { return num_threads(); }) == 256);
    CHECK(num_threads() >= 1);
    CHECK_THROWS_WITH_AS(set_num_threads(-1), "set_num_threads: expected 0 (all processors) to 256, got -1",
                         OptionError);
    CHECK_THROWS_WITH_AS(set_num_threads(257), "set_num_threads: expected 0 (all processors) to 256, got 257",
                         OptionError);
}
