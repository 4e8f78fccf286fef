// ORDINAL_PROFILE: this program runs itself once more with the variable set, for one of the first cases of this file,
// and reads what it prints at its end.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/operators.h>
#include <ordinal/core/ops.h>
#include <ordinal/core/random.h>
#include <ordinal/nn/optimizer.h>

using namespace ordinal;

namespace {

void wait() { std::this_thread::sleep_for(std::chrono::milliseconds(300)); }

}    // namespace

TEST_CASE("a program to be profiled") {
    const Index n = 250;    // results of n x n numbers
    const Tensor x(NdArray({n, 4}, Scalar(0.1))), w = Tensor::parameter(NdArray({4, n}, Scalar(0.2)));
    Sgd optimizer({{"w", w}});
    for (int step = 0; step < 3; ++step) {
        const Tensor y = tanh(matmul(x, w));
        sum(y * y).backward();
        optimizer.step(0.1);
    }
    // Two blocks of queries, whose biases are computed by operations of their own, forward and again backward.
    const Tensor q = Tensor::parameter(NdArray({1, 2, 150, 8}, Scalar(0.1))),
                 table = Tensor::parameter(zeros({150, 150}));
    const auto rows = [](const std::vector<Tensor>& sources, Index begin, Index end) {
        return slice(scale(sources[0], 2), 0, begin, end);
    };
    attention(q, q, q, {.bias = {.sources = {table}, .rows = rows}}).backward(NdArray(q.shape(), 1));
    CHECK(w.has_grad());
}

TEST_CASE("a program that waits between its operations") {
    Rng rng(1);
    const Tensor w = Tensor::parameter(ones({4, 4}));
    Sgd optimizer({{"w", w}});
    const Tensor y = exp(w);
    const NdArray positive = y.values() > 0;    // with arrays alone, before a wait
    wait();
    const Tensor z = scale(w, 2);
    const NdArray loaded = zeros({4, 4});
    wait();
    sum(dropout(z, 0.5, rng)).backward();
    const NdArray also_loaded = w.values() * 2;
    wait();
    clip_gradients({{"w", w}}, 1);
    optimizer.step(0.1);
    CHECK(positive.size() == loaded.size());
}

TEST_CASE("a program with two threads of its own") {
    const auto computes = [] {
        for (int i = 0; i < 10; ++i) tanh(Tensor(ones({100, 100})));
    };
    std::thread one(computes), other(computes);
    one.join();
    other.join();
    const Tensor shared(ones({3}));    // a third thread; and the slices of its loop are computed by two or three
    parallel_for(8, 1, [&](Index begin, Index end) {
        for (Index i = begin; i < end; ++i) exp(shared);
    });
}

TEST_CASE("a program whose operations have long names") {
    const Tensor x(ones({3}));
    for (const char* name : {"the_first_half_of_a_long_computation", "the_first_half_of_a_long_name"})
        Tensor::from_op(name, x.values() * 2, {x}, nullptr);
}

TEST_CASE("a program without operations") { CHECK(ones({3}).size() == 3); }

#if defined(__linux__)

