#include "demos/real_tables/position_table.h"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <bit>

#include <ordinal/nn/files/file.h>
#include <ordinal/nn/files/safetensors.h>
#include "tests/nn/testing.h"
#include "tests/temp_folder.h"

using namespace ordinal;
using namespace ordinal::demos;
using namespace ordinal::testing;

namespace {

// Rows 0, 1, 2, ...: each number of row k is k.
NdArray counting_rows(Index rows, Index width) {
    NdArray table = zeros({rows, width});
    for (Index i = 0; i < rows * width; ++i) table.mutable_data()[i] = static_cast<Scalar>(i / width);
    return table;
}

// One array in 16-bit numbers, written byte by byte.
std::string sixteen_bits(const std::string& name, const std::string& dtype, const std::vector<std::uint16_t>& numbers) {
    std::string header = text_of("{\"", name, "\":{\"dtype\":\"", dtype, "\",\"shape\":[", numbers.size() / 2,
                                 ",2],\"data_offsets\":[0,", 2 * numbers.size(), "]}}");
    std::string bytes;
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>(header.size() >> (8 * i) & 255);
    bytes += header;
    for (const std::uint16_t number : numbers) {
        bytes += static_cast<char>(number & 255);
        bytes += static_cast<char>(number >> 8);
    }
    return bytes;
}

}    // namespace

TEST_CASE("the table of positions is found among other arrays by the end of its name") {
    const TempFolder folder;
    for (const std::string name :
         {"bert.embeddings.position_embeddings.weight", "embeddings.position_embeddings.weight", "wpe.weight",
          "transformer.wpe.weight", "model.decoder.embed_positions.weight",
          "text_model.embeddings.position_embedding.weight"}) {
        CAPTURE(name);
        save_safetensors(folder / "model.safetensors", {{"embeddings.position_ids", zeros({1, 12})},
                                                        {"embeddings.word_embeddings.weight", zeros({30, 4})},
                                                        {name, counting_rows(12, 4)}});
        const RealTable table = read_position_table(folder / "model.safetensors");
        CHECK(table.file == "model.safetensors");
        CHECK(table.tensor == name);
        CHECK(same_numbers(table.rows, counting_rows(12, 4)));
        CHECK(table.reserved == 0);
    }
    for (const std::string name : {"word_embeddings.weight", "wte.weight", "position_ids", "wpe.weight.old", "h.0.wpe"})
        CHECK_FALSE(names_positions(name));
}

TEST_CASE("two rows that RoBERTa keeps for itself are left out") {
    CHECK(reserved_rows(514) == 2);
    CHECK(reserved_rows(258) == 2);
    CHECK(reserved_rows(1026) == 2);
    for (const Index rows : {512, 1024, 77, 4096, 513, 66, 34, 18, 10, 6, 4, 3, 2, 1}) CHECK(reserved_rows(rows) == 0);
    const TempFolder folder;
    save_safetensors(folder / "x", {{"roberta.embeddings.position_embeddings.weight", counting_rows(514, 2)}});
    const RealTable table = read_position_table(folder / "x");
    CHECK(table.reserved == 2);
    CHECK(table.rows.shape() == Shape{512, 2});
    CHECK(table.rows.at({0, 0}) == 2);    // position 0 is row 2 of the file
    CHECK(table.rows.at({511, 1}) == 513);
    save_safetensors(folder / "y", {{"something.else", counting_rows(514, 2)}});    // no name of RoBERTa's kin
    CHECK(read_position_table(folder / "y", "something.else").reserved == 0);
}

TEST_CASE("half precision tables are read") {
    const TempFolder folder;
    // 1, -2, 0.5 and 1/1024 in F16; the upper halves of 1, -2, 0.5 and 3 in BF16
    write_file(folder / "half", sixteen_bits("wpe.weight", "F16", {0x3C00, 0xC000, 0x3800, 0x1400}));
    CHECK(read_position_table(folder / "half").rows.to_vector() ==
          std::vector<Scalar>{1, -2, Scalar(0.5), Scalar(1) / 1024});
    write_file(folder / "brain", sixteen_bits("wpe.weight", "BF16", {0x3F80, 0xC000, 0x3F00, 0x4040}));
    CHECK(read_position_table(folder / "brain").rows.to_vector() == std::vector<Scalar>{1, -2, Scalar(0.5), 3});
}

