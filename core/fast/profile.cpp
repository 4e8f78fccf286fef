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

#include <ordinal/core/tensor.h>

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
    Index threads = 0;    // that have a part in the rows
    std::atomic<Index> bytes_between{0};
};
Table& table() {    // never destroyed: other static objects may compute when main() is over
    static Table& the_table = *new Table;
    return the_table;
}

double millions(Index n) { return static_cast<double>(n) / 1e6; }    // nanoseconds in ms, bytes in MB

// Of a program on one thread what is left is a row, too, and the shares are those of its time. Threads compute at the
// same time, and what they take together is more than the program's; then the shares are those of the operations.
void print_table() {
    const Index of_program = now() - start;
    const std::lock_guard lock(table().mutex);
    std::vector<std::pair<std::string, Row>> rows(table().rows.begin(), table().rows.end());
    if (rows.empty()) return;    // no more than --help was asked for
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.second.time() > b.second.time(); });
    Index time = 0, bytes = 0;    // of all operations
    std::size_t width = 23;       // of the longest name
    for (const auto& [name, row] : rows) {
        time += row.time();
        bytes += row.bytes;
        width = std::max(width, name.size());
    }
    const bool alone = table().threads == 1;
    if (alone)
        rows.emplace_back("between operations", Row{.forward = of_program - time, .bytes = table().bytes_between});
    const Index whole = std::max<Index>(alone ? of_program : time, 1);
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out << std::fixed << std::setprecision(3);
    const auto name_and_calls = [&](const std::string& name, auto calls) {
        out << std::left << std::setw(static_cast<int>(width) + 1) << name << std::right << std::setw(10) << calls;
    };
    name_and_calls("operation", "calls");
    out << "    forward ms   backward ms    share    allocated MB\n";
    for (const auto& [name, row] : rows) {
        name_and_calls(name, row.calls);
        out << std::setprecision(3) << std::setw(14) << millions(row.forward) << std::setw(14)
            << millions(row.backward);
        out << std::setprecision(1) << std::setw(7) << 100 * millions(row.time()) / millions(whole) << " %"
            << std::setprecision(3) << std::setw(16) << millions(row.bytes) << '\n';
    }
    out << "all operations: " << millions(time) << (alone ? " ms" : " thread-ms") << " of the program's "
        << millions(of_program) << ", " << millions(bytes) << " MB"
        << (alone ? "" : text_of(", on ", table().threads, " threads")) << '\n';
    std::cerr << out.str() << std::flush;
}

bool asked_for() {
    const char* variable = std::getenv("ORDINAL_PROFILE");
    const std::string wanted = variable == nullptr ? "" : variable;
    if (wanted == "1") return std::atexit(print_table) == 0;
    if (!wanted.empty() && wanted != "0")
        std::cerr << "ORDINAL_PROFILE: expected 1, or 0 for no profile, got '" << wanted << "'; there will be none\n";
    return false;
}

void add_row(const char* name, bool is_backward, Index begun) noexcept {
    Spending& own = spending();
    const Index time = now() - begun;
    own.reads = {};
    own.first_array = 0;
    const Index bytes = own.bytes.exchange(0);
    const std::lock_guard lock(table().mutex);
    table().threads += std::exchange(own.has_rows, true) ? 0 : 1;
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

Spending& spending() {
    static thread_local Spending own;
    return own;
}

void hand_spending_to(Spending& other) { other.bytes += spending().bytes.exchange(0); }

void spend(Index bytes) {
    Spending& own = spending();
    if (own.first_array == 0) own.first_array = now();
    own.bytes.fetch_add(bytes, std::memory_order_relaxed);
}

void forget_spending() {
    if (thread_flags.measured) return;
    spending().first_array = 0;
    table().bytes_between += spending().bytes.exchange(0);
}

void note_reading(const Node* tensor) {
    Spending& own = spending();
    const auto is_it = [=](const auto& read) { return read.first == tensor; };
    if (thread_flags.measured || std::any_of(own.reads.begin(), own.reads.end(), is_it)) return;
    own.reads[own.next_read++ % own.reads.size()] = {tensor, now()};
}

void record_spending(const char* op, const std::vector<Tensor>& inputs) {
    if (thread_flags.measured) return;
    const Index first_array = spending().first_array, end = now();
    if (first_array == 0) return add_row(op, false, end);    // a view
    Index first_read = end;
    for (const auto& [tensor, time] : spending().reads)
        for (const Tensor& input : inputs)
            if (tensor != nullptr && tensor == input.node().get()) first_read = std::min(first_read, time);
    add_row(op, false, first_read == end ? first_array : std::max(first_read, first_array));
}

Measured::Measured(const char* name, bool is_backward)
    : name_(profiling && !thread_flags.measured ? name : nullptr), is_backward_(is_backward) {
    if (name_ == nullptr) return;
    forget_spending();
    thread_flags.measured = true;
    begun_ = now();
}

Measured::~Measured() {
    if (name_ == nullptr) return;
    thread_flags.measured = false;
    add_row(name_, is_backward_, begun_);
}

}    // namespace ordinal::detail