namespace {

// What one of the cases above prints on stderr.
std::vector<std::string> profile(const std::string& variables, const std::string& name = "a program to be profiled") {
    const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
    const std::string command = variables + " '" + program + "' -tc='" + name + "' 2>&1 >/dev/null";
    FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string text;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
    REQUIRE(pclose(pipe) == 0);
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

struct Line {
    std::string name;
    Index calls = 0;
    double forward = 0, backward = 0, share = 0;
    std::string percent;
    double megabytes = 0;
};

Line parsed(const std::string& text) {
    Line line;
    line.name = text.substr(0, text.find("  "));    // which may be two words
    std::istringstream in(text.substr(line.name.size()));
    in >> line.calls >> line.forward >> line.backward >> line.share >> line.percent >> line.megabytes;
    CHECK(!in.fail());
    CHECK(line.percent == "%");
    return line;
}

// Times are no promise: every digit of a column with a point becomes #, and so do the spaces before it.
std::string without_times(std::string line) {
    for (std::size_t i = 34; i < 69 && i < line.size(); ++i)
        if (line[i] == ' ' || std::isdigit(static_cast<unsigned char>(line[i]))) line[i] = '#';
    return line;
}

std::map<std::string, Line> operations(const std::vector<std::string>& lines) {
    std::map<std::string, Line> rows;
    for (std::size_t i = 1; i + 1 < lines.size(); ++i) rows[parsed(lines[i]).name] = parsed(lines[i]);
    return rows;
}

}    // namespace

TEST_CASE("nobody asks and nothing is printed") {
    for (const std::string value : {"", "0"}) CHECK(profile("ORDINAL_PROFILE=" + value).empty());
    CHECK(profile("ORDINAL_PROFILE=1", "a program without operations").empty());
}

TEST_CASE("another word than 1 or 0 is refused in a sentence") {
    for (const std::string value : {"off", "2", "01"})
        CHECK(profile("ORDINAL_PROFILE=" + value) ==
              std::vector<std::string>{"ORDINAL_PROFILE: expected 1, or 0 for no profile, got '" + value +
                                       "'; there will be none"});
}

TEST_CASE("a wait between operations is charged to none of them") {
    const std::vector<std::string> lines = profile("ORDINAL_PROFILE=1", "a program that waits between its operations");
    const std::map<std::string, Line> rows = operations(lines);
    CHECK(rows.size() == 7);    // exp, scale, dropout, sum, clip_gradients, Sgd, and what is between
    for (const auto& named : rows) {
        const Line& row = named.second;
        INFO(row.name);
        if (row.name == "between operations") continue;
        CHECK(row.calls == 1);
        CHECK(row.forward + row.backward < 250);    // of a few microseconds
    }
    CHECK(rows.count("dropout") == 1);
    CHECK(rows.count("clip_gradients") == 1);
    CHECK(parsed(lines[7]).forward >= 900);
}

TEST_CASE("the time of several threads is said to be that") {
    const std::vector<std::string> lines = profile("ORDINAL_PROFILE=1", "a program with two threads of its own");
    const std::map<std::string, Line> rows = operations(lines);
    REQUIRE(lines.size() == 4);    // no row between: there is no one time that they all have
    CHECK(rows.at("tanh").calls == 20);
    CHECK(rows.at("exp").calls == 8);
    double operations_ms = 0, of_program = 0, megabytes = 0;
    int threads = 0;
    CHECK(std::sscanf(lines.back().c_str(), "all operations: %lf thread-ms of the program's %lf, %lf MB, on %d threads",
                      &operations_ms, &of_program, &megabytes, &threads) == 4);
    CHECK(threads >= 3);
    CHECK(std::abs(rows.at("tanh").share + rows.at("exp").share - 100) < 0.11);
}

TEST_CASE("long names of operations are printed whole") {
    const std::vector<std::string> lines = profile("ORDINAL_PROFILE=1", "a program whose operations have long names");
    CHECK(operations(lines).count("the_first_half_of_a_long_computation") == 1);
    CHECK(operations(lines).count("the_first_half_of_a_long_name") == 1);
    CHECK(lines[1].size() == lines[0].size());
    CHECK(lines[3].size() == lines[0].size());
}

TEST_CASE("a profile lists every operation once with its calls and the bytes of its arrays") {
    for (const std::string threads : {"1", "3"}) {
        INFO(threads, " threads");
        const std::vector<std::string> lines = profile("ORDINAL_PROFILE=1 ORDINAL_THREADS=" + threads);
        REQUIRE(lines.size() == 9);
        CHECK(lines.front() ==
              "operation                    calls    forward ms   backward ms    share    allocated MB");
        std::map<std::string, Line> rows;
        double before = std::numeric_limits<double>::infinity(), shares = 0, total = 0;
        for (std::size_t i = 1; i < 7; ++i) {
            const Line row = rows[parsed(lines[i]).name] = parsed(lines[i]);
            CHECK(lines[i].size() == lines.front().size());
            CHECK(row.forward + row.backward <= before + 0.0011);    // printed to a thousandth
            before = row.forward + row.backward;
            total += before;
            shares += row.share;
        }
        const Line rest = parsed(lines[7]);
        CHECK(rest.name == "between operations");
        CHECK(lines[7].size() == lines.front().size());
        CHECK(std::abs(shares + rest.share - 100) < 0.36);    // 7 shares, each rounded to a tenth

        const auto megabytes = [](Index numbers) { return static_cast<double>(numbers) * sizeof(Scalar) / 1e6; };
        const auto check = [&](const std::string& name, Index calls, Index numbers) {
            INFO(name);
            REQUIRE(rows.count(name) == 1);
            CHECK(rows[name].calls == calls);
            if (numbers > 0) CHECK(std::abs(rows[name].megabytes - megabytes(numbers)) < 0.00051);
            CHECK(rows[name].forward > 0);
        };
        const Index square = 250 * 250;
        check("matmul", 3, 3 * (square + 4 * 250));    // the product, and dW
        check("tanh", 3, 3 * 2 * square);              // and its gradient
        check("mul", 3, 3 * 3 * square);               // and two gradients
        check("sum", 3, 0);                            // the gradient is the same number, seen from everywhere
        check("Sgd", 3, 0);                            // its steps: no operation, but work with a name
        check("attention", 1, 0);                      // with its biases: neither scale nor slice has a row
        CHECK(rows["sum"].megabytes < 0.001);
        CHECK(rows["attention"].backward > 0);
        // Two blocks of weights for each of two heads forward, and twice as many numbers backward, at the least.
        CHECK(rows["attention"].megabytes > megabytes(2 * 150 * 150 * 3));

        double in_operations = 0, of_program = 0, all_megabytes = 0;
        CHECK(std::sscanf(lines.back().c_str(), "all operations: %lf ms of the program's %lf, %lf MB", &in_operations,
                          &of_program, &all_megabytes) == 3);
        CHECK(std::abs(in_operations - total) < 0.01);
        CHECK(std::abs(in_operations + rest.forward - of_program) < 0.002);
        CHECK(all_megabytes >= rows["mul"].megabytes);
    }
}

TEST_CASE("the form of a profile") {
    const std::vector<std::string> lines = profile("ORDINAL_PROFILE=1");
    REQUIRE(lines.size() == 9);
    std::vector<std::string> rows;
    for (std::size_t i = 1; i < 7; ++i) rows.push_back(without_times(lines[i]).substr(0, 71));
    std::sort(rows.begin(), rows.end());    // the slowest comes first, whichever that is
    const std::string times = std::string("##########.###") + "##########.###" + "#####.# %";
    CHECK(rows[0] == "Sgd                              3" + times);
    CHECK(rows[1] == "attention                        1" + times);
    CHECK(rows[2] == "matmul                           3" + times);
    CHECK(rows[3] == "mul                              3" + times);
    CHECK(rows[4] == "sum                              3" + times);
    CHECK(rows[5] == "tanh                             3" + times);
}

#endif
