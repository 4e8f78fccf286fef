#include <ordinal/nn/files/safetensors.h>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <random>
#include <string>

#include <ordinal/nn/files/file.h>
#include "tests/temp_folder.h"

using namespace ordinal;

namespace {

std::string little_endian(std::uint64_t number) {
    std::string bytes;
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>(number >> (8 * i) & 255);
    return bytes;
}

// A file with this header and this data, right or wrong.
std::string file_of(const std::string& header, const std::string& data) {
    return little_endian(header.size()) + header + data;
}

template <class Number>
std::string raw(std::initializer_list<Number> numbers) {
    std::string bytes(numbers.size() * sizeof(Number), '\0');
    std::memcpy(bytes.data(), std::data(numbers), bytes.size());
    return bytes;
}

// One array 'x' of the given type, read back from a file.
std::vector<Scalar> read_back(const TempFolder& folder, const std::string& dtype, Index count,
                              const std::string& data) {
    write_file(folder / "x", file_of(text_of("{\"x\":{\"dtype\":\"", dtype, "\",\"shape\":[", count,
                                             "],\"data_offsets\":[0,", data.size(), "]}}"),
                                     data));
    return SafetensorsFile(folder / "x").read("x").to_vector();
}

NamedArrays example() {
    const NdArray matrix({2, 3}, {1, 2, 3, 4, 5, 6});
    return {{"weight", matrix},
            {"turned", transpose(matrix)},
            {"scalar", NdArray(Shape{}, {Scalar(0.1)})},
            {"empty", NdArray(Shape{3, 0, 2})},
            {"quote \" and \xE5\x94\x90", NdArray({1}, {-std::numeric_limits<Scalar>::infinity()})}};
}

// FileError is a clean refusal; every other exception, and every crash, is a failure.
void read_or_refuse(const std::string& path) {
    try {
        load_safetensors(path);
    } catch (const FileError&) {
    }
}

}    // namespace

TEST_CASE("arrays come back with names and order and shapes and numbers as saved") {
    const TempFolder folder;
    const NamedArrays saved = example();
    save_safetensors(folder / "x", saved, {{"format", "pt"}});
    const NamedArrays loaded = load_safetensors(folder / "x");
    REQUIRE(loaded.size() == saved.size());
    for (std::size_t i = 0; i < saved.size(); ++i) {
        CHECK(loaded[i].first == saved[i].first);
        CHECK(loaded[i].second.shape() == saved[i].second.shape());
        CHECK(loaded[i].second.to_vector() == saved[i].second.to_vector());
    }
    CHECK(SafetensorsFile(folder / "x").metadata() == Metadata{{"format", "pt"}});
}

TEST_CASE("a saved file has exactly the bytes of the format and the same ones each time") {
    const TempFolder folder;
    const NamedArrays arrays = {{"b", NdArray({2, 1}, {1, -2})}, {"a", NdArray(Shape{}, {3})}};
    save_safetensors(folder / "x", arrays, {{"k", "v"}});
    const bool wide = sizeof(Scalar) == 8;
    std::string header = wide ? R"({"__metadata__":{"k":"v"},"b":{"dtype":"F64","shape":[2,1],"data_offsets":[0,16]},)"
                                R"("a":{"dtype":"F64","shape":[],"data_offsets":[16,24]}})"
                              : R"({"__metadata__":{"k":"v"},"b":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},)"
                                R"("a":{"dtype":"F32","shape":[],"data_offsets":[8,12]}})";
    while (header.size() % 8 != 0) header += ' ';
    CHECK(read_file(folder / "x") == file_of(header, raw<Scalar>({1, -2, 3})));
    save_safetensors(folder / "y", arrays, {{"k", "v"}});
    CHECK(read_file(folder / "y") == read_file(folder / "x"));
}

// Names of one letter to eight: every remainder by 8 occurs.
TEST_CASE("the numbers of a saved file begin at a multiple of 8 bytes and at the nearest one") {
    const TempFolder folder;
    for (std::size_t letters = 1; letters <= 8; ++letters) {
        save_safetensors(folder / "x", {{std::string(letters, 'n'), NdArray({1}, 5)}});
        const std::string bytes = read_file(folder / "x");
        const std::size_t header = bytes.size() - 8 - sizeof(Scalar), text = bytes.rfind('}') + 1 - 8;
        CHECK(bytes.substr(0, 8) == little_endian(header));
        CHECK(header % 8 == 0);
        CHECK(header - text < 8);
        CHECK(bytes.substr(8 + text, header - text) == std::string(header - text, ' '));
    }
}

