#include <ordinal/nn/safetensors.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include <ordinal/nn/file.h>
#include <ordinal/nn/nearest_name.h>

namespace ordinal {

static_assert(std::endian::native == std::endian::little, "this file copies bytes: it needs a little-endian machine");

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t max_header_bytes = 100'000'000;    // the format's own limit
const std::string metadata_key = "__metadata__";

// The bytes of one number of each type in the format. SafetensorsFile::read converts five; a file may hold the others.
const std::map<std::string, Index> number_bytes = {{"F64", 8},     {"F32", 4},  {"F16", 2}, {"BF16", 2}, {"F8_E4M3", 1},
                                                   {"F8_E5M2", 1}, {"BOOL", 1}, {"I8", 1},  {"U8", 1},   {"I16", 2},
                                                   {"U16", 2},     {"I32", 4},  {"U32", 4}, {"I64", 8},  {"U64", 8}};

// A name from a file, fit to print: in quotes, cut when long (between two characters), an escape byte as \u001b.
std::string shown(const std::string& name) {
    std::string text = Json(name.substr(0, 60)).dump(-1, ' ', false, Json::error_handler_t::ignore);
    text.front() = text.back() = '\'';
    return name.size() > 60 ? text + "..." : text;
}

// The array that an entry {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]} of the header describes. Like all
// checks of the header, it throws the rule that is broken; SafetensorsFile adds the path.
StoredArray stored_array(const std::string& name, const Json& entry) {
    const std::string array = "the array " + shown(name);
    for (const char* field : {"dtype", "shape", "data_offsets"})
        require<FileError>(entry.contains(field), array, " has no ", field);
    require<FileError>(entry.size() == 3, array, " has more than a dtype, a shape and data_offsets");
    const std::string dtype = entry["dtype"].is_string() ? entry["dtype"] : Json(entry["dtype"].dump());
    require<FileError>(number_bytes.contains(dtype), array, " has the unknown dtype ", shown(dtype));

    const auto is_index = [](const Json& number) {
        return number.is_number_unsigned() && std::in_range<Index>(number.get<std::uint64_t>());
    };
    for (const char* field : {"shape", "data_offsets"})
        require<FileError>(entry[field].is_array() && std::ranges::all_of(entry[field], is_index), "the ", field,
                           " of ", shown(name), " should be a list of whole numbers, none negative");
    const Shape shape(entry["shape"].get<std::vector<Index>>());    // throws when it has too many elements to count
    const std::vector<Index> offsets = entry["data_offsets"];
    require<FileError>(offsets.size() == 2, "the data_offsets of ", shown(name), " should be two numbers");
    const Index bytes = offsets[1] - offsets[0];
    const Index each = number_bytes.at(dtype);    // divides, since shape.size() * each might overflow
    require<FileError>(bytes % each == 0 && bytes / each == shape.size(), array, " should take ", shape.size(),
                       " times ", each, " bytes, but its data_offsets are [", offsets[0], ", ", offsets[1], "]");
    return {name, dtype, shape, offsets[0], offsets[1]};
}

// The arrays of a header, in file order. The JSON parser hands over each entry when it is complete and then forgets it:
// the tree of a whole hostile header would take long to build. Where two keys are equal, the parser silently keeps one.
std::vector<StoredArray> parse_header(const std::string& text, Metadata& metadata) {
    require<FileError>(text.starts_with('{'), "its header does not begin with {");
    // The parser takes a zero byte for the end of the text and would not see what follows.
    require<FileError>(text.find('\0') == std::string::npos, "its header contains a zero byte");
    std::vector<StoredArray> arrays;
    std::set<std::string> names;
    std::string name;    // of the present entry
    std::size_t fields = 0, list_length = 0;

    // Called for each part; depth counts the brackets around it. 0: the header, 1: an entry, 2: a field, 3: a number.
    using Event = Json::parse_event_t;
    const auto take_part = [&](int depth, Event event, const Json& part) {
        list_length = depth == 3 ? list_length + 1 : 0;
        require<FileError>(depth <= 3 && list_length <= Shape::max_rank, shown(name),
                           " holds a list that is longer or deeper than a shape of ", Shape::max_rank, " axes");
        if (event == Event::key && depth == 1) {
            name = part;
            fields = 0;
            require<FileError>(names.insert(name).second, "the name ", shown(name), " is used twice");
        }
        if (event == Event::key && depth == 2) ++fields;    // met, while `part` below has those that are kept
        if (depth != 1 || event == Event::key || event == Event::object_start) return true;
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
    std::ranges::stable_sort(arrays, {}, [](const StoredArray& array) { return std::pair(array.begin, array.end); });
    return arrays;
}

// Half precision: 1 sign, 5 exponent and 10 fraction bits.
//     value = (1 + fraction / 2^10) 2^(exponent - 15);   exponent 0: subnormal, no leading 1;   31: inf or nan
double from_f16(std::uint16_t bits) {
    const int exponent = (bits >> 10) & 31;
    const int fraction = bits & 1023;
    double magnitude = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
    if (exponent == 31) magnitude = fraction == 0 ? std::numeric_limits<double>::infinity() : std::nan("");
    return std::copysign(magnitude, (bits >> 15) ? -1.0 : 1.0);
}

// "Brain float" is the upper half of a 32-bit float: its range with 8 bits of precision.
float from_bf16(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

// Reads as many numbers as the shape asks for. The caller looks whether the stream is still good.
template <class Stored, class Convert>
NdArray read_numbers(std::istream& in, const Shape& shape, Convert convert) {
    std::vector<Stored> stored(static_cast<std::size_t>(shape.size()));
    in.read(reinterpret_cast<char*>(stored.data()), shape.size() * static_cast<Index>(sizeof(Stored)));
    NdArray numbers = NdArray::uninitialized(shape);
    std::ranges::transform(stored, numbers.mutable_data(), [&](Stored x) { return static_cast<Scalar>(convert(x)); });
    return numbers;
}

}    // namespace

void save_safetensors(const std::string& path, const NamedArrays& arrays, const Metadata& metadata) {
    constexpr Index scalar_bytes = sizeof(Scalar);
    auto header = nlohmann::ordered_json::object();    // its keys stay in the order of their arrival
    if (!metadata.empty()) header[metadata_key] = metadata;
    Index end = 0;
    for (const auto& [name, array] : arrays) {
        require<FileError>(array.defined(), "save_safetensors: the array ", shown(name), " is undefined");
        require<FileError>(name != metadata_key, "save_safetensors: the name ", shown(name), " is the format's own");
        require<FileError>(!header.contains(name), "save_safetensors: the name ", shown(name), " is used twice");
        const Index begin = end;
        end += array.size() * scalar_bytes;
        header[name] = {{"dtype", scalar_bytes == 4 ? "F32" : "F64"},
                        {"shape", std::vector<Index>(array.shape().begin(), array.shape().end())},
                        {"data_offsets", {begin, end}}};
    }
    std::string text;
    try {
        text = header.dump();
    } catch (const Json::exception&) {
        throw FileError("save_safetensors: names and metadata must be UTF-8, got other bytes");
    }
    text.append((8 - text.size() % 8) % 8, ' ');    // the numbers begin at a multiple of 8 bytes
    const std::uint64_t length = text.size();
    require<FileError>(length <= max_header_bytes, "save_safetensors: the header takes ", length,
                       " bytes, over the format's limit of ", max_header_bytes);
    write_file(path, [&](std::ostream& out) {
        out.write(reinterpret_cast<const char*>(&length), sizeof(length));
        out << text;
        for (const auto& [name, array] : arrays) {
            const NdArray numbers = contiguous(array);
            out.write(reinterpret_cast<const char*>(numbers.data()), numbers.size() * scalar_bytes);
        }
    });
}

SafetensorsFile::SafetensorsFile(const std::string& path) : path_(path) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(path, ignored)) file_.open(path, std::ios::binary | std::ios::ate);
    require<FileError>(file_.is_open(), "safetensors: cannot read ", path,
                       ": there is no such file, or it may not be opened");
    const Index file_size = file_.tellg();
    file_.seekg(0);
    try {
        std::uint64_t length = 0;
        require<FileError>(file_size >= 8, "it has ", file_size, " bytes, and the header length alone takes 8");
        file_.read(reinterpret_cast<char*>(&length), sizeof(length));
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
        }
        require<FileError>(data_start_ + end == file_size, "its arrays take ", end, " bytes, but ",
                           file_size - data_start_, " bytes follow the header");
    } catch (const Error& rule) {
        throw FileError(text_of("safetensors: cannot read ", path, ": ", rule.what(), "; save or download it again"));
    }
}

