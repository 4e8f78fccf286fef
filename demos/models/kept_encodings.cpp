#include "demos/models/kept_encodings.h"

#include <limits>
#include <locale>
#include <sstream>

#include "demos/models/encodings.h"

namespace ordinal::demos {

std::string text_of_encodings(const std::vector<KeptEncoding>& all) {
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text.precision(std::numeric_limits<Scalar>::max_digits10);
    for (const KeptEncoding& kept : all) {
        text << "encoding " << kept.name << ' ' << kept.trained << ' ' << kept.request.d_model << ' '
             << kept.request.max_length << ' ' << kept.request.num_heads << ' ' << kept.specification << '\n';
        for (const auto& [name, tensor] : kept.encoding->parameters()) {
            text << name;
            const std::vector<Scalar> numbers = tensor.values().to_vector();
            const Index columns = tensor.shape().last();
            for (std::size_t i = 0; i < numbers.size(); ++i)
                text << (static_cast<Index>(i) % columns == 0 ? '\n' : ' ') << numbers[i];
            text << '\n';
        }
    }
    return text.str();
}

std::vector<KeptEncoding> encodings_in(const std::string& text) {
    std::istringstream in(text);
    in.imbue(std::locale::classic());
    std::vector<KeptEncoding> all;
    for (std::string word; in >> word;) {
        KeptEncoding kept;
        in >> kept.name >> kept.trained >> kept.request.d_model >> kept.request.max_length >> kept.request.num_heads;
        std::getline(in >> std::ws, kept.specification);
        require(in && word == "encoding", "encodings_in: expected a line 'encoding ...', got '", word, "'");
        kept.encoding = sample_of(kept.specification, kept.request);    // all that it draws is replaced
        for (const auto& [name, tensor] : kept.encoding->parameters()) {
            NdArray values = zeros(tensor.shape());
            in >> word;
            for (Index i = 0; i < values.size(); ++i) in >> values.mutable_data()[i];
            require(in && word == name, "encodings_in: expected ", values.size(), " numbers of '", name, "' of ",
                    kept.specification, ", got others or fewer of '", word, "'");
            tensor.set_values(values);
        }
        all.push_back(kept);
    }
    return all;
}

}    // namespace ordinal::demos
