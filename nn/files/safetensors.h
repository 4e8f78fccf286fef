// Arrays in a file: the safetensors format (https://github.com/huggingface/safetensors), which PyTorch users share
// their weights in. Plain data, nothing that could run.
//
//     8 bytes    N, the length of the header: whole number, little-endian
//     N bytes    the header, JSON: {"weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}
//     the rest   the numbers, row-major, little-endian; data_offsets count from here
//
// A file from elsewhere may be damaged or hostile. Everything the header claims is checked before it is believed, and
// no memory is taken for bytes that the file does not hold. What breaks a rule is a FileError that names the rule.
#pragma once

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <ordinal/core/index_array.h>
#include <ordinal/core/nd_array.h>

namespace ordinal {

using NamedArrays = std::vector<std::pair<std::string, NdArray>>;
using NamedIndices = std::vector<std::pair<std::string, IndexArray>>;
using Metadata = std::map<std::string, std::string>;

// Writes the arrays in the given order, as F32 (F64 in the double build), then the whole numbers as I64; the same
// arrays give the same bytes. Nothing half-written stays behind. Throws FileError: unwritable path, a name used twice.
void save_safetensors(const std::string& path, const NamedArrays& arrays, const Metadata& metadata = {},
                      const NamedIndices& indices = {});

// All arrays of a file, in file order.
NamedArrays load_safetensors(const std::string& path);

// What the header says about one array.
struct StoredArray {
    std::string name;
    std::string dtype;           // "F32", "BF16", ...
    Shape shape;                 // [] where it is none of ours: more than 6 axes, for example
    std::vector<Index> sizes;    // the shape as the file has it
    Index begin = 0, end = 0;    // its bytes, counted from the end of the header

    bool has_shape(const Shape& wanted) const {
        return std::equal(sizes.begin(), sizes.end(), wanted.begin(), wanted.end());
    }
    bool operator<(const StoredArray& other) const {    // as they lie in the file
        return std::pair(begin, end) < std::pair(other.begin, other.end);
    }
};

// A file of which one wants to read parts. The constructor reads and checks the header only. Other arrays of the file
// may have types and shapes that are not read here.
class SafetensorsFile {
public:
    explicit SafetensorsFile(const std::string& path);

    const std::vector<StoredArray>& arrays() const { return arrays_; }    // in file order
    const Metadata& metadata() const { return metadata_; }
    const StoredArray& info(const std::string& name) const;

    // The numbers of one array, each rounded to the nearest Scalar: F64, F32, F16, BF16, BOOL and all whole numbers.
    NdArray read(const std::string& name) { return read(info(name)); }
    NdArray read(const StoredArray& array);
    IndexArray read_indices(const std::string& name) { return read_indices(info(name)); }    // not U64
    IndexArray read_indices(const StoredArray& array);

private:
    void seek(const StoredArray& array, bool readable, const char* types, Index number_bytes);

    std::string path_;
    std::ifstream file_;    // stays open: a file that is replaced meanwhile does not mix with the old header
    Index data_start_ = 0;
    std::vector<StoredArray> arrays_;
    std::map<std::string, std::size_t> place_of_;    // of a name, in arrays_
    Metadata metadata_;
};

}    // namespace ordinal