TEST_CASE("of the numbers only the table's are read") {
    const TempFolder folder;
    // An array of a type that cannot be read, in front: reading the whole file would refuse it.
    std::string header = R"({"big":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]},)"
                         R"("wpe.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]}})";
    std::string bytes;
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>(header.size() >> (8 * i) & 255);
    bytes += header + std::string(8, '\x7F');
    for (const float number : {1.5F, 2.5F})
        for (int i = 0; i < 4; ++i) bytes += static_cast<char>(std::bit_cast<std::uint32_t>(number) >> (8 * i) & 255);
    write_file(folder / "x", bytes);
    CHECK(read_position_table(folder / "x").rows.to_vector() == std::vector<Scalar>{1.5, 2.5});
    CHECK_THROWS_AS(load_safetensors(folder / "x"), FileError);
}

TEST_CASE("a table of another name is read when it is named") {
    const TempFolder folder;
    save_safetensors(folder / "x", {{"wpe.weight", counting_rows(3, 2)}, {"mine", counting_rows(5, 2)}});
    CHECK(read_position_table(folder / "x").rows.dim(0) == 3);
    CHECK(read_position_table(folder / "x", "mine").rows.dim(0) == 5);
    CHECK_THROWS_WITH_AS(read_position_table(folder / "x", "nime"),
                         text_of("safetensors: ", folder / "x", " holds no array 'nime'; did you mean 'mine'?").c_str(),
                         FileError);
}

TEST_CASE("a file without a table of positions is refused with a list of what it holds") {
    const TempFolder folder;
    NamedArrays arrays{{"tok.weight", zeros({7, 2})}, {"wpe.weight", zeros({4})}};    // one axis: no table
    save_safetensors(folder / "x", arrays);
    CHECK_THROWS_WITH_AS(
        read_position_table(folder / "x"),
        text_of("real_tables: ", folder / "x",
                " holds no table of positions: no array [rows, D] whose name ends in position_embeddings.weight, "
                "wpe.weight or the like. It holds tok.weight [7, 2], wpe.weight [4]. Name one with --tensor; a model "
                "with rotary or relative positions has none")
            .c_str(),
        FileError);
    CHECK_THROWS_WITH_AS(read_position_table(folder / "x", "wpe.weight"),
                         "real_tables: wpe.weight is no table [rows, D] but [4]", FileError);
    for (int i = 0; i < 20; ++i) arrays.emplace_back(text_of("layer.", i), zeros({1}));
    save_safetensors(folder / "x", arrays);
    try {
        read_position_table(folder / "x");
        FAIL("it should have been refused");
    } catch (const FileError& error) {
        CHECK(std::string(error.what()).find("layer.5 [1], and 14 more. Name one") != std::string::npos);
    }
}

TEST_CASE("a missing file and a Git LFS pointer are named as such") {
    const TempFolder folder;
    CHECK_THROWS_WITH_AS(
        read_position_table(folder / "none"),
        text_of("safetensors: cannot read ", folder / "none", ": there is no such file, or it may not be opened")
            .c_str(),
        FileError);
    write_file(folder / "pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 440449768\n");
    CHECK_THROWS_WITH_AS(
        read_position_table(folder / "pointer"),
        text_of("real_tables: ", folder / "pointer",
                " is a Git LFS pointer, a few lines of text that stand for the file; fetch it with: git lfs pull")
            .c_str(),
        FileError);
    REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);    // nobody writes into it: opening it would wait for ever
    CHECK_THROWS_WITH_AS(
        read_position_table(folder / "pipe"),
        text_of("safetensors: cannot read ", folder / "pipe", ": there is no such file, or it may not be opened")
            .c_str(),
        FileError);
}

TEST_CASE("row 0 is told apart from the others by its length") {
    const RowLengths lengths = row_lengths(NdArray({4, 2}, {3, 4, 0, 1, 0.6, 0.8, 0, 1.6}));
    CHECK(lengths.first == 5);
    CHECK(std::abs(lengths.others.mean - 1.2) <= 1e-6);
    CHECK(lengths.words() == "length of row 0: 5.00, of the others 1.20 [1.00 .. 1.60]");
    CHECK(lengths.first_is_apart());
    const auto apart = [](double first) {
        return row_lengths(NdArray({3, 1}, {static_cast<Scalar>(first), 1, 1})).first_is_apart();
    };
    CHECK(apart(2.1));
    CHECK_FALSE(apart(1.9));
    CHECK_FALSE(apart(0.6));
    CHECK(apart(0.4));
    CHECK_FALSE(row_lengths(NdArray({1, 2}, {3, 4})).first_is_apart());    // there are no others
    CHECK_FALSE(row_lengths(NdArray({3, 1}, {3, 0, 0})).first_is_apart());
}
