#include <ordinal/core/fast/buffer.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <ordinal/core/error.h>
#include <ordinal/core/nd_array.h>

using namespace ordinal;

namespace {

constexpr Index big = 50'000;    // numbers: 200 KB in float, well above what is worth keeping

std::uintptr_t address(const std::shared_ptr<Scalar[]>& buffer) {
    return reinterpret_cast<std::uintptr_t>(buffer.get());
}

}    // namespace

TEST_CASE("a big block that was given back is handed out again") {
    const std::uintptr_t first = address(make_buffer(big));
    const auto again = make_buffer(big);
    CHECK(address(again) == first);
    CHECK(address(make_buffer(big)) != first);    // it is taken now
}

TEST_CASE("blocks in use at the same time are different") {
    const auto a = make_buffer(big), b = make_buffer(big), c = make_buffer(big + 16);
    std::fill_n(a.get(), big, Scalar(1));
    std::fill_n(b.get(), big, Scalar(2));
    std::fill_n(c.get(), big + 16, Scalar(3));
    CHECK(std::count(a.get(), a.get() + big, Scalar(1)) == big);
    CHECK(std::count(b.get(), b.get() + big, Scalar(2)) == big);
}

TEST_CASE("a block is not handed out for another size") {
    const std::uintptr_t first = address(make_buffer(3 * big));
    const auto smaller = make_buffer(2 * big), larger = make_buffer(4 * big), same = make_buffer(3 * big);
    CHECK(address(smaller) != first);
    CHECK(address(larger) != first);
    CHECK(address(same) == first);
}

TEST_CASE("big blocks begin where vector registers like it") {
    for (Index count : {big, big + 1, big + 7, 10 * big + 3, 20 * big + 3}) {
        const auto a = make_buffer(count), b = make_buffer(count);
        CHECK(address(a) % 64 == 0);
        CHECK(address(b) % 64 == 0);
        a[count - 1] = 1;    // a sanitizer looks whether the last number fits
        b[count - 1] = 2;
    }
}

#if defined(__linux__)
TEST_CASE("a block that is worth huge pages begins with one") {
    CHECK(address(make_buffer(1 << 20)) % (1 << 21) == 0);    // 4 MB of float
}
#endif

TEST_CASE("an empty array has an address and a small one its own") {
    CHECK(make_buffer(0) != nullptr);
    const auto a = make_buffer(1), b = make_buffer(1);
    CHECK(a != b);
}

TEST_CASE("more than 2 GiB of numbers are refused before memory is asked for") {
    constexpr Index most = (Index(1) << 31) / static_cast<Index>(sizeof(Scalar));
    const std::string expected = text_of("make_buffer: expected at most ", most, " numbers (2 GiB) in one array, got ");
    CHECK_THROWS_WITH_AS(make_buffer(most + 1), text_of(expected, most + 1).c_str(), Error);
    CHECK_THROWS_WITH_AS(make_buffer(std::numeric_limits<Index>::max()), (expected + "9223372036854775807").c_str(),
                         Error);
    // so many that their bytes, counted in 64 bits, are few
    CHECK_THROWS_AS(make_buffer((Index(1) << (sizeof(Scalar) == 4 ? 62 : 61)) + big), Error);
    CHECK_THROWS_AS(make_buffer(-1), Error);
    CHECK_THROWS_AS(zeros({1 << 20, 1 << 20}), Error);
    CHECK(broadcast_to(zeros({1}), {Index(1) << 40}).size() == Index(1) << 40);    // takes no memory
}

// 1 GB may lie idle. If what lay idle first stayed for ever, no other size would ever be kept.
TEST_CASE("blocks of sizes that nobody asks for make room for those that are asked for") {
    constexpr Index megabyte = (Index(1) << 20) / static_cast<Index>(sizeof(Scalar));
    {
        std::vector<std::shared_ptr<Scalar[]>> old;
        for (Index i = 0; i < 16; ++i) old.push_back(make_buffer((63 - i) * megabyte));    // never touched: no memory
    }
    { const auto a = make_buffer(200 * megabyte), b = make_buffer(201 * megabyte); }
    const std::uintptr_t first = address(make_buffer(100 * megabyte));
    const auto again = make_buffer(100 * megabyte);
    CHECK(address(again) == first);
    release_idle_buffers();
}

TEST_CASE("what finds no memory is tried again without the idle buffers and then refused") {
    int calls = 0;
    const auto none = [&]() -> int {
        ++calls;
        throw std::bad_alloc();
    };
    CHECK_THROWS_WITH_AS(with_memory(none, "test: no memory for ", 3, " numbers"), "test: no memory for 3 numbers",
                         Error);
    CHECK(calls == 2);
    calls = 0;
    const auto second = [&] { return ++calls == 1 ? throw std::bad_alloc() : calls; };
    CHECK(with_memory(second, "test") == 2);
}

TEST_CASE("many threads at once each get memory of their own") {
    std::atomic<Index> wrong{0};
    std::vector<std::thread> threads;
    for (int id = 1; id <= 4; ++id)
        threads.emplace_back([&wrong, id] {
            std::shared_ptr<Scalar[]> kept;    // outlives the next block: blocks are given back in mixed order
            for (Index repetition = 0; repetition < 200; ++repetition) {
                const Index count = big + 16 * (repetition % 3);
                const auto mine = make_buffer(count);
                const auto value = static_cast<Scalar>(1000 * id + static_cast<int>(repetition));
                for (Index i = 0; i < count; i += 97) mine[i] = value;
                if (kept != nullptr) kept[0] = 0;
                std::this_thread::yield();
                for (Index i = 0; i < count; i += 97) wrong += mine[i] != value;
                kept = mine;
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(wrong == 0);
}
