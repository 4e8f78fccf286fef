#include <ordinal/positional/explain.h>

#include <doctest/doctest.h>

#include <sstream>
#include <vector>

using namespace ordinal;

namespace {

std::string shown(const std::vector<Scalar>& numbers) {
    std::ostringstream out;
    out << FirstNumbers(numbers);
    return out.str();
}

}    // namespace

TEST_CASE("the first four numbers of a vector are shown with their signs") {
    CHECK(shown({}) == "[]");
    CHECK(shown({Scalar(0.5)}) == "[+0.5000]");
    CHECK(shown({1, -2, Scalar(0.12345), 0}) == "[+1.0000, -2.0000, +0.1235, +0.0000]");
    CHECK(shown({1, 2, 3, 4, 5, 6}) == "[+1.0000, +2.0000, +3.0000, +4.0000, ... 6 numbers]");
}

TEST_CASE("showing a vector leaves the stream as it was") {
    std::ostringstream out;
    const std::vector<Scalar> numbers{1};
    out << FirstNumbers(numbers) << " " << 0.123456789 << " " << 7;
    CHECK(out.str() == "[+1.0000] 0.123457 7");
}