TEST_CASE("no arrays at all make a valid file") {
    const TempFolder folder;
    save_safetensors(folder / "x", {});
    CHECK(load_safetensors(folder / "x").empty());
}

TEST_CASE("one array is read without the others") {
    const TempFolder folder;
    save_safetensors(folder / "x", example());
    SafetensorsFile file(folder / "x");
    CHECK(file.arrays().size() == 5);
    CHECK(file.info("turned").shape == Shape{3, 2});
    CHECK(file.info("turned").dtype == (sizeof(Scalar) == 8 ? "F64" : "F32"));
    CHECK(file.read("turned").to_vector() == std::vector<Scalar>{1, 4, 2, 5, 3, 6});
    CHECK(file.read("scalar").item() == Scalar(0.1));
    CHECK_THROWS_WITH_AS(
        SafetensorsFile(folder / "x").read("?"),
        ("safetensors: " + (folder / "x") +
         " holds no array '?'; known: 'weight', 'turned', 'scalar', 'empty', 'quote \\\" and \xE5\x94\x90'")
            .c_str(),
        FileError);
    CHECK_THROWS_WITH_AS(
        file.read("weigth"),
        ("safetensors: " + (folder / "x") + " holds no array 'weigth'; did you mean 'weight'?").c_str(), FileError);
}

TEST_CASE("an open file goes on reading the old numbers when the file is replaced") {
    const TempFolder folder;
    save_safetensors(folder / "x", {{"a", NdArray({2}, {1, 2})}});
    SafetensorsFile file(folder / "x");
    const NamedArrays other{{"other", NdArray({1}, {9})}, {"a", NdArray({2}, {3, 4})}};
#if defined(_WIN32)
    CHECK_THROWS_AS(save_safetensors(folder / "x", other), FileError);
#else
    save_safetensors(folder / "x", other);
#endif
    CHECK(file.read("a").to_vector() == std::vector<Scalar>{1, 2});
}

