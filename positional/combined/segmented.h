// Segmented: an encoding whose positions are a token's place in its segment, or the number of that segment.
//
// Source:  He et al. 2024, arXiv 2401.16421 ("BiPE"): a table with segments=place beside RoPE or ALiBi with
//          segments=number; after their abstract and their code, github.com/zhenyuhe00/BiPE, get_bilevel_ids, which
//          says where segments end. The same for any scheme: ours. Not theirs: places past the table are an error here
//          and its last row there; ALiBi's slopes there are 96 times as steep
// Formula: s_k = how many tokens before token k end a segment (a full stop, a line break, which is its segment's last)
//          l_k = k - the first token of segment s_k
//          segments=place: the scheme inside gets l_k instead of k;  segments=number: s_k
// Shapes:  those of the scheme inside; s: [B, T], each text its own
// Why:     a long text has no longer sentences and lines than a short one, only more of them. So places never grow out
//          of a table, and distances are left to a scheme of distances, in a small unit. The price: somebody has to
//          know where segments end, two tokens of different segments are as far apart as these, and each text of a
//          batch is computed by itself.
// The model is told, with each batch: Positions::arange(T).with_segments(segments_of(ids, ends)). A batch without is
// refused. Writing with keys kept is refused, too: TransformerEncoder::next has tokens' vectors and no segments.
#pragma once

#include <algorithm>

#include <ordinal/core/index_array.h>
#include <ordinal/positional/biases/distances.h>
#include <ordinal/positional/combined/wrapper.h>

namespace ordinal {

enum class SegmentCount { place, number };

// s of texts whose segments end with one of these tokens: [B, T] -> B lists of T numbers.
inline std::vector<std::vector<Index>> segments_of(const IndexArray& ids, const std::vector<Index>& ends) {
    require(ids.shape.ndim() == 2, "segments_of: expected ids [B, T], got ", ids.shape);
    std::vector<std::vector<Index>> segments(static_cast<std::size_t>(ids.shape[0]));
    for (std::size_t b = 0; b < segments.size(); ++b)
        for (Index t = 0, s = 0; t < ids.shape[1]; ++t) {
            segments[b].push_back(s);
            s += std::count(ends.begin(), ends.end(), ids[static_cast<Index>(b) * ids.shape[1] + t]) > 0;
        }
    return segments;
}

class Segmented : public Wrapper {
public:
    Segmented(std::shared_ptr<const Encoding> inner, SegmentCount counts) : Wrapper(std::move(inner)), counts_(counts) {
        const Traits traits = inner_->traits();
        require<OptionError>(traits.ids != AcceptedIds::consecutive && !traits.chooses_ids,
                             "Segmented: expected a scheme that takes ids in any order and chooses none itself");
    }

    bool is_additive() const override { return false; }    // each text has its own codes
    Tensor vectors(const Positions& positions) const override { return Encoding::vectors(positions); }    // refuses
    Tensor training_vectors(const Positions& positions, Rng&) const override { return vectors(positions); }

    Tensor apply_to_input(const Tensor& x, const Positions& positions, const Mode& mode) const override {
        if (!includes(inner_->traits().place, Place::input)) return x;
        std::vector<Tensor> texts;
        for (Index b = 0; b < x.dim(0); ++b)
            texts.push_back(inner_->apply_to_input(slice(x, 0, b, b + 1), ids_of(b, x.dim(0), positions), mode));
        return texts.empty() ? x : concat(texts, 0);
    }

    QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Traits traits = inner_->traits();
        if (!traits.sharpens_queries && !includes(traits.place, Place::queries_and_keys)) return qkv;
        std::vector<Tensor> q, k;
        for (Index b = 0; b < qkv.query.dim(0); ++b) {
            const QueryKeyValue one = inner_->apply_to_queries_and_keys(text(qkv, b), text(context, b, qkv));
            q.push_back(one.query);
            k.push_back(one.key);
        }
        return q.empty() ? qkv : QueryKeyValue{concat(q, 0), concat(k, 0), qkv.value};
    }

