// ByLayer: another scheme in each layer of a model. "by_layer(A, B, ...)" in a specification.
//
// Source:  rotary positions in some layers and none in the others: Yang et al. 2025, arXiv 2501.18795 (in SmolLM3 every
//          fourth layer has none); recurrences in most layers, attention without positions in the others: Kimi Linear,
//          arXiv 2510.26692
// Formula: layer l has the hooks of scheme l:  x_k -> x_k + p^l_k;  q_k -> R^l_k q_k;  a_ij -> a_ij + b^l(i, j)
// Shapes:  those of the parts
// Why:     a layer without positions finds a token by what it says, however far away it stands; the others know the
//          order, and hand it on in what they add to x. The price: the promises of the weakest, and a model must have
//          as many layers as there are schemes.
// by_layer(table, none) is BERT's table: both hooks of the first layer act at x. With the table in every layer, each
// layer would add one of its own. Outside of a model it answers as all its layers at once, which is how its traits
// follow from theirs.
#pragma once

#include <ordinal/positional/combined/composition.h>

namespace ordinal {

class ByLayer : public Composition {
public:
    explicit ByLayer(std::vector<Part> of_each_layer) : Composition(std::move(of_each_layer), Apart()) {}

    std::vector<std::shared_ptr<const PositionScheme>> of_layers() const override {
        return {parts().begin(), parts().end()};
    }

    Traits traits() const override {
        Traits all = Composition::traits();
        all.source = "by layer: Yang et al. 2025, arXiv 2501.18795; " + all.source;
        return all;
    }

    NdArray narrate(Index k, std::ostream& out) const override {
        out << "Position " << k << " in a model of " << parts().size() << " layers.\n";
        for (std::size_t layer = 0; layer < parts().size(); ++layer) {
            out << "Layer " << layer << ": ";
            parts()[layer]->explain(k, out);
        }
        return computed_in_batch(*this, k, sizes());
    }
};

}    // namespace ordinal
