#include "demos/models/lengths.h"

#include <algorithm>

namespace ordinal::demos {
namespace {

std::string dependent_steps(const std::string& encoding) {
    const Depth depth = sample_of(encoding, sequence_request)->traits().depth;
    return depth == Depth::constant         ? "1"
           : depth == Depth::logarithmic    ? "log T"
           : depth == Depth::at_most_linear ? "T or fewer"
                                            : "T";
}

// Of the model of one row: an encoding by_layer(A, B, ...) says how many it needs.
Index layers_of(const std::string& encoding, const Setup& setup) {
    const Index named = std::ssize(sample_of(encoding, setup.request(), setup.trained_length)->of_layers());
    require<OptionError>(named == 0 || named >= setup.layers, "measure_lengths: expected a scheme for each of ",
                         setup.layers, " layers, got ", encoding, " for ", named, "; name ", setup.layers,
                         " schemes or ask for fewer layers");
    return std::max(named, setup.layers);
}

// What differs between the rows besides the encoding has to be said.
std::string rates_text(const std::vector<std::string>& encodings, const Setup& setup) {
    if (setup.learning_rate > 0) return text_of("Peak learning rate ", setup.learning_rate, ".");
    std::string faster;
    for (const std::string& encoding : encodings)
        if (peak_learning_rate(encoding) != 3e-3) faster += (faster.empty() ? "" : " and ") + encoding;
    return "Peak learning rate 3e-3" + (faster.empty() ? "." : "; of " + faster + " 6e-3.");
}

std::string layers_text(const std::vector<std::string>& encodings, const Setup& setup) {
    const std::string usual = setup.layers == 1 ? "one" : text_of(setup.layers);
    std::string text = setup.layers == 1 ? "" : text_of(" ", setup.layers, " layers.");
    for (const std::string& encoding : encodings)
        if (const Index layers = layers_of(encoding, setup); layers != setup.layers)
            text += text_of(" ", encoding, ": ", layers, " layers instead of ", usual, ".");
    return text;
}

}    // namespace

Measurements measure_lengths(const std::string& demo, const std::vector<std::string>& tasks,
                             const std::vector<std::string>& encodings, Index steps,
                             const std::vector<std::uint64_t>& seeds, const Setup& setup) {
    for (const std::string& task : tasks) sequence_task(task);
    for (const std::string& encoding : encodings) layers_of(encoding, setup);
    return measure(demo, cases({{"task", tasks}, {"encoding", encodings}}, steps), seeds, [&](Run& run) {
        const SequenceTask task = sequence_task(run["task"]);
        const Transformer model = trained_model(task, run["encoding"], run.seed, run.steps, run.step_done, setup);
        for (Index length = setup.trained_length; length <= 8 * setup.trained_length; length *= 2)
            run.record({{"length", length}}, accuracy(model, task, about_unseen(length, setup.trained_length)));
    });
}

Claim length_claim(const std::string& task, Index length, const std::string& encoding, const Band& band,
                   const std::optional<Band>& few_seeds, const std::string& if_missed) {
    return likely(text_of(task, " at ", length, ": ", encoding),
                  {{"task", task}, {"encoding", encoding}, {"length", length}}, band, few_seeds, if_missed,
                  sequence_task(task).chance);
}

Table encodings_table(const Measurements& found, Table head, const std::string& columns, const Setup& setup) {
    const std::vector<std::string> encodings = found.labels("encoding");
    head.look_at = rates_text(encodings, setup) + layers_text(encodings, setup);
    return with_column(found.table(head, "encoding", columns), "dependent steps", dependent_steps);
}

Table length_table(const Measurements& found, const std::string& task, const Setup& setup) {
    return encodings_table(found.where({"task", task}), task_head(found, sequence_task(task), "at each length"),
                           "length", setup);
}

std::vector<plot::LineChart> length_charts(const Measurements& found) {
    std::vector<plot::LineChart> charts;
    for (const std::string& task : found.labels("task")) {
        plot::LineChart head = task_chart(
            sequence_task(task),
            text_of("length (trained up to ", found.labels("length").front(), "; beyond, its newest half is counted)"));
        head.log_x = true;
        charts.push_back(found.where({"task", task}).chart(head, "encoding", "length"));
    }
    return charts;
}

Table task_head(const Measurements& found, const SequenceTask& task, const std::string& right) {
    return {.name = task.name,
            .title = text_of(task.name, ": ", task.question, " Right ", right, "; ", found.of_seeds(),
                             ". The best blind guess: ", mean_and_range({task.chance}))};
}

plot::LineChart task_chart(const SequenceTask& task, const std::string& x_label) {
    return {.title = task.name + ": " + task.question,
            .x_label = x_label,
            .y_label = "share answered right",
            .horizontal = {{"the best blind guess", task.chance}},
            .y_range = plot::Range{0, 1.02}};
}

}    // namespace ordinal::demos
