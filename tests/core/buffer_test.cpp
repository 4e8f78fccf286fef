#include <ordinal/core/buffer.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <thread>
#include <vector>

#include <ordinal/core/error.h>

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

TEST_CASE("more numbers than memory has bytes are refused") {
    CHECK_THROWS_WITH_AS(make_buffer(std::numeric_limits<Index>::max()),
                         "make_buffer: there is no memory for 9223372036854775807 numbers", Error);
    // so many that their bytes, counted in 64 bits, are few
    CHECK_THROWS_AS(make_buffer((Index(1) << (sizeof(Scalar) == 4 ? 62 : 61)) + big), Error);
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
