#include "demos/play/engine.h"

#include <exception>
#include <new>
#include <sstream>

#include <ordinal/positional/measures/indicators.h>
#include <ordinal/positional/measures/kernel.h>
#include <ordinal/positional/measures/similarity.h>
#include "demos/embedded.h"
#include "demos/models/kept_encodings.h"
#include "demos/models/sequence_model.h"
#include "demos/models/trait_words.h"
#include "demos/play/json_text.h"
#include "demos/plot/colormap.h"

using namespace ordinal;
using namespace ordinal::demos;
using namespace ordinal::demos::play;

namespace {

// Of every scheme that is looked at; a table has so many rows, and a picture may ask for more.
constexpr EncodingRequest request{.d_model = 64, .max_length = 128, .num_heads = 4};

// --- What lives from one question to the next. ---

std::string answer;
std::vector<NdArray> arrays;    // of the answer

struct Looked {
    std::string specification;
    int seed = 0;
    std::shared_ptr<Encoding> encoding;
    NdArray picture, codes;    // [T, T]; [T, D], undefined for a scheme without codes
};
Looked looked;

std::unique_ptr<SequenceTraining> training;
std::string trained_task;
Index steps_done = 0;

std::vector<KeptEncoding> kept_encodings;    // trained ones, read when the first is asked for

// Every exception becomes a sentence, whatever it is.
template <class Work>
const char* answered(Work work) {
    arrays.clear();
    const auto error = [](const std::string& sentence) { return object("error", sentence).text; };
    try {
        answer = work().text;
    } catch (const std::bad_alloc&) {
        answer = error("play: a page has no memory for that; ask for something smaller");
    } catch (const std::exception& exception) {
        answer = error(exception.what());
    } catch (...) {
        answer = error("play: something went wrong that has no words; please tell us what you asked for");
    }
    return answer.c_str();
}

JsonText array(const NdArray& values) {
    arrays.push_back(contiguous(values));
    const auto address = reinterpret_cast<std::uintptr_t>(arrays.back().data());
    return object("at", static_cast<Index>(address), "shape",
                  list_of(std::vector<Index>(values.shape().begin(), values.shape().end())));
}

KernelOptions kernel_options(int length, int seed) {
    require<OptionError>(0 < length && length <= 100000, "play: expected a length from 1 to 100000, got ", length);
    return {.length = length,
            .d_model = request.d_model,
            .num_heads = request.num_heads,
            .seed = static_cast<std::uint64_t>(seed)};
}

void require_looked() { require<OptionError>(looked.encoding != nullptr, "play: no scheme has been looked at yet"); }
void require_training() { require<OptionError>(training != nullptr, "play: no training has begun yet"); }

// --- What there is. ---

JsonText option_text(const KnownOption& option) {
    return object("name", option.name, "otherwise", option.otherwise, "choices", list_of(option.choices), "whole",
                  option.whole);
}

JsonText scheme_text(const std::string& name) {
    return object("name", name, "options", list_of(options_of(name, request).own, option_text));
}

JsonText task_text(const SequenceTask& task) {
    return object("name", task.name, "question", task.question, "chance", task.chance);
}

const std::vector<KeptEncoding>& trained_encodings() {
    if (kept_encodings.empty()) kept_encodings = encodings_in(trained_txt);
    return kept_encodings;
}

JsonText trained_text(const KeptEncoding& kept) {
    return object("name", kept.name, "specification", kept.specification, "trained", kept.trained);
}

// From -1 to 1 in equal steps, and what NaN has.
JsonText colours_text() {
    std::vector<Index> colours;
    const auto add = [&](const plot::Color& color) {
        colours.push_back(color.red << 16 | color.green << 8 | color.blue);
    };
    for (int i = -255; i <= 255; ++i) add(color_of(i / 255.0, plot::Colormap::diverging, {-1, 1}));
    add(plot::missing);
    return list_of(colours);
}

}    // namespace

const char* ordinal_about() {
    return answered([] {
        return object("schemes", list_of(encoding_names(), scheme_text), "options",
                      list_of(options_of("none", request).of_every_scheme, option_text), "tasks",
                      list_of(sequence_tasks(), task_text), "trained", list_of(trained_encodings(), trained_text),
                      "colours", colours_text());
    });
}

// --- The questions. ---

