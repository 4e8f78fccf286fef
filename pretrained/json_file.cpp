#include <ordinal/pretrained/json_file.h>

#include <nlohmann/json.hpp>
#include <utility>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>

namespace ordinal {
namespace {

// A value in a sentence, cut when it is long.
std::string shown(const nlohmann::json& value) {
    const std::string text = value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    return text.size() > 60 ? text.substr(0, 60) + "..." : text;
}

}    // namespace

JsonFile::JsonFile(const std::string& path) : path_(path) {
    const nlohmann::json::parser_callback_t not_too_deep = [&](int depth, nlohmann::json::parse_event_t, auto&) {
        require<FileError>(depth < 64, path, ": expected settings, got more than 64 brackets inside each other");
        return true;
    };
    auto fields = std::make_shared<const nlohmann::json>(
        nlohmann::json::parse(read_file(path), not_too_deep, /*allow_exceptions=*/false));
    require<FileError>(fields->is_object(), path, ": expected a JSON object { ... }, got something else; download it ",
                       "again");
    fields_ = std::move(fields);
}

bool JsonFile::has(const std::string& field) const {
    const auto found = fields_->find(field);
    return found != fields_->end() && !found->is_null();
}

const nlohmann::json& JsonFile::at(const std::string& field) const {
    require<FileError>(has(field), path_, ": expected a field '", field, "', got none");
    return fields_->at(field);
}

Index JsonFile::count(const std::string& field) const {
    const nlohmann::json& value = at(field);
    const bool fits = value.is_number_unsigned() && std::in_range<Index>(value.get<std::uint64_t>());
    require<FileError>(fits && value > 0, path_, ": expected '", field, "' to be a whole number of at least 1, got ",
                       shown(value));
    return value;
}

double JsonFile::number(const std::string& field) const {
    const nlohmann::json& value = at(field);
    require<FileError>(value.is_number(), path_, ": expected '", field, "' to be a number, got ", shown(value));
    return value;
}

std::string JsonFile::text(const std::string& field, const std::string& otherwise) const {
    if (!has(field)) return otherwise;
    const nlohmann::json& value = at(field);
    require<FileError>(value.is_string(), path_, ": expected '", field, "' to be a text, got ", shown(value));
    return value;
}

bool JsonFile::flag(const std::string& field, bool otherwise) const {
    if (!has(field)) return otherwise;
    const nlohmann::json& value = at(field);
    require<FileError>(value.is_boolean(), path_, ": expected '", field, "' to be true or false, got ", shown(value));
    return value;
}

}    // namespace ordinal
