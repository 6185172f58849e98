// A place in a JSON document that knows its own path, for reading what came from outside in
// straight lines: a read never fails on the spot, and the first thing that was not as it should be
// is kept, with its file and key. What is read after that is empty and not to be used: look at
// `problem()` at the end. Thread: one per document. Errors: malformed, through `problem()`.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/base/result.hpp"

namespace fusion::train {

class JsonCursor {
public:
    // The document and the problem outlive every cursor in it.
    JsonCursor(const nlohmann::json& value, std::string file, std::optional<Error>& problem);

    // Keys that must be there.
    [[nodiscard]] JsonCursor at(const std::string& key) const;
    [[nodiscard]] double number(const std::string& key) const;  // null: NaN
    [[nodiscard]] std::string text(const std::string& key) const;
    [[nodiscard]] bool truth(const std::string& key) const;
    [[nodiscard]] std::vector<double> numbers(const std::string& key) const;
    [[nodiscard]] std::vector<double> numbers(const std::string& key, std::size_t size) const;
    [[nodiscard]] std::vector<std::string> texts(const std::string& key) const;

    // Keys that may be missing or null; if there, they are of the right kind.
    [[nodiscard]] std::optional<JsonCursor> maybe(const std::string& key) const;
    [[nodiscard]] double number_or_nan(const std::string& key) const;
    [[nodiscard]] std::string text_or_empty(const std::string& key) const;

    // Of an array; of an object.
    [[nodiscard]] std::vector<JsonCursor> items() const;
    [[nodiscard]] std::vector<std::pair<std::string, JsonCursor>> members() const;
    [[nodiscard]] std::vector<double> as_numbers() const;
    [[nodiscard]] double as_number() const;

    void refuse(const std::string& what) const;

private:
    JsonCursor(const JsonCursor& parent, const nlohmann::json& value, std::string path);

    const nlohmann::json* value_;
    std::string file_;
    std::string path_;
    std::optional<Error>* problem_;
};

}  // namespace fusion::train
