#include <ordinal/pretrained/bert.h>

#include <algorithm>
#include <set>
#include <utility>

#include <ordinal/nn/files/safetensors.h>

namespace ordinal {
namespace {

// How our names of parameters become the file's: {part of ours, part of theirs}, the first of each kind only.
constexpr std::pair<const char*, const char*> renamed[] = {{"tokens.", "embeddings.word_embeddings."},
                                                           {"segments.", "embeddings.token_type_embeddings."},
                                                           {"encoder.position.", "embeddings.position_embeddings."},
                                                           {"encoder.input_norm.", "embeddings.LayerNorm."},
                                                           {"encoder.layers.", "encoder.layer."},
                                                           {".self_attn.out_proj.", ".attention.output.dense."},
                                                           {".self_attn.", ".attention.self."},
                                                           {".linear1.", ".intermediate.dense."},
                                                           {".linear2.", ".output.dense."},
                                                           {".norm1.", ".attention.output.LayerNorm."},
                                                           {".norm2.", ".output.LayerNorm."},
                                                           {"head.transform.", "cls.predictions.transform.dense."},
                                                           {"head.norm.", "cls.predictions.transform.LayerNorm."},
                                                           {"head.bias", "cls.predictions.bias"}};

// What one name of an array is called in other files.
constexpr std::pair<const char*, const char*> also_called[] = {
    {"LayerNorm.weight", "LayerNorm.gamma"},
    {"LayerNorm.bias", "LayerNorm.beta"},
    {"cls.predictions.bias", "cls.predictions.decoder.bias"}};

// The word table is the head's matrix: most files do not store it twice.
constexpr const char* stored_again = "cls.predictions.decoder.weight";

std::string replaced(std::string name, const char* from, const char* to) {
    const auto at = name.find(from);
    return at == name.npos ? name : name.replace(at, std::string(from).size(), to);
}

class BertFile {
public:
    explicit BertFile(const std::string& path) : path_(path), file_(path) {
        for (const StoredArray& array : file_.arrays()) unread_.insert(array.name);
        prefix_ = unread_.count("bert.embeddings.word_embeddings.weight") > 0 ? "bert." : "";
    }

    // Is the array of one of our parameters there, in its shape?
    void check(const std::string& ours, const Shape& shape) const { check_array(names_of(ours).first, shape); }

    // Reads it.
    NdArray read(const std::string& ours, const Shape& shape) {
        const auto [name, other] = names_of(ours);
        NdArray numbers = take(name, shape);
        require_equal(numbers, name, other);
        return numbers;
    }

    // An array that would say the same again.
    void require_equal(const NdArray& numbers, const std::string& name, const std::string& again) {
        if (unread_.count(again) == 0) return;
        require<FileError>(take(again, numbers.shape()).to_vector() == numbers.to_vector(), path_, ": expected '",
                           again, "' to be '", name, "' once more, got other numbers; in BERT they are one array");
    }

    std::string word_table() const { return prefix_ + "embeddings.word_embeddings.weight"; }

    std::vector<std::string> unread() const {
        std::vector<std::string> names;
        for (const std::string& name : unread_)
            if (name != prefix_ + "embeddings.position_ids" && !name.starts_with(prefix_ + "pooler."))
                names.push_back(name);
        return names;
    }

private:
    // What the file calls one of our parameters, and what another file would: that one, if it is there as well, says
    // the same again.
    std::pair<std::string, std::string> names_of(const std::string& ours) const {
        std::string name = ours;
        for (const auto& [from, to] : renamed) name = replaced(name, from, to);
        if (!name.starts_with("cls.")) name = prefix_ + name;
        std::string other = name;
        for (const auto& [from, to] : also_called) other = replaced(other, from, to);
        if (unread_.count(name) == 0 && unread_.count(other) > 0) std::swap(name, other);
        return {name, other};
    }

    void check_array(const std::string& name, const Shape& shape) const {
        require<FileError>(unread_.count(name) > 0, path_, " has no array '", name,
                           "', which a BERT of its config.json needs");
        const StoredArray& array = file_.info(name);
        require<FileError>(array.has_shape(shape), "'", name, "' in ", path_, " has shape ", array.shape,
                           ", its config.json asks for ", shape);
    }

    NdArray take(const std::string& name, const Shape& shape) {
        check_array(name, shape);
        unread_.erase(name);
        return file_.read(name);
    }

    std::string path_;
    SafetensorsFile file_;
    std::set<std::string> unread_;
    std::string prefix_;
};

}    // namespace

Bert read_bert(const std::string& folder, const BertOptions& options) {
    require<OptionError>(options.head != Head::linear,
                         "read_bert: expected no head or masked_lm, got linear, which no BERT's file has");
    const BertConfig config = read_bert_config(folder + "/config.json");
    BertFile file(folder + "/model.safetensors");

    ModelOptions sizes = config.model;
    sizes.head = options.head;
    const Index D = sizes.encoder.d_model, layers = sizes.encoder.num_layers;
    file.check("segments.weight", {sizes.num_segments, D});    // before there is memory for as many, and for layers
    file.check(text_of("encoder.layers.", layers - 1, ".linear1.weight"), {sizes.encoder.d_ff, D});

    // The tables come first: together they are half of the file, and they need no random start.
    sizes.token_table = file.read("tokens.weight", {sizes.vocab_size, D});
    const auto table = std::make_shared<LearnedTable>(file.read("encoder.position.weight", {config.positions, D}));
    if (options.head == Head::masked_lm) file.require_equal(sizes.token_table, file.word_table(), stored_again);

    Rng rng(1);    // all that it draws is replaced
    Bert bert{config, table, Transformer(sizes, rng, options.position ? options.position : table)};
    for (const auto& [name, tensor] : bert.model.parameters())
        if (name != "tokens.weight" && !name.starts_with("encoder.position."))
            tensor.set_values(file.read(name, tensor.shape()));
    if (options.frozen) {
        bert.table->weight().node()->requires_grad = false;
        for (const auto& [name, tensor] : bert.model.parameters())
            if (!name.starts_with("encoder.position.")) tensor.node()->requires_grad = false;
    }
    bert.left_out = file.unread();
    return bert;
}

}    // namespace ordinal