TEST_CASE("a file that shrinks while it is open is refused") {
    const TempFolder folder;
    save_safetensors(folder / "x", {{"a", NdArray::arange(100'000)}});
    SafetensorsFile file(folder / "x");
    std::filesystem::resize_file(folder / "x", 50'000);
    CHECK_THROWS_WITH_AS(file.read("a"), ("safetensors: cannot read 'a' from " + (folder / "x")).c_str(), FileError);
}

TEST_CASE("more numbers than one block are read in order") {
    const TempFolder folder;
    save_safetensors(folder / "x", {{"first", NdArray({5}, 1)}, {"long", NdArray::arange(10'000)}});
    CHECK(load_safetensors(folder / "x")[1].second.to_vector() == NdArray::arange(10'000).to_vector());
}

TEST_CASE("arrays are listed by where their numbers stand and not by where the header names them") {
    const TempFolder folder;
    write_file(folder / "x", file_of(R"({"second":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},)"
                                     R"("first":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                                     raw<float>({1, 2})));
    const NamedArrays loaded = load_safetensors(folder / "x");
    REQUIRE(loaded.size() == 2);
    CHECK(loaded[0].first == "first");
    CHECK(loaded[0].second.item() == 1);
    CHECK(loaded[1].second.item() == 2);
}

TEST_CASE("F32 and F64 and I64 are read exactly") {
    const TempFolder folder;
    const double smallest = std::numeric_limits<float>::denorm_min();
    CHECK(read_back(folder, "F32", 3, raw<float>({1.5F, -0.1F, static_cast<float>(smallest)})) ==
          std::vector<Scalar>{Scalar(1.5F), Scalar(-0.1F), static_cast<Scalar>(smallest)});
    CHECK(read_back(folder, "F64", 3, raw<double>({1.5, -0.1, smallest})) ==
          std::vector<Scalar>{Scalar(1.5), Scalar(-0.1), static_cast<Scalar>(smallest)});
    CHECK(read_back(folder, "I64", 3, raw<std::int64_t>({0, -7, 16'777'216})) ==
          std::vector<Scalar>{0, -7, 16'777'216});
}

TEST_CASE("F16 is read exactly with subnormals and infinities and nan") {
    const TempFolder folder;
    CHECK(read_back(folder, "F16", 9,
                    raw<std::uint16_t>({0x3C00, 0xC000, 0x3555, 0x7BFF, 0x0400, 0x03FF, 0x8001, 0x7C00, 0xFC00})) ==
          std::vector<Scalar>{1, -2, Scalar(0.333251953125), 65504, Scalar(std::ldexp(1, -14)),
                              Scalar(std::ldexp(1023, -24)), -Scalar(std::ldexp(1, -24)),
                              std::numeric_limits<Scalar>::infinity(), -std::numeric_limits<Scalar>::infinity()});
    const std::vector<Scalar> odd = read_back(folder, "F16", 3, raw<std::uint16_t>({0x7E00, 0xFC01, 0x8000}));
    CHECK(std::isnan(odd[0]));
    CHECK(std::isnan(odd[1]));
    CHECK((odd[2] == 0 && std::signbit(odd[2])));
}

TEST_CASE("every finite number of half precision is its fraction times its power of two") {
    const TempFolder folder;
    std::string data;
    std::vector<Scalar> expected;
    for (int bits = 0; bits < 0x10000; ++bits) {
        const int exponent = bits >> 10 & 31, fraction = bits & 1023;
        if (exponent == 31) continue;
        data += raw<std::uint16_t>({static_cast<std::uint16_t>(bits)});
        const double magnitude = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
        expected.push_back(static_cast<Scalar>(bits < 0x8000 ? magnitude : -magnitude));
    }
    CHECK(read_back(folder, "F16", std::ssize(expected), data) == expected);
}

TEST_CASE("BF16 is read exactly with subnormals and infinities and nan") {
    const TempFolder folder;
    CHECK(read_back(folder, "BF16", 6, raw<std::uint16_t>({0x3F80, 0xC000, 0x3EAB, 0x0001, 0x7F80, 0xFF80})) ==
          std::vector<Scalar>{1, -2, Scalar(0.333984375), Scalar(std::ldexp(1, -133)),
                              std::numeric_limits<Scalar>::infinity(), -std::numeric_limits<Scalar>::infinity()});
    const std::vector<Scalar> odd = read_back(folder, "BF16", 2, raw<std::uint16_t>({0x7FC0, 0x8000}));
    CHECK(std::isnan(odd[0]));
    CHECK((odd[1] == 0 && std::signbit(odd[1])));
}

TEST_CASE("every type of whole numbers is read and bool") {
    const TempFolder folder;
    CHECK(read_back(folder, "BOOL", 3, std::string("\0\1\2", 3)) == std::vector<Scalar>{0, 1, 1});
    CHECK(read_back(folder, "U8", 2, raw<std::uint8_t>({0, 255})) == std::vector<Scalar>{0, 255});
    CHECK(read_back(folder, "I8", 2, raw<std::int8_t>({-128, 127})) == std::vector<Scalar>{-128, 127});
    CHECK(read_back(folder, "U16", 2, raw<std::uint16_t>({1, 65535})) == std::vector<Scalar>{1, 65535});
    CHECK(read_back(folder, "I16", 2, raw<std::int16_t>({-32768, 3})) == std::vector<Scalar>{-32768, 3});
    CHECK(read_back(folder, "U32", 1, raw<std::uint32_t>({4294967295})) == std::vector<Scalar>{Scalar(4294967295)});
    CHECK(read_back(folder, "I32", 2, raw<std::int32_t>({-2147483647 - 1, 7})) == std::vector<Scalar>{-2147483648, 7});
    CHECK(read_back(folder, "U64", 1, raw<std::uint64_t>({UINT64_MAX})) == std::vector<Scalar>{Scalar(UINT64_MAX)});
    CHECK(read_back(folder, "I64", 1, raw<std::int64_t>({INT64_MIN})) == std::vector<Scalar>{Scalar(INT64_MIN)});
}

TEST_CASE("whole numbers are read as they are and written as they are") {
    const TempFolder folder;
    const std::string path = folder / "ids", other = folder / "x";    // read_back() writes the latter
    const IndexArray ids({2, 2}, {INT64_MAX, INT64_MIN, (Index{1} << 53) + 1, -1});
    save_safetensors(path, {{"a", NdArray({1}, {2})}}, {}, {{"ids", ids}, {"none", IndexArray({0, 3}, {})}});
    SafetensorsFile file(path);
    CHECK(file.info("ids").dtype == "I64");
    CHECK(file.read_indices("ids").shape == ids.shape);
    CHECK(file.read_indices("ids").values == ids.values);
    CHECK(file.read_indices("none").shape == Shape{0, 3});
    CHECK(file.read("a").item() == 2);
    CHECK_THROWS_WITH_AS(file.read_indices("a"),
                         ("safetensors: " + path + " stores 'a' as " + (sizeof(Scalar) == 8 ? "'F64'" : "'F32'") +
                          ", which is not read; convert it to whole numbers, for example I64")
                             .c_str(),
                         FileError);
    CHECK_THROWS_WITH_AS(save_safetensors(path, {{"a", NdArray({1}, {2})}}, {}, {{"a", ids}}),
                         "save_safetensors: the name 'a' is used twice", FileError);
    read_back(folder, "U64", 1, raw<std::uint64_t>({std::uint64_t{1} << 63}));
    CHECK_THROWS_WITH_AS(SafetensorsFile(other).read_indices("x"),
                         ("safetensors: " + other +
                          " stores 'x' as 'U64', which is not read; convert it to whole numbers, for example I64")
                             .c_str(),
                         FileError);
    read_back(folder, "U8", 2, "\xFF\1");
    CHECK(SafetensorsFile(other).read_indices("x").values == std::vector<Index>{255, 1});
    read_back(folder, "I32", 1, raw<std::int32_t>({-5}));
    CHECK(SafetensorsFile(other).read_indices("x").values == std::vector<Index>{-5});
}

TEST_CASE("more numbers than one block come back whole") {
    const TempFolder folder;
    for (const Index count : {65535, 65536, 65537, 200000}) {
        std::vector<Index> numbers;
        for (Index i = 0; i < count; ++i) numbers.push_back(i * 7919 % 65521);
        std::vector<Scalar> scalars(numbers.begin(), numbers.end());
        save_safetensors(folder / "x", {{"a", NdArray({count}, scalars)}}, {}, {{"i", IndexArray({count}, numbers)}});
        SafetensorsFile file(folder / "x");
        CHECK(file.read("a").to_vector() == scalars);
        CHECK(file.read_indices("i").values == numbers);
    }
}

// Each of these is legal, and each was refused whole.
TEST_CASE("what stands beside an array does not stop its reading") {
    const TempFolder folder;
    const std::string path = folder / "x", four(4, '\1');
    const std::string a = R"("a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})";
    for (const std::string beside : {
             R"({"mask":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]},)",    // known and not read
             R"({"mask":{"dtype":"F4","shape":[8],"data_offsets":[0,4]},)",         // unknown, half a byte each
             R"({"mask":{"dtype":"","shape":[],"data_offsets":[0,4]},)",
             R"({"mask":{"dtype":"U8","shape":[1,1,1,1,1,1,4],"data_offsets":[0,4]},)",    // seven axes
             R"({"__metadata__":{},"mask":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)",
             R"({"__metadata__":null,"mask":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)",
             R"({"huge":{"dtype":"U8","shape":[0,4294967296,4294967296],"data_offsets":[0,0]},)"
             R"("mask":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)",
             R"({"mask":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"color":"red"},)",    // further fields
             R"({"mask":{"dtype":"U8","more":{"a":[1,[2,{}],null],"b":{"dtype":1}},"shape":[4],"data_offsets":[0,4]},)",
             R"({"mask":{"more":[1,2,3,4,5,6,7,8],"dtype":"U8","shape":[4],"data_offsets":[0,4],"x":-1.5e3},)",
         }) {
        CAPTURE(beside);
        write_file(path, file_of(beside + a + "   ", four + raw<float>({2})));
        SafetensorsFile file(path);
        CHECK(file.read("a").item() == 2);
    }
    write_file(path, file_of(R"({"b":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]},)" + a, four + four));
    CHECK_THROWS_WITH_AS(SafetensorsFile(path).read("b"),
                         ("safetensors: " + path +
                          " stores 'b' as 'F8_E4M3', which is not read; convert it to F32, F64, F16, BF16 or a "
                          "whole-number type")
                             .c_str(),
                         FileError);
    write_file(path, file_of(R"({"b":{"dtype":"\u001b[31m","shape":[4],"data_offsets":[0,4]},)" + a, four + four));
    CHECK_THROWS_WITH_AS(
        SafetensorsFile(path).read_indices("b"),
        ("safetensors: " + path +
         " stores 'b' as '\\u001b[31m', which is not read; convert it to whole numbers, for example I64")
            .c_str(),
        FileError);
}

TEST_CASE("an array of more than 2 GiB is refused before there is memory for it") {
    const TempFolder folder;
    const std::string path = folder / "x";
    const Index count = (Index{1} << 31) / static_cast<Index>(sizeof(Scalar)) + 1;
    write_file(path,
               file_of(text_of(R"({"x":{"dtype":"U8","shape":[)", count, R"(],"data_offsets":[0,)", count, "]}}"), ""));
    std::filesystem::resize_file(path,
                                 std::filesystem::file_size(path) + static_cast<std::uintmax_t>(count));    // a hole
    SafetensorsFile file(path);
    CHECK_THROWS_WITH_AS(
        file.read("x"),
        text_of("safetensors: cannot read 'x' from ", path, ": arrays have at most 6 axes and 2 GiB here").c_str(),
        FileError);
    CHECK_THROWS_AS(file.read_indices("x"), FileError);
}

// Static objects are made before main, in an order that nobody knows: the library needs none of its own.
struct AtStart {
    AtStart() {
        const TempFolder folder;
        save_safetensors(folder / "x", {{"a", NdArray({2}, {1, 2})}});
        for (const auto& [name, array] : load_safetensors(folder / "x")) found += name + text_of(array);
    }
    std::string found;
};
static const AtStart at_start;

TEST_CASE("files are saved and loaded before main") { CHECK(at_start.found == "a[1, 2]"); }

TEST_CASE("every malformed file is refused with the rule it broke") {
    const auto one = [](const std::string& fields) { return "{\"x\":{" + fields + "}}"; };
    const std::string dtype = "\"dtype\":\"F32\",";
    const std::string shape = "\"shape\":[2],";
    const std::string offsets = "\"data_offsets\":[0,8]";
    const std::string eight(8, '\0');
    const auto two = [](const std::string& first, const std::string& second) {
        return "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":" + first +
               "},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":" + second + "}}";
    };
    struct Row {
        std::string bytes;
        std::string rule;
    };
    const std::string bad_shape = "the shape of 'x' should be a list of whole numbers, none negative";
    const std::string bad_offsets = "the data_offsets of 'x' should be a list of whole numbers, none negative";
    const std::string bad_list = "'x' holds a list that is longer or deeper than a shape of 64 axes";
    std::string ones_64 = "1";
    for (int axis = 1; axis < 64; ++axis) ones_64 += ",1";
    const std::string bad_json = "its header is not valid JSON in UTF-8";
    const std::vector<Row> table = {
        // the header length
        {"", "it has 0 bytes, and the header length alone takes 8"},
        {"PK\3\4" + std::string("\0\0\b\b\0\0", 6),
         "it is what torch.save writes, and not safetensors.torch.save_file"},
        {"1234567", "it has 7 bytes, and the header length alone takes 8"},
        {little_endian(3) + "{}", "its header of 3 bytes runs past the end of the file (10 bytes)"},
        {little_endian(100'000'000) + "{}", "its header of 100000000 bytes runs past the end of the file (10 bytes)"},
        {little_endian(100'000'001) + "{}",
         "its header length is 100000001 bytes, over the format's limit of 100000000"},
        {std::string(8, '\xFF') + "{}",
         "its header length is 18446744073709551615 bytes, over the format's limit of 100000000"},
        // the header as JSON
        {file_of("", ""), "its header does not begin with {"},
        {file_of(" {}", ""), "its header does not begin with {"},
        {file_of("[]", ""), "its header does not begin with {"},
        {file_of("\xEF\xBB\xBF{}", ""), "its header does not begin with {"},
        {file_of("{", ""), bad_json},
        {file_of("{}}", ""), bad_json},
        {file_of("{} {}", ""), bad_json},
        {file_of("{\"x\":}", ""), bad_json},
        {file_of("{'x':1}", ""), bad_json},
        {file_of("{/* */}", ""), bad_json},
        {file_of("{\"\xFF\":{}}", ""), bad_json},
        {file_of("{\"\xC0\xAF\":{}}", ""), bad_json},
        {file_of(one(dtype + "\"shape\":[1e999]," + offsets), eight), bad_json},
        {file_of(std::string("{}\0garbage", 10), ""), "its header contains a zero byte"},
        // keys
        {file_of("{\"x\":{" + dtype + shape + offsets + "},\"x\":{" + dtype + shape + offsets + "}}", eight),
         "the name 'x' is used twice"},
        {file_of(one(dtype + dtype + shape + offsets), eight), "'x' has two equal keys"},
        {file_of(one(dtype + "\"d\\u0074ype\":\"F64\"," + shape + offsets), eight), "'x' has two equal keys"},
        {file_of("{\"__metadata__\":{},\"__metadata__\":{}}", ""), "the name '__metadata__' is used twice"},
        {file_of("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", ""), "'__metadata__' has two equal keys"},
        // metadata
        {file_of("{\"__metadata__\":\"text\"}", ""), "'__metadata__' should be an object { ... }"},
        {file_of("{\"__metadata__\":{\"k\":1}}", ""), "the metadata 'k' should be a text"},
        {file_of("{\"__metadata__\":{\"k\":{}}}", ""), "the metadata 'k' should be a text"},
        // fields of an array
        {file_of("{\"x\":null}", ""), "'x' should be an object { ... }"},
        {file_of("{\"x\":[[[[]]]]}", ""), "'x' should be an object { ... }"},
        {file_of(one(""), ""), "the array 'x' has no dtype"},
        {file_of(one(dtype + offsets), eight), "the array 'x' has no shape"},
        {file_of(one(dtype + "\"shape\":[2]"), eight), "the array 'x' has no data_offsets"},
        {file_of(one("\"dtype\":32," + shape + offsets), eight), "the dtype of 'x' should be a text"},
        {file_of(one("\"color\":" + std::string(200, '[') + std::string(200, ']') + "," + dtype + shape + offsets),
                 eight),
         bad_list},
        // shape
        {file_of(one(dtype + "\"shape\":2," + offsets), eight), bad_shape},
        {file_of(one(dtype + "\"shape\":[-2]," + offsets), eight), bad_shape},
        {file_of(one(dtype + "\"shape\":[-0]," + offsets), eight), bad_shape},
        {file_of(one(dtype + "\"shape\":[2.0]," + offsets), eight), bad_shape},
        {file_of(one(dtype + "\"shape\":[\"2\"]," + offsets), eight), bad_shape},
        {file_of(one(dtype + "\"shape\":[[]]," + offsets), eight), bad_shape},
        {file_of(one(dtype + "\"shape\":{\"a\":2}," + offsets), eight), bad_shape},
        {file_of(one(dtype + "\"shape\":[[2]]," + offsets), eight), bad_list},
        {file_of(one(dtype + "\"shape\":[[[[]]]]," + offsets), eight), bad_list},
        {file_of(one(dtype + "\"shape\":[" + ones_64 + ",2]," + offsets), eight), bad_list},
        {file_of(one(dtype + "\"shape\":[9223372036854775808]," + offsets), eight), bad_shape},
        {file_of(one(dtype + "\"shape\":[18446744073709551616]," + offsets), eight), bad_shape},
        {file_of(one(dtype + "\"shape\":[4294967296,4294967296]," + offsets), eight),
         "the array 'x' has more elements than a 64-bit index can count"},
        {file_of(one(dtype + "\"shape\":[4611686018427387904],\"data_offsets\":[0,0]"), ""),    // 2^62 times 4 is 2^64
         "the array 'x' should take 4611686018427387904 times 4 bytes, but its data_offsets are [0, 0]"},
        // data_offsets
        {file_of(one(dtype + shape + "\"data_offsets\":8"), eight), bad_offsets},
        {file_of(one(dtype + shape + "\"data_offsets\":[8]"), eight),
         "the data_offsets of 'x' should be two numbers, begin and end"},
        {file_of(one(dtype + shape + "\"data_offsets\":[0,4,8]"), eight),
         "the data_offsets of 'x' should be two numbers, begin and end"},
        {file_of(one(dtype + shape + "\"data_offsets\":[-8,0]"), eight), bad_offsets},
        {file_of(one(dtype + shape + "\"data_offsets\":[0,8.0]"), eight), bad_offsets},
        {file_of(one(dtype + shape + "\"data_offsets\":[0,7]"), eight),
         "the array 'x' should take 2 times 4 bytes, but its data_offsets are [0, 7]"},
        {file_of(one(dtype + shape + "\"data_offsets\":[0,9]"), eight + "9"),
         "the array 'x' should take 2 times 4 bytes, but its data_offsets are [0, 9]"},
        {file_of(one(dtype + shape + "\"data_offsets\":[8,0]"), eight),
         "the data_offsets of 'x' should be two numbers, begin and end"},
        {file_of(one("\"dtype\":\"F33\"," + shape + "\"data_offsets\":[8,0]"), eight),
         "the data_offsets of 'x' should be two numbers, begin and end"},
        {file_of(one(dtype + "\"shape\":[1000000000],\"data_offsets\":[0,8]"), eight),
         "the array 'x' should take 1000000000 times 4 bytes, but its data_offsets are [0, 8]"},
        {file_of(one(dtype + "\"shape\":[1000000000],\"data_offsets\":[0,4000000000]"), eight),
         "its arrays take 4000000000 bytes, but 8 bytes follow the header"},
        // the layout of the data
        {file_of(two("[0,4]", "[0,4]"), eight),
         "the array 'b' begins at byte 0 of the data, but what stands before it ends at 4"},
        {file_of(two("[3,7]", "[0,4]"), eight),
         "the array 'a' begins at byte 3 of the data, but what stands before it ends at 4"},
        {file_of(two("[1,5]", "[5,9]"), eight),
         "the array 'a' begins at byte 1 of the data, but what stands before it ends at 0"},
        {file_of(two("[0,4]", "[5,9]"), eight),
         "the array 'b' begins at byte 5 of the data, but what stands before it ends at 4"},
        {file_of(two("[0,4]", "[4,8]"), "1234567"), "its arrays take 8 bytes, but 7 bytes follow the header"},
        {file_of(two("[0,4]", "[4,8]"), "123456789"), "its arrays take 8 bytes, but 9 bytes follow the header"},
        {file_of("{}", "1"), "its arrays take 0 bytes, but 1 bytes follow the header"},
    };
    const TempFolder folder;
    const std::string path = folder / "x";
    write_file(path, file_of(one(dtype + "\"shape\":[" + ones_64 + "],\"data_offsets\":[0,4]"), eight.substr(4)));
    CHECK(SafetensorsFile(path).info("x").sizes == std::vector<Index>(64, 1));    // the bound itself
    for (const Row& row : table) {
        CAPTURE(row.bytes);
        write_file(path, row.bytes);
        CHECK_THROWS_WITH_AS(
            SafetensorsFile{path},
            ("safetensors: cannot read " + path + ": " + row.rule + "; save or download it again").c_str(), FileError);
    }
    write_file(path, file_of(one(dtype + shape + offsets), eight));    // the table's building blocks are sound
    CHECK(load_safetensors(path).size() == 1);
    write_file(path, file_of(two("[4,8]", "[0,4]"), eight));
    CHECK(load_safetensors(path).size() == 2);
}

TEST_CASE("six axes are read and a seventh is refused with a sentence when it is asked for") {
    const TempFolder folder;
    const std::string path = folder / "x";
    write_file(path, file_of(R"({"x":{"dtype":"F32","shape":[1,1,1,1,1,1],"data_offsets":[0,4]}})", raw<float>({3})));
    CHECK(load_safetensors(path)[0].second.shape() == Shape{1, 1, 1, 1, 1, 1});
    write_file(path, file_of(R"({"x":{"dtype":"F32","shape":[1,1,1,1,1,1,1],"data_offsets":[0,4]}})", raw<float>({3})));
    CHECK(SafetensorsFile(path).info("x").sizes == std::vector<Index>(7, 1));
    CHECK_THROWS_WITH_AS(
        load_safetensors(path),
        ("safetensors: cannot read 'x' from " + path + ": arrays have at most 6 axes and 2 GiB here").c_str(),
        FileError);
}

TEST_CASE("a long or unprintable name is shown cut and without control characters") {
    const TempFolder folder;
    const std::string path = folder / "x";
    const std::string tang = "\xE5\x94\x90";    // one character of three bytes, which is not cut in two
    for (const std::string& tail : {std::string("nnnn"), "nn" + tang}) {
        write_file(path, file_of("{\"\\u001b" + std::string(57, 'n') + tail + "\":1}", ""));
        CHECK_THROWS_WITH_AS(load_safetensors(path),
                             ("safetensors: cannot read " + path + ": '\\u001b" + std::string(59, 'n') +
                              "'... should be an object { ... }; save or download it again")
                                 .c_str(),
                             FileError);
    }
}

TEST_CASE("a file cut anywhere is refused") {
    const TempFolder folder;
    save_safetensors(folder / "whole", example(), {{"format", "pt"}});
    const std::string whole = read_file(folder / "whole");
    for (std::size_t length = 0; length < whole.size(); ++length) {
        write_file(folder / "cut", whole.substr(0, length));
        CHECK_THROWS_AS(load_safetensors(folder / "cut"), FileError);
    }
}

TEST_CASE("flipped bits are read or refused and never crash") {
    const TempFolder folder;
    save_safetensors(folder / "whole", example(), {{"format", "pt"}});
    const std::string whole = read_file(folder / "whole");
    std::mt19937 random(7);    // only its integers: they are the same in every library
    for (int round = 0; round < 500; ++round) {
        std::string damaged = whole;
        for (auto flips = 1 + random() % 3; flips > 0; --flips) {
            char& byte = damaged[random() % damaged.size()];
            byte = static_cast<char>(byte ^ (1 << random() % 8));
        }
        write_file(folder / "damaged", damaged);
        CHECK_NOTHROW(read_or_refuse(folder / "damaged"));
    }
}

TEST_CASE("what is no file is refused by name") {
    const TempFolder folder;
    for (const std::string& path : {folder / "missing", folder.path()}) {
        CHECK_THROWS_WITH_AS(
            SafetensorsFile{path},
            ("safetensors: cannot read " + path + ": there is no such file, or it may not be opened").c_str(),
            FileError);
    }
}

TEST_CASE("names that the format cannot hold are refused before anything is written") {
    const TempFolder folder;
    const std::string path = folder / "x";
    const NdArray a({1}, {1});
    CHECK_THROWS_WITH_AS(save_safetensors(path, {{"a", a}, {"b", a}, {"a", a}}),
                         "save_safetensors: the name 'a' is used twice", FileError);
    CHECK_THROWS_WITH_AS(save_safetensors(path, {{"__metadata__", a}}),
                         "save_safetensors: the name '__metadata__' is the format's own", FileError);
    CHECK_THROWS_WITH_AS(save_safetensors(path, {{"\xFF", a}}),
                         "save_safetensors: names and metadata must be UTF-8, got other bytes", FileError);
    CHECK_THROWS_WITH_AS(save_safetensors(path, {}, {{"k", "\xFF"}}),
                         "save_safetensors: names and metadata must be UTF-8, got other bytes", FileError);
    CHECK_THROWS_WITH_AS(save_safetensors(path, {{"a", NdArray()}}), "save_safetensors: the array 'a' is undefined",
                         FileError);
    CHECK(folder.file_count() == 0);
}

TEST_CASE("saving where nothing can be written names the path and leaves nothing") {
    const TempFolder folder;
    const std::string path = folder / "none/weights";
    CHECK_THROWS_WITH_AS(save_safetensors(path, example()),
                         ("write_file: cannot create " + path +
                          ": No such file or directory; check that its folder exists and may be written")
                             .c_str(),
                         FileError);
    CHECK(folder.file_count() == 0);
}

TEST_CASE("indices whose shape and values disagree are not saved") {
    const TempFolder folder;
    IndexArray wrong;
    wrong.shape = {5};
    wrong.values = {1};
    CHECK_THROWS_WITH_AS(ordinal::save_safetensors(folder / "file", {}, {}, {{"i", wrong}}),
                         "save_safetensors: the array 'i' needs 5 values, got 1", ordinal::FileError);
    CHECK(!std::filesystem::exists(folder / "file"));
}
