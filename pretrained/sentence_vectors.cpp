#include <ordinal/pretrained/sentence_vectors.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include <ordinal/pretrained/json_file.h>

namespace ordinal {
namespace {

constexpr std::size_t batch_size = 32;

bool is_there(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

Pooling read_pooling(const std::string& path) {
    if (!is_there(path)) return Pooling::mean;
    const JsonFile config(path);
    const bool mean = config.flag("pooling_mode_mean_tokens", false),
               first = config.flag("pooling_mode_cls_token", false);
    for (const char* other : {"max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken"})
        require<FileError>(!config.flag(std::string("pooling_mode_") + other, false), path, ": expected the mean or ",
                           "[CLS], got pooling_mode_", other, ", which is not read here");
    require<FileError>(mean != first, path, ": expected either the mean or [CLS], got ", mean ? "both" : "neither");
    return mean ? Pooling::mean : Pooling::first_token;
}

Index read_most_tokens(const std::string& path, Index positions) {
    if (!is_there(path)) return positions;
    const Index most = JsonFile(path).count("max_seq_length", positions);
    require<FileError>(2 <= most && most <= positions, path, ": expected max_seq_length between 2 and the ", positions,
                       " rows of the position table, got ", most);
    return most;
}

}    // namespace

PaddedTexts padded(const std::vector<std::vector<Index>>& texts, Index pad_id) {
    require<OptionError>(!texts.empty(), "padded: expected at least one text, got none");
    std::size_t longest = 0;
    bool ragged = false;
    for (const auto& text : texts) {
        require<OptionError>(!text.empty(), "padded: expected texts of at least one token, got an empty one");
        longest = std::max(longest, text.size());
        ragged = ragged || text.size() != texts.front().size();
    }
    const Shape shape{std::ssize(texts), static_cast<Index>(longest)};
    PaddedTexts batch{{shape, std::vector<Index>(texts.size() * longest, pad_id)}, {}};
    if (ragged) batch.padding = NdArray(shape, 1);
    for (std::size_t b = 0; b < texts.size(); ++b) {
        std::copy(texts[b].begin(), texts[b].end(), batch.ids.values.begin() + static_cast<Index>(b * longest));
        if (ragged) std::fill_n(batch.padding.mutable_data() + b * longest, texts[b].size(), Scalar(0));
    }
    return batch;
}

Tensor sentence_vectors(const Tensor& h, const NdArray& padding, Pooling pooling) {
    require(h.ndim() == 3 && h.dim(1) > 0 && (!padding.defined() || padding.shape() == Shape({h.dim(0), h.dim(1)})),
            "sentence_vectors: expected h [B, T, D] with T > 0 and a padding [B, T], got ", h.shape(), " and ",
            padding.defined() ? text_of(padding.shape()) : "none");
    Tensor pooled;    // [B, 1, D]
    if (pooling == Pooling::first_token)
        pooled = slice(h, 1, {0, 1});
    else if (!padding.defined())
        pooled = sum(h, 1);    // the direction of the mean, and that is all that is left below
    else
        pooled = sum(h * reshape(ones(padding.shape()) - padding, Shape{h.dim(0), h.dim(1), 1}), 1);
    const Tensor squares = maximum(sum(pooled * pooled, -1), 1e-24);    // 0 stays 0, where there is nothing to pool
    return squeeze(pooled / sqrt(squares), 1);
}

SentenceEncoder::SentenceEncoder(const std::string& folder)
    : words_(WordPiece::read(folder)),
      bert_(read_bert(folder)),
      pooling_(read_pooling(folder + "/1_Pooling/config.json")),
      most_tokens_(read_most_tokens(folder + "/sentence_bert_config.json", bert_.config.positions)) {
    require<FileError>(words_.size() == bert_.model.vocab_size(), folder, "/vocab.txt: expected the ",
                       bert_.model.vocab_size(), " pieces that the model has vectors for, got ", words_.size());
}

void SentenceEncoder::set_most_tokens(Index count) {
    require<OptionError>(2 <= count && count <= bert_.config.positions, "SentenceEncoder: expected between 2 tokens ",
                         "and as many as there are positions, ", bert_.config.positions, ", got ", count);
    most_tokens_ = count;
}

std::vector<Sentence> SentenceEncoder::encode(const std::vector<std::string>& texts) const {
    std::vector<Sentence> sentences;
    std::map<std::size_t, std::vector<std::size_t>> of_length;    // texts of one length need no padding
    for (const std::string& text : texts) {
        sentences.push_back({words_.encode(text, most_tokens_), {}});
        of_length[sentences.back().tokens.ids.size()].push_back(sentences.size() - 1);
    }
    const NoGrad guard;
    for (const auto& [length, all] : of_length)
        for (std::size_t begin = 0; begin < all.size(); begin += batch_size) {
            const std::size_t end = std::min(begin + batch_size, all.size());
            std::vector<std::vector<Index>> ids;
            for (std::size_t i = begin; i < end; ++i) ids.push_back(sentences[all[i]].tokens.ids);
            const Tensor h = bert_.model.hidden(padded(ids, words_.pad_id()).ids, Mode::evaluation());
            const NdArray vectors = sentence_vectors(h, {}, pooling_).values();
            for (std::size_t i = begin; i < end; ++i)
                sentences[all[i]].vector = contiguous(select(vectors, 0, static_cast<Index>(i - begin)));
        }
    return sentences;
}

}    // namespace ordinal
