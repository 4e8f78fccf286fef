#include "demos/experiments/tables/real_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <ostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/files/safetensors.h>
#include <ordinal/positional/measures/indicators.h>
#include <ordinal/positional/measures/similarity.h>
#include <ordinal/positional/tables/learned_table.h>
#include <ordinal/positional/waves/sinusoidal.h>

namespace ordinal {
namespace {

// Git keeps large files elsewhere. Who clones a model without git-lfs gets a text of three lines in their place.
bool is_lfs_pointer(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    return std::getline(file, line) && line.starts_with("version https://git-lfs");
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

NdArray thinned(const NdArray& similarity, Index step) {
    std::vector<Index> kept;
    for (Index i = 0; i < similarity.dim(0); i += step) kept.push_back(i);
    const IndexArray ids({static_cast<Index>(kept.size())}, kept);
    return transpose(gather_rows(contiguous(transpose(gather_rows(similarity, ids))), ids));
}

void print_indicators(std::ostream& out, const RealTable& table, std::uint64_t seed) {
    const Index n = table.rows.dim(0), D = table.rows.dim(1);
    NoGrad guard;
    Rng rng(seed);
    const auto of = [](const NdArray& codes) { return indicators_of(cosine_similarity(codes), codes); };
    const Indicators real = of(table.rows), fresh = of(LearnedTable(n, D, rng).weight().values());
    const bool even = D % 2 == 0;
    const Indicators clocks = even ? of(Sinusoidal(D).vectors(Positions::arange(n)).values()) : Indicators{};
    const auto line = [&](const char* what, double Indicators::*value, const char* meaning) {
        out << "  " << std::left << std::setw(24) << what << std::right << std::setw(10) << real.*value << std::setw(10)
            << fresh.*value << std::setw(10) << clocks.*value << "   " << meaning << "\n";
    };
    const NdArray squares = sum(table.rows * table.rows, 1);
    double first = 0, mean = 0;
    for (Index k = 0; k < n; ++k) {
        const double length = std::sqrt(static_cast<double>(squares.at({k, 0})));
        if (k == 0) first = length;
        mean += length / static_cast<double>(n);
    }
    out << "\n" << table.file << ": " << table.tensor << ", " << n << " positions of " << D << " numbers";
    if (table.reserved > 0) out << " (after " << table.reserved << " rows that are no positions)";
    out << "\n  length of a row: " << mean << " on average, " << first << " at position 0\n"
        << std::fixed << std::setprecision(3) << "                            this one     fresh  sinusoid\n";
    line("translation invariance", &Indicators::translation_invariance, "1: the cosine depends on the distance only");
    line("monotonicity, 8 steps", &Indicators::monotonicity_8, "1: it falls with every step away");
    line("monotonicity, all", &Indicators::monotonicity, "1/2: a coin");
    line("symmetry", &Indicators::symmetry, "1: left and right look the same");
    line("effective rank", &Indicators::effective_rank, "directions that are really used");
    line("distinct", &Indicators::distinct, "positions that differ from all others");
    line("probe error", &Indicators::probe_error, "positions, read off by a linear map");
    line("order error", &Indicators::order_error, "pairs that the same map puts in the wrong order; 1/2: a coin");
    line("step error", &Indicators::shift_error,
         "0: one linear map leads to the next row; nan: more numbers than rows");
    out << std::defaultfloat << std::setprecision(6);
}

}    // namespace ordinal
