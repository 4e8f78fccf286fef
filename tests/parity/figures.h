// Reads the parity figures that make_figures.py wrote (it describes the format).
//
//     const Figures figures("matmul");
//     check_close(matmul(figures["plain.A"], figures["plain.B"]), figures["plain.out"]);
#pragma once

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <ordinal/core/error.h>
#include <ordinal/core/index_array.h>
#include <ordinal/core/nd_array.h>
#include "tests/places.h"

class Figures {
public:
    using Index = ordinal::Index;
    using Scalar = ordinal::Scalar;

    // The file tests/parity/<name>.txt. Throws FileError when it is missing or is not what the script writes.
    explicit Figures(const std::string& name) : path_(source_dir() + "/tests/parity/" + name + ".txt") {
        std::ifstream file(path_);
        std::string line;
        require(std::getline(file, line) && line.rfind("# written by tests/parity/make_figures.py", 0) == 0,
                "expected a first line that says where the figures come from");
        while (std::getline(file, line)) {
            std::istringstream title(line);
            Block block;
            std::string block_name;
            title >> block.kind >> block_name;
            std::vector<Index> sizes;
            for (Index size; title >> size;) sizes.push_back(size);
            require((block.kind == "array" || block.kind == "ids") && title.eof() && std::getline(file, line),
                    "expected a title and a line of numbers, got " + line);
            block.shape = ordinal::Shape(sizes);
            std::istringstream numbers(line);
            for (std::string number; numbers >> number;) block.numbers.push_back(std::strtod(number.c_str(), nullptr));
            require(static_cast<Index>(block.numbers.size()) == block.shape.size(), "wrong count in " + block_name);
            blocks_[block_name] = block;
        }
    }

    // The numbers called `name`, rounded to Scalar.
    ordinal::NdArray operator[](const std::string& name) const {
        const Block& block = find(name, "array");
        const std::vector<Scalar> values(block.numbers.begin(), block.numbers.end());
        return ordinal::NdArray(block.shape, values);
    }

    // A single number, with all its digits: eps, lr, ...
    double number(const std::string& name) const {
        const Block& block = find(name, "array");
        require(block.shape.ndim() == 0, name + " is not a single number");
        return block.numbers[0];
    }

    // The whole numbers called `name`: token ids, targets, masks.
    ordinal::IndexArray ids(const std::string& name) const {
        const Block& block = find(name, "ids");
        std::vector<Index> values;
        for (double number : block.numbers) values.push_back(std::llround(number));
        return ordinal::IndexArray(block.shape, values);
    }

    bool has(const std::string& name) const { return blocks_.count(name) == 1; }

private:
    struct Block {
        std::string kind;    // "array" or "ids"
        ordinal::Shape shape;
        std::vector<double> numbers;
    };

    void require(bool condition, const std::string& problem) const {
        ordinal::require<ordinal::FileError>(condition, "Figures: ", path_, ": ", problem);
    }
    const Block& find(const std::string& name, const std::string& kind) const {
        const auto found = blocks_.find(name);
        require(found != blocks_.end() && found->second.kind == kind, "there is no " + kind + " " + name);
        return found->second;
    }

    std::string path_;
    std::map<std::string, Block> blocks_;
};
