// Composition: several schemes in one model, each where it acts. "A + B" in a specification.
//
// Source:  each part has its own; we know none for all places of nn/position_scheme.h together
// Formula: x_k -> x_k + p_k + p'_k;   q_k -> R'_k R_k q_k;   a_ij -> a_ij + b(i, j) + b'(i, j)
// Shapes:  those of the parts
// Why:     one part for each question: where am I (a code at the input), how far is that (a rotation of queries and
//          keys), since when does it count (a bias that forgets). The price: the bounds of all, the depth of the
//          deepest, and parts that say the same thing twice.
// Each hook is applied by all parts in order. A part that chooses ids (ring, shift, randomized) chooses them for
// itself; the others see 0, 1, 2, ... A bias that reads queries and keys (shaw, cope) reads those of the layer,
// sharpened by log_n or ssmax of any part, but not rotated. Where one part hides the future, the others know that it is
// hidden.
#pragma once

#include <memory>
#include <ostream>
#include <vector>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/encoding.h>
#include <ordinal/positional/explain.h>

namespace ordinal {

class Composition : public Encoding {
public:
    using Part = std::shared_ptr<const Encoding>;

    // A part that stands in it twice, also inside another part, acts twice and has its parameters once.
    explicit Composition(std::vector<Part> parts);

    Positions position_ids(const Positions& positions, const Mode& mode) const override {
        if (!traits().chooses_ids) return positions;
        std::vector<Positions> ids;
        for (std::size_t i = 0; i < parts_.size(); ++i)
            ids.push_back(parts_[i]->position_ids(positions.of_part(i), mode));
        return positions.with_parts(std::move(ids));
    }

    // Codes that are added can be added up first: then the order of the parts is no matter.
    bool is_additive() const override {
        bool some = false;
        for (const Part& part : parts_) {
            if (!acts_at_input(*part)) continue;
            if (!part->is_additive()) return false;
            some = true;
        }
        return some;
    }
    Tensor vectors(const Positions& positions) const override {
        return sum_of_codes(positions, [](const Encoding& part, const Positions& ids) { return part.vectors(ids); });
    }
    Tensor training_vectors(const Positions& positions, Rng& rng) const override {
        return sum_of_codes(
            positions, [&](const Encoding& part, const Positions& ids) { return part.training_vectors(ids, rng); });
    }
    Tensor apply_to_input(const Tensor& x, const Positions& positions, const Mode& mode) const override {
        if (is_additive()) return Encoding::apply_to_input(x, positions, mode);
        Tensor y = x;
        for (std::size_t i = 0; i < parts_.size(); ++i) y = parts_[i]->apply_to_input(y, positions.of_part(i), mode);
        return y;
    }

    QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        QueryKeyValue rotated = qkv;
        for (std::size_t i = 0; i < parts_.size(); ++i)
            rotated = parts_[i]->apply_to_queries_and_keys(rotated, of_part(context, i));
        return rotated;
    }

    Tensor sharpened(const Tensor& query, const AttentionContext& context) const override {
        return sharpened_but_by(parts_.size(), query, context);
    }

    // The biases added up, row by row: the sources of one part come before those of the next.
    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override;

    // The law of each trait: a bound is the least of the parts', a need the greatest, a weakness that of any part.
    Traits traits() const override;

    std::unique_ptr<Stream> stream() const override {
        auto chain = std::make_unique<Chain>();
        for (const Part& part : parts_) chain->streams.push_back(part->stream());
        return chain;
    }

    NdArray narrate(Index k, std::ostream& out) const override {
        out << "Position " << k << " by " << parts_.size() << " schemes, one after the other.\n";
        for (const Part& part : parts_) part->explain(k, out);
        const NdArray together = computed_in_batch(*this, k, sizes());
        out << "Together, as the batch computes it: " << FirstNumbers(together) << "\n";
        return together;
    }

    Parameters parameters() const override {    // "0.weight", "1.start": by the places of the parts
        Parameters all;
        for (std::size_t i = 0; i < parts_.size(); ++i) append(all, text_of(i), *parts_[i]);
        return all;
    }

    const std::vector<Part>& parts() const { return parts_; }

protected:
    struct Apart {};    // of parts that do not act on the same queries and keys
    Composition(std::vector<Part> parts, Apart);

private:
    static bool acts_at_input(const Encoding& part) { return includes(part.traits().place, Place::input); }

    bool hides_the_future() const;

    AttentionContext of_part(AttentionContext context, std::size_t i) const {
        context.positions = context.positions.of_part(i);
        context.causal = context.causal || hides_the_future();
        return context;
    }

    // By all parts but one, which sharpens them itself.
    Tensor sharpened_but_by(std::size_t one, Tensor query, const AttentionContext& context) const {
        for (std::size_t i = 0; i < parts_.size(); ++i)
            if (i != one) query = parts_[i]->sharpened(query, of_part(context, i));
        return query;
    }

    template <class Codes>
    Tensor sum_of_codes(const Positions& positions, Codes codes) const {
        Tensor sum;
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            if (!acts_at_input(*parts_[i])) continue;
            const Tensor p = codes(*parts_[i], positions.of_part(i));
            require(!sum.defined() || p.shape() == sum.shape(), "Composition: expected codes of one width, got ",
                    sum.defined() ? sum.shape() : p.shape(), " and ", p.shape());
            sum = sum.defined() ? sum + p : p;
        }
        return sum.defined() ? sum : Encoding::vectors(positions);    // the second one refuses
    }

    struct Chain : Stream {
        Tensor step(const Tensor& x) override {
            require<OptionError>(!interrupted, "Composition: a part refused an earlier token and others had taken it; ",
                                 "begin a new stream");
            Tensor y = x;
            for (const auto& stream : streams) {
                y = stream->next(y);
                interrupted = true;    // until all parts have taken the token
            }
            interrupted = false;
            return y;
        }
        std::vector<std::unique_ptr<Stream>> streams;
        bool interrupted = false;
    };

    std::vector<Part> parts_;
};

}    // namespace ordinal
