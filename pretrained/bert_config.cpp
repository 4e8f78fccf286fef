#include <ordinal/pretrained/bert_config.h>

#include <ordinal/pretrained/json_file.h>

namespace ordinal {

BertConfig read_bert_config(const std::string& path) {
    const JsonFile config(path);
    const auto expect = [&](const char* field, const std::string& otherwise, const std::string& expected,
                            const char* why) {
        const std::string got = config.text(field, otherwise);
        require<FileError>(got == expected, path, ": expected ", field, " '", expected, "', got '", got, "'; ", why);
    };
    expect("model_type", "missing", "bert",
           "its kin (RoBERTa, DistilBERT, ModernBERT, ...) have other layers or names");
    expect("hidden_act", "missing", "gelu", "the feed-forward layers here have gelu by erf and no other activation");
    expect("position_embedding_type", "absolute", "absolute", "only a table of positions is read here");
    for (const char* field : {"is_decoder", "add_cross_attention"})
        require<FileError>(!config.flag(field, false), path, ": expected ", field, " to be false, got true; only ",
                           "encoders are read here");

    TransformerOptions encoder{.d_model = config.count("hidden_size"),
                               .num_heads = config.count("num_attention_heads"),
                               .d_ff = config.count("intermediate_size"),
                               .num_layers = config.count("num_hidden_layers"),
                               .layer_norm_eps = config.number("layer_norm_eps"),
                               .norm = NormPlacement::post,
                               .input_norm = true};
    require<FileError>(encoder.d_model % encoder.num_heads == 0, path, ": hidden_size ", encoder.d_model,
                       " cannot be cut into num_attention_heads = ", encoder.num_heads, " equal heads");
    return {.model = {.vocab_size = config.count("vocab_size"),
                      .num_segments = config.count("type_vocab_size"),
                      .head = Head::none,
                      .encoder = encoder},
            .positions = config.count("max_position_embeddings")};
}

}    // namespace ordinal
