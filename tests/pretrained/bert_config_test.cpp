#include <ordinal/pretrained/bert_config.h>

#include <doctest/doctest.h>

#include "tests/pretrained/tiny_bert.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("a BERT's settings become ours") {
    const BertConfig config = read_bert_config(tiny_bert() + "/config.json");
    CHECK(config.positions == 24);
    CHECK(config.model.vocab_size == 50);
    CHECK(config.model.num_segments == 2);
    CHECK(config.model.head == Head::none);
    CHECK(config.model.encoder.d_model == 32);
    CHECK(config.model.encoder.num_heads == 4);
    CHECK(config.model.encoder.d_ff == 64);
    CHECK(config.model.encoder.num_layers == 2);
    CHECK(config.model.encoder.layer_norm_eps == 1e-12);    // not PyTorch's 1e-5
    CHECK(config.model.encoder.norm == NormPlacement::post);
    CHECK(config.model.encoder.input_norm);
    CHECK_FALSE(config.model.encoder.causal);
    CHECK(config.model.encoder.dropout == 0);
}

TEST_CASE("what is no BERT that we have is refused with the reason") {
    const std::string kin = "; its kin (RoBERTa, DistilBERT, ModernBERT, ...) have other layers or names",
                      gelu = "; the feed-forward layers here have gelu by erf and no other activation",
                      table = "; only a table of positions is read here";
    const std::pair<const char*, std::string> rows[] = {
        {R"({"model_type": "roberta"})", "expected model_type 'bert', got 'roberta'" + kin},
        {R"({"model_type": "distilbert"})", "expected model_type 'bert', got 'distilbert'" + kin},
        {R"({"model_type": "modernbert"})", "expected model_type 'bert', got 'modernbert'" + kin},
        {R"({"model_type": null})", "expected model_type 'bert', got 'missing'" + kin},
        {R"({"hidden_act": "gelu_new"})", "expected hidden_act 'gelu', got 'gelu_new'" + gelu},
        {R"({"hidden_act": "relu"})", "expected hidden_act 'gelu', got 'relu'" + gelu},
        {R"({"position_embedding_type": "relative_key"})",
         "expected position_embedding_type 'absolute', got 'relative_key'" + table},
        {R"({"is_decoder": true})", "expected is_decoder to be false, got true; only encoders are read here"},
        {R"({"add_cross_attention": true})",
         "expected add_cross_attention to be false, got true; only encoders are read here"},
        {R"({"num_attention_heads": 5})", "hidden_size 32 cannot be cut into num_attention_heads = 5 equal heads"},
        {R"({"hidden_size": null})", "expected a field 'hidden_size', got none"},
        {R"({"layer_norm_eps": null})", "expected a field 'layer_norm_eps', got none"},
        {R"({"layer_norm_eps": "small"})", "expected 'layer_norm_eps' to be a number, got \"small\""},
        {R"({"num_hidden_layers": 0})", "expected 'num_hidden_layers' to be a whole number of at least 1, got 0"},
        {R"({"vocab_size": -3})", "expected 'vocab_size' to be a whole number of at least 1, got -3"},
        {R"({"vocab_size": 2.5})", "expected 'vocab_size' to be a whole number of at least 1, got 2.5"},
        {R"({"vocab_size": 18446744073709551615})",
         "expected 'vocab_size' to be a whole number of at least 1, got 18446744073709551615"},
    };
    const TempFolder folder;
    const std::string path = folder / "config.json";
    for (const auto& row : rows) {
        CAPTURE(row.first);
        write_config(folder, nlohmann::json::parse(row.first));
        CHECK_THROWS_WITH_AS(read_bert_config(path), (path + ": " + row.second).c_str(), FileError);
    }
    write_config(folder, {{"position_embedding_type", "absolute"}, {"is_decoder", false}});
    CHECK(read_bert_config(path).positions == 24);
}
