// What happens to the library in a forked child, at exit() and where memory or threads are limited. Each case is a
// child of its own.
#include "tests/core/sanitizers.h"

#if defined(__unix__) && !defined(__SANITIZE_THREAD__)    // ThreadSanitizer allows no threads after fork()

#include <doctest/doctest.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <new>
#include <string>
#include <thread>

#include <ordinal/core/fast/buffer.h>
#include <ordinal/core/fast/gemm.h>
#include <ordinal/core/fast/instruction_set.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops.h>
#include "tests/core/thread_count.h"

using namespace ordinal;

namespace {

// What body() returns in a child process; -1 if the child dies of something else.
int in_child(const std::function<int()>& body) {
    std::cout.flush();
    const pid_t child = fork();
    if (child == 0) {
        int result = 99;
        alarm(60);    // instead of waiting for ever
        try {
            result = body();
        } catch (const std::exception& error) {
            std::cerr << error.what() << std::endl;
        }
        _exit(result);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool computes_on(int threads, Index n = 256) {
    return with_threads(threads, [=] {
        const NdArray product = matmul(ones({n, n}), ones({n, n}));
        return sum_all(product) == static_cast<Scalar>(n * n * n);
    });
}

// From now on the process may take so many bytes more than it has.
[[maybe_unused]] void allow(std::size_t more) {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const rlim_t bytes = pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) + more;
    const rlimit limit{bytes, bytes};
    setrlimit(RLIMIT_AS, &limit);
}

// Asks the system now for what later calls may put on the stack: it lies where their frames will be.
[[maybe_unused, gnu::noinline]] void ask_for_stack() {
    volatile char stack[1 << 22];
    for (char volatile& byte : stack) byte = 0;
}

}    // namespace

// A forked child does not have its parent's threads, only the lists of what was to be done at their ends.
extern "C" const char* __lsan_default_suppressions() { return "leak:__cxa_thread_atexit_impl"; }

TEST_CASE("a forked child computes on threads of its own and so does its child") {
    REQUIRE(computes_on(4));
    CHECK(in_child([] { return computes_on(4) && in_child([] { return computes_on(4) ? 5 : 6; }) == 5 ? 7 : 8; }) == 7);
    CHECK(computes_on(4));
}

TEST_CASE("a program may end inside a slice") {
    for (Index ending : {0, 1, 2, 3})
        CHECK(in_child([&]() -> int {
                  return with_threads(4, [&] {
                      parallel_for(4, 1, [&](Index begin, Index) {
                          if (begin == ending) std::exit(7);
                      });
                      return 8;
                  });
              }) == 7);
}

// As the destructor of a static object does, when variables of the main thread are gone.
TEST_CASE("a program may compute after main") {
    for (int threads : {1, 4}) {
        static int threads_then = 0;
        CHECK(in_child([=] {
                  threads_then = threads;
                  if (!computes_on(threads, 64)) return 8;
                  std::atexit([] {
                      const Tensor w = Tensor::parameter(ones({2}));
                      sum(w * w).backward();
                      _exit(computes_on(threads_then, 512) && computes_on(threads_then, 64) && w.has_grad() ? 7 : 9);
                  });
                  std::exit(10);
              }) == 7);
    }
}

TEST_CASE("a thread's end gives back what its products needed") {    // else the leak sanitizer speaks at the end
    for (int i = 0; i < 3; ++i) {
        bool right = false;
        std::thread([&] { right = computes_on(1, 64); }).join();
        CHECK(right);
    }
}

#if defined(__linux__)

TEST_CASE("the number of threads and the instruction set have defaults") {
    CHECK(num_threads() >= 1);
    CHECK(has_instruction_set(instruction_set()));
}

// The next case runs these two in processes of their own.
TEST_CASE("on one processor there is one thread" * doctest::skip()) { CHECK(num_threads() == 1); }
TEST_CASE("on all processors there are as many threads" * doctest::skip()) {
    cpu_set_t allowed;
    REQUIRE(sched_getaffinity(0, sizeof allowed, &allowed) == 0);
    std::string quota;    // of a container, which may have a share of them
    std::ifstream("/sys/fs/cgroup/cpu.max") >> quota;
    if (quota.empty() || quota == "max") CHECK(num_threads() == CPU_COUNT(&allowed));
    CHECK(num_threads() <= CPU_COUNT(&allowed));
}

TEST_CASE("there are as many threads as this process may use processors") {
    const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
    const auto holds = [&](const std::string& test) {
        const std::string command = "ORDINAL_THREADS= '" + program + "' --no-skip -tc='" + test + "' >/dev/null 2>&1";
        return std::system(command.c_str()) == 0;
    };
    CHECK(holds("on all processors*"));
    cpu_set_t allowed, one;
    REQUIRE(sched_getaffinity(0, sizeof allowed, &allowed) == 0);
    int first = 0;
    while (!CPU_ISSET(first, &allowed)) ++first;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
    const bool alone = holds("on one processor*");
    sched_setaffinity(0, sizeof allowed, &allowed);
    CHECK(alone);
}

TEST_CASE("a variable of the environment that is empty is one that is not set") {
    const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
    const auto works = [&](const std::string& variables) {
        return std::system((variables + " '" + program +
                            "' -tc='the number of threads and the instruction set*' >/dev/null 2>&1")
                               .c_str()) == 0;
    };
    CHECK(works("ORDINAL_THREADS= ORDINAL_ISA="));
    for (const char* right : {"0", "1", "256"}) CHECK(works(std::string("ORDINAL_THREADS=") + right));
    for (const char* wrong : {"many", "2x", "-1", "257"}) CHECK_FALSE(works(std::string("ORDINAL_THREADS=") + wrong));
    CHECK_FALSE(works("ORDINAL_ISA=many"));
    CHECK(std::system(("ORDINAL_THREADS=many '" + program +
                       "' -tc='the number of threads and the instruction set*' 2>&1 | " +
                       "grep -qF \"ORDINAL_THREADS: expected 0 (all processors) to 256, got 'many'\"")
                          .c_str()) == 0);
}

#endif

#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__)    // AddressSanitizer takes terabytes of addresses

TEST_CASE("too few threads are enough") {
    CHECK(in_child([] {
              allow(4 << 20);    // a thread's stack is larger
              return computes_on(64) ? 7 : 8;
          }) == 7);
}

TEST_CASE("without memory there is a sentence") {
    CHECK(in_child([] {
              release_idle_buffers();    // another test's array may have this size
              allow(64 << 20);
              try {
                  const NdArray too_much = zeros({1 << 27});
              } catch (const Error& error) {
                  return error.what() == std::string("make_buffer: there is no memory for 134217728 numbers") ? 7 : 8;
              }
              return 9;
          }) == 7);
}

TEST_CASE("small things do not find memory either and say so") {
    CHECK(in_child([] {
              allow(8 << 20);
              std::vector<Tensor> kept;
              kept.reserve(1 << 16);
              try {
                  while (true) kept.push_back(Tensor(zeros({100})));
              } catch (const Error& error) {
                  return std::string(error.what()).find("there is no memory for") != std::string::npos ? 7 : 8;
              }
          }) == 7);
}

// Also frees what it had: a destructor that asks for memory would end the program.
TEST_CASE("a graph that outgrows the memory says so and can be freed") {
    CHECK(in_child([] {
              const Index before = Node::live_count();
              allow(32 << 20);
              int refused = 0;
              for (int round = 0; round < 3; ++round) try {
                      Tensor y = Tensor::parameter(1);
                      while (true) y = y + 1;
                  } catch (const Error& error) {
                      refused += std::string(error.what()).find("there is no memory for") != std::string::npos;
                  }
              return refused == 3 && Node::live_count() == before ? 7 : 8;
          }) == 7);
}

TEST_CASE("lists inside operations do not find memory either and say so") {
    const auto refused = [](const char* sentence, std::size_t more, const std::function<void()>& operation) {
        return in_child([&] {
                   allow(more << 20);
                   try {
                       operation();
                   } catch (const Error& error) {
                       std::cerr << (error.what() == std::string(sentence) ? "" : error.what());
                       return error.what() == std::string(sentence) ? 7 : 8;
                   }
                   return 9;
               }) == 7;
    };
    const Index count = 12'000'000;
    const IndexArray ids({count}, std::vector<Index>(static_cast<std::size_t>(count)));
    const NdArray column = broadcast_to(NdArray(1), {count, 1});
    release_idle_buffers();
#if defined(__GLIBC__)
    malloc_trim(0);    // what other tests have freed would hold the list under any limit
#endif
    CHECK(refused("slice: there is no memory for a list of 12000000", 120, [&] { slice(ids, 0, Slice{}); }));
    CHECK(refused("argmax_last: there is no memory for a list of 12000000", 120, [&] { argmax_last(column); }));
    CHECK(refused("unstack: there is no memory for a list of 12000000", 120, [&] { unstack(Tensor(column), 0); }));
    CHECK(refused("cross_entropy: there is no memory for a list of 12000000", 80,
                  [&] { cross_entropy(Tensor(column), ids); }));
}

TEST_CASE("a formula that finds no memory says so") {
    CHECK(in_child([] {
              constexpr std::size_t size = 1 << 16;
              ask_for_stack();
              const Tensor x = Tensor::parameter(1);
              const std::array<char, size> much{};
              std::vector<std::unique_ptr<char[]>> all;
              all.reserve(1 << 16);
              release_idle_buffers();
              allow(size);
              try {
                  while (true) all.push_back(std::make_unique<char[]>(size));
              } catch (const std::bad_alloc&) {    // now a block of this size is nowhere
              }
              try {
                  Tensor::from_op("mine", x.values(), {x}, [much](const NdArray&) { static_cast<void>(much[0]); });
              } catch (const Error& error) {
                  return error.what() == std::string("backward: there is no memory for another formula") ? 7 : 8;
              }
              return 9;
          }) == 7);
}

TEST_CASE("adding rows needs memory for the rows and none for the table") {
    CHECK(in_child([] {
              constexpr Index count = 1 << 23;    // 64 MB: malloc asks the system for so much
              NdArray table = zeros({1 << 24, 1});
              table.mutable_data();
              const IndexArray few({3}, {5, 9, 5}), many({count}, std::vector<Index>(count, 3));
              const NdArray rows = ones({3, 1}), many_rows = ones({count, 1});
              release_idle_buffers();
              allow(16 << 20);
              scatter_add_rows(table, few, rows);
              if (table.at({5, 0}) != 2 || table.at({9, 0}) != 1) return 8;
              try {
                  scatter_add_rows(table, many, many_rows);
              } catch (const Error& error) {
                  return error.what() ==
                                 text_of("scatter_add_rows: there is no memory to add ", count, " rows of width 1")
                             ? 7
                             : 9;
              }
              return 10;
          }) == 7);
}

TEST_CASE("a matrix product without memory for its sums says so") {
    CHECK(in_child([] {
              return with_threads(1, [] {
                  const NdArray a = ones({5000}), b = ones({1024});    // each row is the same one
                  NdArray c = zeros({1024});
                  Scalar* to = c.mutable_data();
                  release_idle_buffers();
                  allow(4 << 20);
                  try {
                      gemm(8192, 1024, 5000, {a.data(), 0, 1}, {b.data(), 0, 1}, to, 0);
                  } catch (const Error& error) {
                      return error.what() == std::string("gemm: there is no memory for 8388608 numbers") ? 7 : 8;
                  }
                  return 9;
              });
          }) == 7);
}

TEST_CASE("idle buffers are given back before there is no memory") {
    CHECK(in_child([] {
              constexpr Index megabyte = (Index(1) << 20) / static_cast<Index>(sizeof(Scalar));
              release_idle_buffers();
              allow(500 << 20);               // not for both of them
              make_buffer(300 * megabyte);    // lies idle now
              return make_buffer(350 * megabyte) != nullptr ? 7 : 8;
          }) == 7);
}

#endif
#endif