const char* ordinal_trained(int which, int length) {
    return answered([=] {
        require<OptionError>(0 <= which && which < std::ssize(trained_encodings()),
                             "play: there is no trained encoding ", which);
        const std::shared_ptr<Encoding> encoding = trained_encodings()[static_cast<std::size_t>(which)].encoding;
        const Index rows =
            std::min<Index>(kernel_options(length, 1).length, encoding->traits().max_length.value_or(length));
        std::string beyond;
        if (rows < length) try {
                encoding->vectors(Positions::arange(length));
            } catch (const PositionOutOfRange& error) {
                beyond = error.what();
            }
        const NoGrad guard;
        return object("picture", array(cosine_similarity(encoding->vectors(Positions::arange(rows)).values())),
                      "beyond", beyond);
    });
}

const char* ordinal_look(const char* specification, int length, int seed) {
    return answered([=] {
        const KernelOptions options = kernel_options(length, seed);
        Looked now;
        now.specification = specification;
        now.seed = seed;
        const bool same = looked.encoding != nullptr && specification == looked.specification && seed == looked.seed;
        Rng rng(options.seed);
        now.encoding = same ? looked.encoding : make_encoding(specification, request, rng);
        const Traits traits = now.encoding->traits();
        now.picture = attention_kernel(*now.encoding, options);
        if (traits.place == Place::input) now.codes = input_codes(*now.encoding, options);
        looked = now;
        std::vector<JsonText> words;
        for (const auto& [trait, value] : traits_in_words(traits, parameter_count(*now.encoding)))
            words.push_back(list_of(std::vector{trait, value}));
        return object("picture", array(looked.picture), "has_codes", looked.codes.defined(), "traits", list_of(words));
    });
}

const char* ordinal_indicators() {
    return answered([] {
        require_looked();
        const Indicators found =
            looked.codes.defined() ? indicators_of(looked.picture, looked.codes) : indicators_of(looked.picture);
        return object("TI", found.translation_invariance, "MONO 8", found.monotonicity_8, "MONO", found.monotonicity,
                      "SYM", found.symmetry, "rank", found.effective_rank, "distinct", found.distinct, "probe",
                      found.probe_error, "shift", found.shift_error);
    });
}

const char* ordinal_cell(int i, int j) {
    return answered([=] {
        require_looked();
        const Index length = looked.picture.dim(0);
        require<OptionError>(0 <= i && i < length && 0 <= j && j < length, "play: expected a cell within ", length,
                             " x ", length, ", got (", i, ", ", j, ")");
        const auto value = static_cast<double>(looked.picture.at({i, j}));
        if (!looked.codes.defined()) return object("value", value);
        return object("value", value, "codes",
                      list_of(std::vector{i, j}, [](Index k) { return array(slice(looked.codes, 0, k, k + 1)); }));
    });
}

const char* ordinal_explain(int k) {
    return answered([=] {
        require_looked();
        std::ostringstream story;
        const NoGrad guard;
        looked.encoding->explain(k, story);
        return object("story", story.str());
    });
}

const char* ordinal_train(const char* specification, const char* task, int seed, int steps) {
    return answered([=] {
        require<OptionError>(steps > 0, "play: expected 1 step or more, got ", steps);
        const SequenceTask asked = sequence_task(task);
        training = std::make_unique<SequenceTraining>(
            sequence_training(asked, specification, static_cast<std::uint64_t>(seed), steps));
        trained_task = task;
        steps_done = 0;
        return task_text(asked);
    });
}

const char* ordinal_step() {
    return answered([] {
        require_training();
        require<OptionError>(!training->trainer.is_done(), "play: this training is done; begin another one");
        const double loss = training->trainer.step();
        return object("step", ++steps_done, "loss", loss, "done", training->trainer.is_done());
    });
}

const char* ordinal_progress(int length) {
    return answered([=] {
        require_training();
        const Encoding& encoding = encoding_of(training->model);
        const Index most = encoding.traits().max_length.value_or(length);
        const auto shown = static_cast<int>(std::min<Index>(length, most));
        return object("picture", array(attention_kernel(encoding, kernel_options(shown, 1))));
    });
}

const char* ordinal_accuracy(int length) {
    return answered([=] {
        require_training();
        return object("accuracy", accuracy(training->model, sequence_task(trained_task), about_unseen(length)));
    });
}

const char* ordinal_forget() {
    return answered([] {
        looked = {};
        kept_encodings.clear();
        training.reset();
        return object();
    });
}
