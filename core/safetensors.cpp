#include "core/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <ostream>

#include "core/file.h"
#include "core/nearest_name.h"
#include "core/safetensors_header.h"

namespace ordinal {

static_assert(std::endian::native == std::endian::little,
              "safetensors.cpp copies bytes: it needs a little-endian machine");

namespace {

constexpr Index length_bytes = 8;    // the header length in front of the header

// Half precision: 1 sign, 5 exponent and 10 fraction bits.
//     value = (1 + fraction / 2^10) 2^(exponent - 15);   exponent 0: subnormal, no leading 1;   31: inf or nan
double from_f16(std::uint16_t bits) {
    const int exponent = (bits >> 10) & 31;
    const int fraction = bits & 1023;
    double magnitude = std::ldexp(1024 + fraction, exponent - 25);
    if (exponent == 0) magnitude = std::ldexp(fraction, -24);
    if (exponent == 31) {
        magnitude = fraction == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    }
    return std::copysign(magnitude, (bits >> 15) ? -1.0 : 1.0);
}

// "Brain float" is the upper half of a 32-bit float: its range with 8 bits of precision.
float from_bf16(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

// Reads as many numbers as the shape asks for, block by block, and converts each one. The caller looks whether the
// stream is still good.
template <class Stored, class Convert>
NdArray read_numbers(std::istream& in, const Shape& shape, Convert convert) {
    NdArray result = NdArray::uninitialized(shape);
    Scalar* out = result.mutable_data();
    std::array<Stored, 4096> block;
    for (Index left = shape.size(); left > 0;) {
        const Index length = std::min(left, static_cast<Index>(block.size()));
        if (!in.read(reinterpret_cast<char*>(block.data()), length * static_cast<Index>(sizeof(Stored)))) break;
        out = std::transform(block.begin(), block.begin() + length, out,
                             [&](Stored number) { return static_cast<Scalar>(convert(number)); });
        left -= length;
    }
    return result;
}

}    // namespace

void save_safetensors(const std::string& path, const NamedArrays& arrays, const Metadata& metadata) {
    constexpr Index scalar_bytes = sizeof(Scalar);
    SafetensorsHeader header{{}, metadata};
    Index end = 0;
    for (const auto& [name, array] : arrays) {
        require<FileError>(array.defined(), "save_safetensors: the array ", shown(name),
                           " is undefined, it has no numbers");
        const Index begin = end;
        end += array.size() * scalar_bytes;
        header.arrays.push_back({name, scalar_bytes == 4 ? "F32" : "F64", array.shape(), begin, end});
    }
    const std::string text = format_safetensors_header(header);
    write_file(path, [&](std::ostream& out) {
        const std::uint64_t length = text.size();
        out.write(reinterpret_cast<const char*>(&length), length_bytes);
        out << text;
        for (const auto& [name, array] : arrays) {
            const NdArray numbers = contiguous(array);
            out.write(reinterpret_cast<const char*>(numbers.data()), numbers.size() * scalar_bytes);
        }
    });
}

SafetensorsFile::SafetensorsFile(const std::string& path) : path_(path) {
    std::error_code error;
    require<FileError>(std::filesystem::is_regular_file(path, error), "safetensors: cannot read ", path,
                       ": there is no such file");
    file_.open(path, std::ios::binary | std::ios::ate);
    const Index file_size = file_.tellg();
    file_.seekg(0);
    require<FileError>(file_.good(), "safetensors: cannot read ", path, ": it may not be opened");

    require_well_formed(file_size >= length_bytes, path, "it has ", file_size,
                        " bytes, and the header length alone takes 8");
    std::uint64_t length = 0;
    file_.read(reinterpret_cast<char*>(&length), length_bytes);
    require_well_formed(length <= static_cast<std::uint64_t>(max_safetensors_header), path, "its header length is ",
                        length, " bytes, over the format's limit of ", max_safetensors_header);
    data_start_ = length_bytes + static_cast<Index>(length);
    require_well_formed(data_start_ <= file_size, path, "its header of ", length,
                        " bytes runs past the end of the file (", file_size, " bytes)");

    std::string text(length, ' ');
    file_.read(text.data(), static_cast<std::streamsize>(length));
    require<FileError>(file_.good(), "safetensors: cannot read the header of ", path);
    SafetensorsHeader header = parse_safetensors_header(text, file_size - data_start_, path);
    arrays_ = std::move(header.arrays);
    metadata_ = std::move(header.metadata);
}

const StoredArray& SafetensorsFile::info(const std::string& name) const {
    const auto found =
        std::find_if(arrays_.begin(), arrays_.end(), [&](const StoredArray& array) { return array.name == name; });
    if (found == arrays_.end()) {
        std::vector<std::string> names;
        for (const StoredArray& array : arrays_) names.push_back(shown(array.name));
        const std::string nearest = nearest_name(shown(name), names);
        require<FileError>(false, "safetensors: ", path_, " holds no array ", shown(name),
                           nearest.empty() ? "" : "; did you mean " + nearest + "?");
    }
    return *found;
}

NdArray SafetensorsFile::read(const StoredArray& array) {
    const auto as_it_is = [](auto number) { return number; };
    file_.clear();
    file_.seekg(data_start_ + array.begin);
    NdArray result;
    if (array.dtype == "F32") result = read_numbers<float>(file_, array.shape, as_it_is);
    if (array.dtype == "F64") result = read_numbers<double>(file_, array.shape, as_it_is);
    if (array.dtype == "I64") result = read_numbers<std::int64_t>(file_, array.shape, as_it_is);
    if (array.dtype == "F16") result = read_numbers<std::uint16_t>(file_, array.shape, from_f16);
    if (array.dtype == "BF16") result = read_numbers<std::uint16_t>(file_, array.shape, from_bf16);
    require<FileError>(result.defined(), "safetensors: ", path_, " stores ", shown(array.name), " as ", array.dtype,
                       ", which is not read; convert it to F32, F64, F16, BF16 or I64");
    require<FileError>(file_.good(), "safetensors: cannot read ", shown(array.name), " from ", path_);
    return result;
}

NamedArrays load_safetensors(const std::string& path) {
    SafetensorsFile file(path);
    NamedArrays arrays;
    for (const StoredArray& array : file.arrays()) arrays.emplace_back(array.name, file.read(array));
    return arrays;
}

}    // namespace ordinal
