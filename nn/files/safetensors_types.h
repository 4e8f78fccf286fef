// Types of numbers in a safetensors file, how each is read, and how a name is printed. For safetensors.cpp alone.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <ordinal/core/scalar.h>

namespace ordinal::safetensors {

// Half precision: 1 sign, 5 exponent and 10 fraction bits.
//     value = (1 + fraction / 2^10) 2^(exponent - 15);   exponent 0: subnormal, no leading 1;   31: inf or nan
struct Half {
    std::uint16_t bits;
    // A float's exponents count from 127: exponent and fraction, moved into their places there, make a number that is
    // 2^112 times too small, whether subnormal or not, and the product is exact.
    operator float() const {
        const std::uint32_t moved = static_cast<std::uint32_t>(bits & 0x7FFF) << 13;
        const bool is_number = (bits & 0x7C00) != 0x7C00;
        const float magnitude =
            is_number ? std::bit_cast<float>(moved) * 0x1p112f : std::bit_cast<float>(moved | 0x7F800000);
        return (bits >> 15) != 0 ? -magnitude : magnitude;
    }
};

// "Brain float" is the upper half of a 32-bit float: its range with 8 bits of precision.
struct BrainFloat {
    std::uint16_t bits;
    operator float() const { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }
};

struct Bool {
    std::uint8_t byte;
    operator int() const { return byte != 0; }
};

constexpr Index max_bytes = Index{1} << 31;    // of one array that is read
constexpr std::uint64_t zip = 0x0403'4b50;    // "PK\3\4": how an archive begins, and so what torch.save writes

// Reads `count` numbers, block by block. The caller looks whether the stream is still good.
template <class Stored, class Number>
void read_numbers(std::istream& in, Index count, Number* numbers) {
    constexpr Index block_numbers = Index{1} << 16;
    std::vector<Stored> block(static_cast<std::size_t>(std::min(count, block_numbers)));
    for (Index at = 0; at < count && in; at += block_numbers) {
        const Index n = std::min(block_numbers, count - at);
        in.read(reinterpret_cast<char*>(block.data()), n * static_cast<Index>(sizeof(Stored)));
        std::transform(block.begin(), block.begin() + n, numbers + at, [](Stored x) { return static_cast<Number>(x); });
    }
}

// The types that are known: how many bytes one number takes, and how it is read as a Number. A file
// may hold others, and then only its offsets are checked.
template <class Number>
struct Type {
    const char* name;
    Index bytes;
    bool whole;    // an Index can be each of them
    void (*read)(std::istream& in, Index count, Number* numbers);
};
template <class Number>
constexpr Type<Number> types[] = {
    {"F64", 8, false, read_numbers<double, Number>},       {"F32", 4, false, read_numbers<float, Number>},
    {"F16", 2, false, read_numbers<Half, Number>},         {"BF16", 2, false, read_numbers<BrainFloat, Number>},
    {"BOOL", 1, true, read_numbers<Bool, Number>},         {"I8", 1, true, read_numbers<std::int8_t, Number>},
    {"U8", 1, true, read_numbers<std::uint8_t, Number>},   {"I16", 2, true, read_numbers<std::int16_t, Number>},
    {"U16", 2, true, read_numbers<std::uint16_t, Number>}, {"I32", 4, true, read_numbers<std::int32_t, Number>},
    {"U32", 4, true, read_numbers<std::uint32_t, Number>}, {"I64", 8, true, read_numbers<std::int64_t, Number>},
    {"U64", 8, false, read_numbers<std::uint64_t, Number>}};

template <class Number>
const Type<Number>* find_type(const std::string& name) {
    for (const auto& type : types<Number>)
        if (type.name == name) return &type;
    return nullptr;
}

// A name from a file, fit to print: in quotes, cut when long (between two characters), an escape byte as \u001b.
inline std::string shown(const std::string& name) {
    std::string text = nlohmann::json(name.substr(0, 60)).dump(-1, ' ', false, nlohmann::json::error_handler_t::ignore);
    text.front() = text.back() = '\'';
    return name.size() > 60 ? text + "..." : text;
}

}    // namespace ordinal::safetensors
