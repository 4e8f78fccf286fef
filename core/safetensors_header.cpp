#include "core/safetensors_header.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_set>

namespace ordinal {

namespace {

using Json = nlohmann::ordered_json;

const std::string metadata_key = "__metadata__";

// How many bytes one number takes; 0 for a type that the format does not know. SafetensorsFile::read converts five of
// them; a file may hold the others beside those.
Index bytes_per_number(const std::string& dtype) {
    static const std::map<std::string, Index> bytes = {
        {"F64", 8}, {"F32", 4}, {"F16", 2}, {"BF16", 2}, {"F8_E4M3", 1}, {"F8_E5M2", 1}, {"BOOL", 1}, {"I8", 1},
        {"U8", 1},  {"I16", 2}, {"U16", 2}, {"I32", 4},  {"U32", 4},     {"I64", 8},     {"U64", 8}};
    const auto found = bytes.find(dtype);
    return found == bytes.end() ? 0 : found->second;
}

// Receives the header piece by piece as the JSON parser meets it. A tree of JSON values would be simpler to use, but
// the parser silently drops duplicate keys from it, and a hostile header can make it many times the file's size.
class HeaderReader : public nlohmann::json_sax<Json> {
public:
    explicit HeaderReader(const std::string& path) : path_(path) {}
    SafetensorsHeader header;

    bool start_object(std::size_t) override {
        if (place_ == Place::file) return enter(Place::header);
        if (place_ != Place::header) return misplaced();
        if (key_ == metadata_key) return enter(Place::metadata);
        header.arrays.push_back({key_, "", {}, 0, 0});
        fields_.clear();
        return enter(Place::array);
    }

    bool key(std::string& key) override {
        std::unordered_set<std::string>& used = place_ == Place::header ? names_ : fields_;
        const bool is_new =
            place_ == Place::metadata ? header.metadata.emplace(key, "").second : used.insert(key).second;
        require_well_formed(is_new, path_, "the key ", shown(key), " appears twice in one object");
        key_ = key;
        return true;
    }

    bool end_object() override {
        if (place_ == Place::array) {
            for (const char* field : {"dtype", "shape", "data_offsets"}) {
                require_well_formed(fields_.count(field) == 1, path_, "the array ", array_name(), " has no ", field);
            }
        }
        return enter(place_ == Place::header ? Place::file : Place::header);
    }

    bool string(std::string& text) override {
        if (place_ == Place::metadata) {
            header.metadata[key_] = text;
            return true;
        }
        if (place_ != Place::array || key_ != "dtype") return misplaced();
        require_well_formed(bytes_per_number(text) > 0, path_, "the array ", array_name(), " has the unknown dtype ",
                            shown(text));
        header.arrays.back().dtype = text;
        return true;
    }

    bool start_array(std::size_t) override {
        numbers_.clear();
        if (place_ == Place::array && key_ == "shape") return enter(Place::shape);
        if (place_ == Place::array && key_ == "data_offsets") return enter(Place::offsets);
        return misplaced();
    }

    bool number_unsigned(std::uint64_t number) override {
        if (place_ != Place::shape && place_ != Place::offsets) return misplaced();
        if (number > static_cast<std::uint64_t>(std::numeric_limits<Index>::max())) return misplaced();
        if (place_ == Place::offsets && numbers_.size() == 2) return misplaced();
        require<FileError>(numbers_.size() < Shape::max_rank, "safetensors: ", path_, " holds the array ", array_name(),
                           " with more than ", Shape::max_rank, " axes, which an NdArray cannot have");
        numbers_.push_back(static_cast<Index>(number));
        return true;
    }

    bool end_array() override {
        StoredArray& array = header.arrays.back();
        if (place_ == Place::shape) {
            array.shape = checked_shape();
        } else {
            if (numbers_.size() != 2) return misplaced();
            array.begin = numbers_[0];
            array.end = numbers_[1];
        }
        return enter(Place::array);
    }

    bool null() override { return misplaced(); }
    bool boolean(bool) override { return misplaced(); }
    bool number_integer(Json::number_integer_t) override { return misplaced(); }    // called for negative numbers only
    bool number_float(Json::number_float_t, const std::string&) override { return misplaced(); }
    bool binary(Json::binary_t&) override { return misplaced(); }    // not in JSON text
    bool parse_error(std::size_t, const std::string&, const Json::exception&) override {
        return refuse("its header is not valid JSON in UTF-8");
    }

private:
    enum class Place { file, header, metadata, array, shape, offsets };

    bool enter(Place place) {
        place_ = place;
        return true;
    }
    std::string array_name() const { return shown(header.arrays.back().name); }

