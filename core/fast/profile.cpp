#include <ordinal/core/fast/profile.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <map>
#include <mutex>
#include <new>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace ordinal::detail {
namespace {

Index now() {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}
const Index start = now();

struct Row {
    Index calls = 0, forward = 0, backward = 0, bytes = 0;    // nanoseconds
    Index time() const { return forward + backward; }
};

struct Table {
    std::mutex mutex;
    std::map<std::string, Row> rows;
};
Table& table() {    // never destroyed: other static objects may compute when main() is over
    static Table& the_table = *new Table;
    return the_table;
}

double millions(Index n) { return static_cast<double>(n) / 1e6; }    // nanoseconds in ms, bytes in MB

void print_table() {
    const std::lock_guard lock(table().mutex);
    std::vector<std::pair<std::string, Row>> rows(table().rows.begin(), table().rows.end());
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.second.time() > b.second.time(); });
    Index time = 0, bytes = 0;    // of all
    for (const auto& [name, row] : rows) {
        time += row.time();
        bytes += row.bytes;
    }
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out << std::fixed << std::setprecision(3);
    const auto name_and_calls = [&](const std::string& name, auto calls) {
        out << std::left << std::setw(24) << name.substr(0, 23) << std::right << std::setw(10) << calls;
    };
    name_and_calls("operation", "calls");
    out << "    forward ms   backward ms    share    allocated MB\n";
    for (const auto& [name, row] : rows) {
        name_and_calls(name, row.calls);
        out << std::setprecision(3) << std::setw(14) << millions(row.forward) << std::setw(14)
            << millions(row.backward);
        out << std::setprecision(1) << std::setw(7) << 100 * millions(row.time()) / millions(std::max<Index>(time, 1));
        out << " %" << std::setprecision(3) << std::setw(16) << millions(row.bytes) << '\n';
    }
    out << "all operations: " << millions(time) << " ms of the program's " << millions(now() - start) << ", "
        << millions(bytes) << " MB\n";
    std::cerr << out.str() << std::flush;
}

bool asked_for() {
    const char* wanted = std::getenv("ORDINAL_PROFILE");
    if (wanted == nullptr || *wanted == '\0' || *wanted == '0') return false;
    return std::atexit(print_table) == 0;
}

Spending& spending() {    // in a slice: its caller's
    static thread_local Spending own;
    if (thread_flags.spending == nullptr) thread_flags.spending = &own;
    return *thread_flags.spending;
}

void add_row(const char* name, bool is_backward) noexcept {
    const Index begun = spending().begun.exchange(0), bytes = spending().bytes.exchange(0);
    const Index time = begun == 0 ? 0 : now() - begun;
    const std::lock_guard lock(table().mutex);
    try {
        Row& row = table().rows[name];
        row.calls += is_backward ? 0 : 1;
        (is_backward ? row.backward : row.forward) += time;
        row.bytes += bytes;
    } catch (const std::bad_alloc&) {    // for a new row: then the program itself will hear of it soon
    }
}

}    // namespace

const bool profiling = asked_for();

void spend(Index bytes) {
    Index nothing = 0;
    spending().begun.compare_exchange_strong(nothing, now(), std::memory_order_relaxed);
    spending().bytes.fetch_add(bytes, std::memory_order_relaxed);
}

void forget_spending() {
    if (thread_flags.measured) return;
    spending().begun = 0;
    spending().bytes = 0;
}

void record_spending(const char* op) {
    if (!thread_flags.measured) add_row(op, false);
}

Measured::Measured(const char* name, bool is_backward)
    : name_(profiling && !thread_flags.measured ? name : nullptr), is_backward_(is_backward) {
    if (name_ == nullptr) return;
    thread_flags.measured = true;
    spending().begun = now();
    spending().bytes = 0;
}

Measured::~Measured() {
    if (name_ == nullptr) return;
    thread_flags.measured = false;
    add_row(name_, is_backward_);
}

}    // namespace ordinal::detail