    Tensor sharpened(const Tensor& query, const AttentionContext& context) const override {
        return inner_->sharpened(query, context);    // by how many keys it sees, not by positions
    }

    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        if (!includes(inner_->traits().place, Place::scores)) return {};
        ScoreBias all;
        std::vector<ScoreBias> texts;
        for (Index b = 0; b < qkv.query.dim(0); ++b) {
            texts.push_back(inner_->score_bias(text(qkv, b), text(context, b, qkv)));
            const std::vector<Tensor>& sources = texts.back().sources;
            all.sources.insert(all.sources.end(), sources.begin(), sources.end());
        }
        if (texts.empty()) return {};
        all.rows = [texts](const std::vector<Tensor>& sources, Index begin, Index end) {
            std::vector<Tensor> biases;
            auto from = sources.begin();
            for (const ScoreBias& one : texts) {
                const auto to = from + std::ssize(one.sources);
                const Tensor b = one.rows({from, to}, begin, end);    // [(1,) H, rows, T]
                const Index n = b.ndim();
                biases.push_back(reshape(b, {1, b.dim(n - 3), b.dim(n - 2), b.dim(n - 1)}));
                from = to;
            }
            return concat(biases, 0);
        };
        return all;
    }

    // The bounds of the scheme inside are those of a segment, or of their number; a text has none.
    Traits traits() const override {
        Traits traits = inner_->traits();
        traits.max_length = traits.computable_up_to = std::nullopt;
        traits.ids = AcceptedIds::consecutive;
        traits.cacheable = traits.streams = traits.translation_invariant = traits.distinct = false;
        traits.fades = traits.fades && counts_ == SegmentCount::number;
        traits.source += "; in segments as in He et al. 2024, arXiv 2401.16421";
        return traits;
    }

    NdArray narrate(Index, std::ostream&) const override { return {}; }
    std::unique_ptr<Stream> stream() const override {
        throw OptionError("Segmented: a model that writes is not told where segments end; encode the whole sequence");
    }

private:
    // Of text b of B: l or s of its tokens.
    Positions ids_of(Index b, Index B, const Positions& positions) const {
        require_running("Segmented", positions);
        const std::vector<std::vector<Index>>& all = positions.segments();
        require<OptionError>(!all.empty(), "Segmented: nobody has said where segments end; give the model ",
                             "Positions::arange(T).with_segments(segments_of(ids, ends))");
        require(std::ssize(all) == 1 || std::ssize(all) == B, "Segmented: ", B,
                " texts need the segments of each, got ", "those of ", all.size());
        const std::vector<Index>& s = all[all.size() == 1 ? 0 : static_cast<std::size_t>(b)];
        require(std::ssize(s) == positions.size(), "Segmented: expected a segment for each of ", positions.size(),
                " tokens, got ", s.size());
        std::vector<double> ids;
        for (std::size_t t = 0, first = 0; t < s.size(); ++t) {
            if (s[t] != s[first]) first = t;
            ids.push_back(static_cast<double>(counts_ == SegmentCount::place ? static_cast<Index>(t - first) : s[t]));
        }
        const Positions own = Positions::of(std::move(ids));
        const std::vector<Index>& lengths = positions.lengths();
        require(lengths.empty() || std::ssize(lengths) == B, "Segmented: ", B, " texts need the lengths of each, got ",
                "those of ", lengths.size());
        return lengths.empty() ? own : own.with_lengths({lengths[static_cast<std::size_t>(b)]});
    }

    static QueryKeyValue text(const QueryKeyValue& all, Index b) {
        return {slice(all.query, 0, b, b + 1), slice(all.key, 0, b, b + 1), slice(all.value, 0, b, b + 1)};
    }
    AttentionContext text(AttentionContext context, Index b, const QueryKeyValue& all) const {
        context.positions = ids_of(b, all.query.dim(0), context.positions);
        if (context.x.defined()) context.x = slice(context.x, 0, b, b + 1);
        if (context.padding.defined()) context.padding = slice(context.padding, 0, b, b + 1);
        return context;
    }

    SegmentCount counts_;
};

}    // namespace ordinal
