#include <ordinal/nn/files/safetensors.h>

#include <algorithm>
#include <bit>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include <ordinal/core/fast/buffer.h>
#include <ordinal/nn/files/file.h>
#include <ordinal/nn/files/safetensors_types.h>
#include <ordinal/nn/nearest_name.h>

namespace ordinal {

static_assert(std::endian::native == std::endian::little, "this file copies bytes: it needs a little-endian machine");

namespace {
using Json = nlohmann::json;
using safetensors::shown;

constexpr std::uint64_t max_header_bytes = 100'000'000;    // the format's own limit
constexpr const char* metadata_key = "__metadata__";
constexpr Index max_axes = 64;    // as many as NumPy and PyTorch have
constexpr int max_depth = 128;    // of brackets in the header, as in the format's own library

// The array that an entry {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]} of the header describes. Like all
// checks of the header, it throws the rule that is broken; SafetensorsFile adds the path.
StoredArray stored_array(const std::string& name, const Json& entry) {
    const std::string array = "the array " + shown(name);
    for (const char* field : {"dtype", "shape", "data_offsets"})
        require<FileError>(entry.contains(field), array, " has no ", field);
    require<FileError>(entry["dtype"].is_string(), "the dtype of ", shown(name), " should be a text");
    const std::string dtype = entry["dtype"];

    const auto is_index = [](const Json& number) {
        return number.is_number_unsigned() && std::in_range<Index>(number.get<std::uint64_t>());
    };
    for (const char* field : {"shape", "data_offsets"})
        require<FileError>(entry[field].is_array() && std::all_of(entry[field].begin(), entry[field].end(), is_index),
                           "the ", field, " of ", shown(name), " should be a list of whole numbers, none negative");
    const std::vector<Index> sizes = entry["shape"], offsets = entry["data_offsets"];
    Index size = 1;
    for (Index each : sizes)
        require<FileError>(!__builtin_mul_overflow(size, each, &size), array,
                           " has more elements than a 64-bit index can count");
    require<FileError>(offsets.size() == 2 && offsets[0] <= offsets[1], "the data_offsets of ", shown(name),
                       " should be two numbers, begin and end");
    const Index bytes = offsets[1] - offsets[0];
    if (const auto* type = safetensors::find_type<Index>(dtype))    // divides, since size * type->bytes might overflow
        require<FileError>(bytes % type->bytes == 0 && bytes / type->bytes == size, array, " should take ", size,
                           " times ", type->bytes, " bytes, but its data_offsets are [", offsets[0], ", ", offsets[1],
                           "]");
    StoredArray stored{name, dtype, {}, sizes, offsets[0], offsets[1]};
    try {
        stored.shape = Shape(sizes);
    } catch (const ShapeError&) {    // matters to who asks for this array: read() throws it again
    }
    return stored;
}

// The arrays of a header, in file order. The JSON parser hands over each entry when it is complete and then forgets it:
// the tree of a whole hostile header would take long to build. Where two keys are equal, the parser silently keeps one.
std::vector<StoredArray> parse_header(const std::string& text, Metadata& metadata) {
    require<FileError>(text.starts_with('{'), "its header does not begin with {");
    // The parser takes a zero byte for the end of the text and would not see what follows.
    require<FileError>(text.find('\0') == std::string::npos, "its header contains a zero byte");
    std::vector<StoredArray> arrays;
    std::set<std::string> names;
    std::string name;         // of the present entry
    bool skipping = false;    // a field of it that is not needed
    std::size_t fields = 0;
    Index list_length = 0;

    // Called for each part; depth counts the brackets around it. 0: the header, 1: an entry, 2: a field, 3: a number.
    // What it answers with false is forgotten: entries that were taken, and fields that an array need not have.
    using Event = Json::parse_event_t;
    const auto take_part = [&](int depth, Event event, const Json& part) {
        if (skipping && depth > 2 && depth <= max_depth) return false;
        list_length = depth == 3 ? list_length + 1 : 0;
        require<FileError>(depth <= 3 && list_length <= max_axes, shown(name),
                           " holds a list that is longer or deeper than a shape of ", max_axes, " axes");
        if (event == Event::key && depth == 1) {
            name = part;
            skipping = false;
            fields = 0;
            require<FileError>(names.insert(name).second, "the name ", shown(name), " is used twice");
        }
        if (event == Event::key && depth == 2) {
            skipping = name != metadata_key && part != "dtype" && part != "shape" && part != "data_offsets";
            if (skipping) return false;
            ++fields;    // met, while `part` below has those that are kept
        }
        if (depth != 1 || event == Event::key || event == Event::object_start) return true;
        if (name == metadata_key && part.is_null()) return false;
        require<FileError>(event == Event::object_end, shown(name), " should be an object { ... }");
        require<FileError>(part.size() == fields, shown(name), " has two equal keys");
        if (name != metadata_key) {
            arrays.push_back(stored_array(name, part));
            return false;
        }
        for (const auto& [key, value] : part.items()) {
            require<FileError>(value.is_string(), "the metadata ", shown(key), " should be a text");
            metadata[key] = value;
        }
        return false;
    };
    const bool valid = !Json::parse(text, take_part, /*allow_exceptions=*/false).is_discarded();
    require<FileError>(valid, "its header is not valid JSON in UTF-8");
    std::stable_sort(arrays.begin(), arrays.end());
    return arrays;
}

}    // namespace

void save_safetensors(const std::string& path, const NamedArrays& arrays, const Metadata& metadata,
                      const NamedIndices& indices) {
    std::string text = "{";    // a JSON object that keeps an order would look for each name among all before
    const auto add_entry = [&](const std::string& name, const nlohmann::ordered_json& entry) {
        text += (text.size() > 1 ? "," : "") + Json(name).dump() + ':' + entry.dump();
    };
    std::set<std::string> names;
    Index end = 0;
    const auto announce = [&](const std::string& name, const char* dtype, const Shape& shape, Index number) {
        require<FileError>(name != metadata_key, "save_safetensors: the name ", shown(name), " is the format's own");
        require<FileError>(names.insert(name).second, "save_safetensors: the name ", shown(name), " is used twice");
        const Index begin = end;
        end += shape.size() * number;
        add_entry(name, {{"dtype", dtype},
                         {"shape", std::vector<Index>(shape.begin(), shape.end())},
                         {"data_offsets", {begin, end}}});
    };
    try {
        if (!metadata.empty()) add_entry(metadata_key, metadata);
        for (const auto& [name, array] : arrays) {
            require<FileError>(array.defined(), "save_safetensors: the array ", shown(name), " is undefined");
            announce(name, sizeof(Scalar) == 4 ? "F32" : "F64", array.shape(), sizeof(Scalar));
        }
        for (const auto& [name, array] : indices) {
            require<FileError>(array.shape.size() == array.size(), "save_safetensors: the array ", shown(name),
                               " needs ", array.shape.size(), " values, got ", array.size());
            announce(name, "I64", array.shape, sizeof(Index));
        }
    } catch (const Json::exception&) {
        throw FileError("save_safetensors: names and metadata must be UTF-8, got other bytes");
    }
    text += '}';
    text.append((8 - text.size() % 8) % 8, ' ');    // the numbers begin at a multiple of 8 bytes
    const std::uint64_t length = text.size();
    require<FileError>(length <= max_header_bytes, "save_safetensors: the header takes ", length,
                       " bytes, over the format's limit of ", max_header_bytes);
    write_file(path, [&](std::ostream& out) {
        out.write(reinterpret_cast<const char*>(&length), sizeof(length));
        out << text;
        for (const auto& [name, array] : arrays) {
            const NdArray numbers = contiguous(array);
            out.write(reinterpret_cast<const char*>(numbers.data()),
                      numbers.size() * static_cast<Index>(sizeof(Scalar)));
        }
        for (const auto& [name, array] : indices)
            out.write(reinterpret_cast<const char*>(array.values.data()),
                      array.size() * static_cast<Index>(sizeof(Index)));
    });
}

SafetensorsFile::SafetensorsFile(const std::string& path) : path_(path) {
    std::error_code ignored;
    if (path == path.c_str() && std::filesystem::is_regular_file(path, ignored))    // no zero byte would cut it
        file_.open(path, std::ios::binary | std::ios::ate);
    require<FileError>(file_.is_open(), "safetensors: cannot read ", path,
                       ": there is no such file, or it may not be opened");
    const Index file_size = file_.tellg();
    file_.seekg(0);
    try {
        std::uint64_t length = 0;
        require<FileError>(file_size >= 8, "it has ", file_size, " bytes, and the header length alone takes 8");
        file_.read(reinterpret_cast<char*>(&length), sizeof(length));
        require<FileError>(length <= max_header_bytes || (length & 0xffff'ffff) != safetensors::zip,
                           "it is what torch.save writes, and not safetensors.torch.save_file");
        require<FileError>(length <= max_header_bytes, "its header length is ", length,
                           " bytes, over the format's limit of ", max_header_bytes);
        data_start_ = 8 + static_cast<Index>(length);
        require<FileError>(data_start_ <= file_size, "its header of ", length, " bytes runs past the end of the file (",
                           file_size, " bytes)");
        std::string text(length, ' ');
        file_.read(text.data(), static_cast<std::streamsize>(length));
        require<FileError>(file_.good(), "its header could not be read");
        arrays_ = parse_header(text, metadata_);

        Index end = 0;    // the arrays cover the data from its first byte to its last
        for (const StoredArray& array : arrays_) {
            require<FileError>(array.begin == end, "the array ", shown(array.name), " begins at byte ", array.begin,
                               " of the data, but what stands before it ends at ", end);
            end = array.end;
            place_of_.emplace(array.name, place_of_.size());
        }
        require<FileError>(data_start_ + end == file_size, "its arrays take ", end, " bytes, but ",
                           file_size - data_start_, " bytes follow the header");
    } catch (const Error& rule) {
        throw FileError(text_of("safetensors: cannot read ", path, ": ", rule.what(), "; save or download it again"));
    }
}

const StoredArray& SafetensorsFile::info(const std::string& name) const {
    if (const auto found = place_of_.find(name); found != place_of_.end()) return arrays_[found->second];
    std::vector<std::string> names;
    for (const StoredArray& array : arrays_) names.push_back(shown(array.name));
    throw FileError(
        text_of("safetensors: ", path_, " holds no array ", shown(name), "; ", did_you_mean(shown(name), names)));
}

// Puts the file at the first number of an array. What is not read is refused here, before there is memory for it.
void SafetensorsFile::seek(const StoredArray& array, bool readable, const char* types, Index number_bytes) {
    require<FileError>(readable, "safetensors: ", path_, " stores ", shown(array.name), " as ", shown(array.dtype),
                       ", which is not read; convert it to ", types);
    require<FileError>(array.has_shape(array.shape) && array.shape.size() <= safetensors::max_bytes / number_bytes,
                       "safetensors: cannot read ", shown(array.name), " from ", path_,
                       ": arrays have at most 6 axes and 2 GiB here");
    file_.clear();
    file_.seekg(data_start_ + array.begin);
}

NdArray SafetensorsFile::read(const StoredArray& array) {
    const auto* type = safetensors::find_type<Scalar>(array.dtype);
    seek(array, type, "F32, F64, F16, BF16 or a whole-number type", sizeof(Scalar));
    NdArray numbers = NdArray::uninitialized(array.shape);
    type->read(file_, numbers.size(), numbers.mutable_data());
    require<FileError>(file_.good(), "safetensors: cannot read ", shown(array.name), " from ", path_);
    return numbers;
}

IndexArray SafetensorsFile::read_indices(const StoredArray& array) {
    const auto* type = safetensors::find_type<Index>(array.dtype);
    seek(array, type && type->whole, "whole numbers, for example I64", sizeof(Index));
    std::vector<Index> numbers;
    with_memory([&] { numbers.resize(static_cast<std::size_t>(array.shape.size())); }, "safetensors: no memory for ",
                shown(array.name));
    type->read(file_, array.shape.size(), numbers.data());
    require<FileError>(file_.good(), "safetensors: cannot read ", shown(array.name), " from ", path_);
    return {array.shape, std::move(numbers)};
}

NamedArrays load_safetensors(const std::string& path) {
    SafetensorsFile file(path);
    NamedArrays arrays;
    for (const StoredArray& array : file.arrays()) arrays.emplace_back(array.name, file.read(array));
    return arrays;
}

}    // namespace ordinal
