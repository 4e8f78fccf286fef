#include "demos/models/kept_encodings.h"

#include <algorithm>
#include <limits>
#include <locale>
#include <sstream>

namespace ordinal::demos {

std::string text_of_encodings(const std::vector<KeptEncoding>& all) {
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text.precision(std::numeric_limits<Scalar>::max_digits10);
    for (const KeptEncoding& kept : all) {
        text << "encoding " << kept.name << ' ' << kept.trained << ' ' << kept.request.d_model << ' '
             << kept.request.max_length << ' ' << kept.request.num_heads << ' ' << kept.specification << '\n';
        for (const auto& [name, values] : kept.parameters) {
            text << name << ' ' << values.ndim();
            for (const Index size : values.shape()) text << ' ' << size;
            const std::vector<Scalar> numbers = values.to_vector();
            const Index columns = values.shape().last();
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
        if (word == "encoding") {
            KeptEncoding kept;
            in >> kept.name >> kept.trained >> kept.request.d_model >> kept.request.max_length >>
                kept.request.num_heads >> std::ws;
            std::getline(in, kept.specification);
            all.push_back(kept);
        } else {
            require(!all.empty(), "encodings_in: expected a line 'encoding ...' first, got '", word, "'");
            Index rank = 0;
            in >> rank;
            std::vector<Index> sizes(static_cast<std::size_t>(std::clamp<Index>(rank, 0, 6)));
            for (Index& size : sizes) in >> size;
            require(static_cast<bool>(in), "encodings_in: the sizes of '", word, "' are no numbers");
            NdArray values = zeros(Shape(sizes));
            for (Index i = 0; i < values.size(); ++i) in >> values.mutable_data()[i];
            all.back().parameters.emplace_back(word, values);
        }
        require(static_cast<bool>(in), "encodings_in: the text ends inside of '", word, "'");
    }
    return all;
}

std::shared_ptr<Encoding> made_again(const KeptEncoding& kept) {
    Rng rng(1);    // all that it draws is replaced
    const std::shared_ptr<Encoding> encoding = make_encoding(kept.specification, kept.request, rng);
    const Parameters own = encoding->parameters();
    for (const auto& parameter : kept.parameters) {
        const auto is_it = [&](const NamedParameter& each) { return each.name == parameter.first; };
        const auto found = std::find_if(own.begin(), own.end(), is_it);
        require<OptionError>(found != own.end(), "made_again: ", kept.specification, " has no parameter '",
                             parameter.first, "'");
        found->tensor.set_values(parameter.second);
    }
    return encoding;
}

}    // namespace ordinal::demos