    // Refuses the value that has just come: it is not of the kind that belongs here.
    bool misplaced() const {
        if (place_ == Place::header) return refuse(shown(key_), " should be an object { ... }");
        if (place_ == Place::metadata) return refuse("the metadata ", shown(key_), " should be a text");
        if (key_ == "dtype") return refuse("the dtype of ", array_name(), " should be a text");
        if (key_ == "shape") {
            return refuse("the shape of ", array_name(), " should be a list of whole numbers, none negative");
        }
        if (key_ == "data_offsets") {
            return refuse("the data_offsets of ", array_name(), " should be two whole numbers, none negative");
        }
        return refuse("the array ", array_name(), " has the unknown field ", shown(key_));
    }

    template <class... Parts>
    bool refuse(const Parts&... parts) const {
        require_well_formed(false, path_, parts...);
        return false;
    }

    // The numbers as a Shape, if even eight bytes for each of its elements can be counted in an Index.
    Shape checked_shape() const {
        Index bytes = 8;
        for (Index size : numbers_) {
            require_well_formed(!__builtin_mul_overflow(bytes, std::max<Index>(size, 1), &bytes), path_,
                                "the shape of ", array_name(), " counts more bytes than a 64-bit number can");
        }
        return Shape(numbers_);
    }

    const std::string& path_;
    Place place_ = Place::file;
    std::string key_;                           // the last key met
    std::vector<Index> numbers_;                // of the list that is being read
    std::unordered_set<std::string> names_;     // keys already used in the header,
    std::unordered_set<std::string> fields_;    // and in the array that is being read
};

// The arrays, sorted by where their numbers stand, must cover the data from its first byte to its last.
void check_layout(const std::vector<StoredArray>& arrays, Index data_size, const std::string& path) {
    Index end = 0;
    for (const StoredArray& array : arrays) {
        const Index bytes = array.shape.size() * bytes_per_number(array.dtype);
        require_well_formed(array.end - array.begin == bytes, path, "the array ", shown(array.name), " of shape ",
                            array.shape, " in ", array.dtype, " takes ", bytes, " bytes, but its data_offsets are [",
                            array.begin, ", ", array.end, "]");
        require_well_formed(array.begin >= end, path, "the array ", shown(array.name), " begins at byte ", array.begin,
                            " of the data, inside the array before it, which ends at ", end);
        require_well_formed(array.begin <= end, path, "bytes ", end, " to ", array.begin,
                            " of the data belong to no array");
        end = array.end;
    }
    require_well_formed(end == data_size, path, "its arrays take ", end, " bytes, but ", data_size,
                        " bytes follow the header");
}

}    // namespace

SafetensorsHeader parse_safetensors_header(const std::string& text, Index data_size, const std::string& path) {
    require_well_formed(!text.empty() && text[0] == '{', path, "its header does not begin with {");
    // The parser takes a zero byte for the end of the text and would not see what follows.
    require_well_formed(text.find('\0') == std::string::npos, path, "its header contains a zero byte");
    HeaderReader reader(path);
    Json::sax_parse(text, &reader);
    std::vector<StoredArray>& arrays = reader.header.arrays;
    std::stable_sort(arrays.begin(), arrays.end(), [](const StoredArray& a, const StoredArray& b) {
        return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    check_layout(arrays, data_size, path);
    return std::move(reader.header);
}

std::string format_safetensors_header(const SafetensorsHeader& header) {
    std::unordered_set<std::string> names = {metadata_key};
    std::string text = "{";
    const auto add = [&text](const std::string& name, const Json& value) {
        if (text != "{") text += ",";
        text += Json(name).dump() + ":" + value.dump();
    };
    try {
        if (!header.metadata.empty()) add(metadata_key, header.metadata);
        for (const StoredArray& array : header.arrays) {
            require<FileError>(names.insert(array.name).second, "save_safetensors: the name ", shown(array.name),
                               array.name == metadata_key ? " is reserved by the format" : " is used twice");
            add(array.name, {{"dtype", array.dtype},
                             {"shape", std::vector<Index>(array.shape.begin(), array.shape.end())},
                             {"data_offsets", {array.begin, array.end}}});
        }
    } catch (const Json::exception&) {
        require<FileError>(false, "save_safetensors: names and metadata must be UTF-8, got other bytes");
    }
    text += "}";
    text.append((8 - text.size() % 8) % 8, ' ');
    require<FileError>(static_cast<Index>(text.size()) <= max_safetensors_header, "save_safetensors: the header takes ",
                       text.size(), " bytes, over the format's limit of ", max_safetensors_header);
    return text;
}

std::string shown(const std::string& name) {
    std::size_t length = std::min<std::size_t>(name.size(), 60);
    const auto inside_a_character = [&name](std::size_t i) { return (name[i] & 0xC0) == 0x80; };    // of UTF-8
    while (0 < length && length < name.size() && inside_a_character(length)) --length;
    std::string text = name.substr(0, length);
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < ' ') c = '?';
    }
    return "'" + text + (length < name.size() ? "...'" : "'");
}

}    // namespace ordinal
