#include "demos/real_tables/position_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <filesystem>
#include <fstream>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops.h>
#include <ordinal/nn/files/safetensors.h>

namespace ordinal::demos {
namespace {

// Git keeps large files elsewhere. Who clones a model without git-lfs gets a text of three lines in their place.
bool is_lfs_pointer(const std::string& path) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) return false;    // a pipe might wait for ever
    std::string start(50, '\0');
    std::ifstream(path).read(start.data(), std::ssize(start));
    return start.starts_with("version https://git-lfs");
}

// "encoder.weight [8, 4], ..." of the first few arrays.
std::string contents(const SafetensorsFile& file) {
    constexpr std::size_t most = 8;
    std::string list;
    for (std::size_t i = 0; i < std::min(most, file.arrays().size()); ++i)
        list += text_of(i ? ", " : "", file.arrays()[i].name, " ", file.arrays()[i].shape);
    if (file.arrays().size() > most) list += text_of(", and ", file.arrays().size() - most, " more");
    return list.empty() ? "nothing" : list;
}

}    // namespace

bool names_positions(const std::string& tensor) {
    const std::array<std::string, 4> endings{"position_embeddings.weight", "wpe.weight", "embed_positions.weight",
                                             "position_embedding.weight"};
    return std::any_of(endings.begin(), endings.end(), [&](const std::string& end) { return tensor.ends_with(end); });
}

Index reserved_rows(Index rows) {
    return rows >= 130 && std::has_single_bit(static_cast<std::uint64_t>(rows - 2)) ? 2 : 0;
}

RealTable read_position_table(const std::string& path, const std::string& tensor) {
    require<FileError>(
        !is_lfs_pointer(path), "real_tables: ", path,
        " is a Git LFS pointer, a few lines of text that stand for the file; fetch it with: git lfs pull");
    SafetensorsFile file(path);
    const StoredArray* found = nullptr;
    if (!tensor.empty()) found = &file.info(tensor);
    for (const StoredArray& array : file.arrays())
        if (!found && array.shape.ndim() == 2 && names_positions(array.name)) found = &array;
    require<FileError>(found != nullptr, "real_tables: ", path,
                       " holds no table of positions: no array [rows, D] whose name ends in position_embeddings.weight,"
                       " wpe.weight or the like. It holds ",
                       contents(file), ". Name one with --tensor; a model with rotary or relative positions has none");
    require<FileError>(found->shape.ndim() == 2 && found->shape.size() > 0, "real_tables: ", found->name,
                       " is no table [rows, D] but ", found->shape);
    const Index rows = found->shape[0], reserved = names_positions(found->name) ? reserved_rows(rows) : 0;
    return {.file = std::filesystem::path(path).filename().string(),
            .tensor = found->name,
            .rows = contiguous(slice(file.read(*found), 0, reserved, rows)),
            .reserved = reserved};
}

bool RowLengths::first_is_apart() const {
    return others.mean > 0 && (first > 2 * others.mean || first < others.mean / 2);
}

RowLengths row_lengths(const NdArray& rows) {
    const std::vector<Scalar> lengths = sqrt(sum(rows * rows, 1)).to_vector();
    RowLengths found{.first = static_cast<double>(lengths.front())};
    if (lengths.size() > 1) found.others = summary({lengths.begin() + 1, lengths.end()});
    return found;
}

std::string RowLengths::words() const {
    return "length of row 0: " + fixed(first, 2) + ", of the others " + fixed(others.mean, 2) + " [" +
           fixed(others.least, 2) + " .. " + fixed(others.greatest, 2) + "]";
}

}    // namespace ordinal::demos
