// A settings file of a model: one JSON object, read field by field. For the .cpp files of this folder alone.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include <ordinal/core/scalar.h>

namespace ordinal {

// Every field that is there but of another type, and every missing one without an `otherwise`, is a FileError that
// names file and field. A null is as if it were not there.
class JsonFile {
public:
    explicit JsonFile(const std::string& path);    // FileError: missing, or no JSON object

    bool has(const std::string& field) const;
    Index count(const std::string& field) const;    // a whole number of at least 1
    Index count(const std::string& field, Index otherwise) const { return has(field) ? count(field) : otherwise; }
    double number(const std::string& field) const;
    std::string text(const std::string& field, const std::string& otherwise) const;
    bool flag(const std::string& field, bool otherwise) const;

    const std::string& path() const { return path_; }

private:
    const nlohmann::json& at(const std::string& field) const;

    std::string path_;
    std::shared_ptr<const nlohmann::json> fields_;
};

}    // namespace ordinal
