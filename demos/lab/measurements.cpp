#include "demos/lab/measurements.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>

#include <ordinal/core/error.h>
#include <ordinal/core/fast/parallel.h>
#include "demos/lab/progress.h"

namespace ordinal::demos {
namespace {

bool contains(const auto& values, const auto& value) { return std::ranges::find(values, value) != values.end(); }

const std::string* value_of(const Labels& labels, const std::string& axis) {
    for (const Label& label : labels)
        if (label.axis == axis) return &label.value;
    return nullptr;
}

bool has_all(const Labels& labels, const Labels& wanted) {
    return std::ranges::all_of(wanted, [&](const Label& label) { return contains(labels, label); });
}

bool is_number(const std::string& text) {
    char* end = nullptr;
    std::strtod(text.c_str(), &end);
    return !text.empty() && *end == '\0';
}

Labels joined(const Labels& labels, const Labels& more) {
    Labels all = labels;
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

template <class Keep>
Measurements those(const Measurements& all, Keep keep) {
    Measurements part;
    std::ranges::copy_if(all.numbers, std::back_inserter(part.numbers), keep);
    std::ranges::copy_if(all.arrays, std::back_inserter(part.arrays), keep);
    return part;
}

}    // namespace

std::string text_of_labels(const Labels& labels) {
    std::string text;
    for (const Label& label : labels) text += (text.empty() ? "" : ", ") + label.axis + " " + label.value;
    return text;
}

std::vector<Case> cases(const std::vector<std::pair<std::string, std::vector<std::string>>>& axes, Index steps) {
    std::vector<Case> all{{{}, steps}};
    for (const auto& [axis, values] : axes) {
        std::vector<Case> longer;
        for (const Case& shorter : all)
            for (const std::string& value : values) longer.push_back({joined(shorter.labels, {{axis, value}}), steps});
        all = std::move(longer);
    }
    return all;
}

const std::string& Run::operator[](const std::string& axis) const {
    const std::string* found = value_of(labels, axis);
    require<OptionError>(found != nullptr, "Run: expected a label '", axis, "', got only: ", text_of_labels(labels));
    return *found;
}

void Run::record(const Labels& more, double value) { numbers.push_back({joined(labels, more), seed, value}); }

void Run::keep(const Labels& more, NdArray values) {
    arrays.push_back({joined(labels, more), seed, std::move(values)});
}

std::vector<double> Measurements::of(const Labels& labels) const {
    std::vector<double> found;
    for (const auto& measured : numbers)
        if (has_all(measured.labels, labels)) found.push_back(measured.value);
    return found;
}

const NdArray& Measurements::array(const Labels& labels) const {
    const auto found = std::ranges::find_if(arrays, [&](const auto& kept) { return has_all(kept.labels, labels); });
    require<OptionError>(found != arrays.end(), "Measurements: expected an array of ", text_of_labels(labels),
                         ", got none; keep it in the run");
    return found->value;
}

std::vector<std::string> Measurements::labels(const std::string& axis) const {
    std::vector<std::string> values;
    for (const auto& measured : numbers)
        if (const std::string* value = value_of(measured.labels, axis); value != nullptr && !contains(values, *value))
            values.push_back(*value);
    if (std::ranges::all_of(values, is_number))
        std::ranges::sort(values, {}, [](const std::string& value) { return std::stod(value); });
    return values;
}

std::vector<std::uint64_t> Measurements::seeds() const {
    std::vector<std::uint64_t> seeds;
    for (const auto& measured : numbers)
        if (!contains(seeds, measured.seed)) seeds.push_back(measured.seed);
    return seeds;
}

std::string Measurements::of_seeds() const {
    const std::size_t count = seeds().size();
    return count == 1 ? "one seed" : text_of("mean [least .. greatest] of ", count, " seeds");
}

Measurements Measurements::where(const Label& label) const { return only(label.axis, {label.value}); }

Measurements Measurements::only(const std::string& axis, const std::vector<std::string>& values) const {
    return those(*this, [&](const auto& measured) {
        const std::string* value = value_of(measured.labels, axis);
        return value != nullptr && contains(values, *value);
    });
}

Measurements Measurements::without(const std::string& axis, const std::vector<std::string>& values) const {
    return those(*this, [&](const auto& measured) {
        const std::string* value = value_of(measured.labels, axis);
        return value == nullptr || !contains(values, *value);
    });
}

Table Measurements::table(Table head, const std::string& rows, const std::string& columns, const Cell& cell) const {
    const std::vector<std::string> across = labels(columns);
    head.columns = {rows};
    head.columns.insert(head.columns.end(), across.begin(), across.end());
    for (const std::string& row : labels(rows)) {
        const Measurements of_row = where({rows, row});
        head.rows.push_back({row});
        for (const std::string& column : across) {
            const std::vector<double> seeds = of_row.of({{columns, column}});
            head.rows.back().push_back(seeds.empty() ? "-" : cell(seeds));
        }
    }
    return head;
}

plot::LineChart Measurements::chart(plot::LineChart head, const std::string& lines, const std::string& x,
                                    const std::function<double(double)>& place) const {
    const auto placed = [&](const std::string& label) {
        char* end = nullptr;
        const double number = std::strtod(label.c_str(), &end);
        require<OptionError>(!label.empty() && *end == '\0', "chart: expected numbers along '", x, "', got '", label, "'");
        return place ? place(number) : number;
    };
    const std::vector<std::string> along = labels(x);
    if (head.log_x && head.x_ticks.empty()) std::ranges::transform(along, std::back_inserter(head.x_ticks), placed);
    for (const std::string& name : labels(lines)) {
        const Measurements of_line = where({lines, name});
        plot::Line line{.name = name};
        for (const std::string& at : along) {
            const std::vector<double> seeds = of_line.of({{x, at}});
            if (seeds.empty()) continue;
            const Summary s = summary(seeds);
            line.x.push_back(placed(at));
            line.y.push_back(s.mean);
            line.low.push_back(s.least);
            line.high.push_back(s.greatest);
        }
        head.lines.push_back(std::move(line));
    }
    return head;
}

std::string Measurements::csv(const std::string& value_name) const {
    std::vector<std::string> axes;
    for (const auto& measured : numbers)
        for (const Label& label : measured.labels)
            if (!contains(axes, label.axis)) axes.push_back(label.axis);
    std::vector<std::string> cells = axes;
    cells.insert(cells.end(), {"seed", value_name});
    std::string text = csv_row(cells);
    for (const auto& measured : numbers) {
        cells.clear();
        for (const std::string& axis : axes) {
            const std::string* value = value_of(measured.labels, axis);
            cells.push_back(value == nullptr ? "" : *value);
        }
        cells.insert(cells.end(), {text_of(measured.seed), text_of(measured.value)});
        text += csv_row(cells);
    }
    return text;
}

Measurements measure(const std::string& demo, const std::vector<Case>& cases, const std::vector<std::uint64_t>& seeds,
                     const std::function<void(Run&)>& run) {
    std::vector<Run> runs;
    Index all_steps = 0, steps_done = 0;
    for (const std::uint64_t seed : seeds)
        for (const Case& one : cases) {
            runs.push_back({one.labels, one.steps, seed});
            all_steps += one.steps;
        }
    Progress progress(text_of(demo, ": ", runs.size(), " runs"), all_steps);
    std::mutex one_at_a_time;
    for (Run& one : runs)
        one.step_done = [&](double loss) {
            const std::lock_guard lock(one_at_a_time);
            progress.update(++steps_done, "loss", loss);
        };
    // Each run stays on one thread, and so do its kernels: there is no need for threads inside runs when there are as
    // many of them as cores.
    std::atomic<std::size_t> next{0};
    parallel_for(std::min<Index>(num_threads(), std::ssize(runs)), 1, [&](Index begin, Index end) {
        for (Index worker = begin; worker < end; ++worker)
            for (std::size_t i = next++; i < runs.size(); i = next++) {    // whoever is free takes the next
                try {
                    run(runs[i]);
                } catch (...) {
                    next = runs.size();    // the others need not go on
                    throw;
                }
            }
    });
    progress.finish();
    Measurements found;
    for (Run& one : runs) {
        std::ranges::move(one.numbers, std::back_inserter(found.numbers));
        std::ranges::move(one.arrays, std::back_inserter(found.arrays));
    }
    return found;
}

}    // namespace ordinal::demos