const StoredArray& SafetensorsFile::info(const std::string& name) const {
    const auto found = std::ranges::find(arrays_, name, &StoredArray::name);
    if (found != arrays_.end()) return *found;
    std::vector<std::string> names;
    for (const StoredArray& array : arrays_) names.push_back(shown(array.name));
    throw FileError(
        text_of("safetensors: ", path_, " holds no array ", shown(name), "; ", did_you_mean(shown(name), names)));
}

NdArray SafetensorsFile::read(const StoredArray& array) {
    const auto as_it_is = [](auto number) { return number; };
    file_.clear();
    file_.seekg(data_start_ + array.begin);
    NdArray numbers;
    if (array.dtype == "F32") numbers = read_numbers<float>(file_, array.shape, as_it_is);
    if (array.dtype == "F64") numbers = read_numbers<double>(file_, array.shape, as_it_is);
    if (array.dtype == "I64") numbers = read_numbers<std::int64_t>(file_, array.shape, as_it_is);
    if (array.dtype == "F16") numbers = read_numbers<std::uint16_t>(file_, array.shape, from_f16);
    if (array.dtype == "BF16") numbers = read_numbers<std::uint16_t>(file_, array.shape, from_bf16);
    require<FileError>(numbers.defined(), "safetensors: ", path_, " stores ", shown(array.name), " as ", array.dtype,
                       ", which is not read; convert it to F32, F64, F16, BF16 or I64");
    require<FileError>(file_.good(), "safetensors: cannot read ", shown(array.name), " from ", path_);
    return numbers;
}

NamedArrays load_safetensors(const std::string& path) {
    SafetensorsFile file(path);
    NamedArrays arrays;
    for (const StoredArray& array : file.arrays()) arrays.emplace_back(array.name, file.read(array));
    return arrays;
}

}    // namespace ordinal
