#include "engine/train/report/json_cursor.hpp"

#include <limits>

#include <fmt/format.h>

namespace fusion::train {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

const nlohmann::json& nothing() {
    static const nlohmann::json null;
    return null;
}

}  // namespace

JsonCursor::JsonCursor(const nlohmann::json& value, std::string file, std::optional<Error>& problem)
    : value_(&value), file_(std::move(file)), problem_(&problem) {}

JsonCursor::JsonCursor(const JsonCursor& parent, const nlohmann::json& value, std::string path)
    : value_(&value), file_(parent.file_), path_(std::move(path)), problem_(parent.problem_) {}

JsonCursor JsonCursor::at(const std::string& key) const {
    const std::string path = path_.empty() ? key : path_ + "." + key;
    if (!value_->is_object()) {
        refuse(fmt::format("should be an object with the key {}", key));
    } else if (const auto found = value_->find(key); found != value_->end()) {
        return {*this, *found, path};
    } else {
        JsonCursor{*this, nothing(), path}.refuse("is missing");
    }
    return {*this, nothing(), path};
}

std::optional<JsonCursor> JsonCursor::maybe(const std::string& key) const {
    if (!value_->is_object()) return at(key);  // refused there
    const auto found = value_->find(key);
    if (found == value_->end() || found->is_null()) return std::nullopt;
    return at(key);
}

double JsonCursor::number(const std::string& key) const { return at(key).as_number(); }

double JsonCursor::number_or_nan(const std::string& key) const {
    const auto value = maybe(key);
    return value ? value->as_number() : kNan;
}

std::string JsonCursor::text(const std::string& key) const {
    const JsonCursor cursor = at(key);
    if (cursor.value_->is_string()) return cursor.value_->get<std::string>();
    cursor.refuse("should be a string");
    return {};
}

bool JsonCursor::truth(const std::string& key) const {
    const JsonCursor cursor = at(key);
    if (cursor.value_->is_boolean()) return cursor.value_->get<bool>();
    cursor.refuse("should be true or false");
    return false;
}

std::string JsonCursor::text_or_empty(const std::string& key) const {
    return maybe(key) ? text(key) : "";
}

double JsonCursor::as_number() const {
    if (value_->is_number()) return value_->get<double>();
    if (!value_->is_null()) refuse("should be a number or null");
    return kNan;
}

std::vector<double> JsonCursor::as_numbers() const {
    std::vector<double> numbers;
    for (const JsonCursor& item : items()) numbers.push_back(item.as_number());
    return numbers;
}

std::vector<double> JsonCursor::numbers(const std::string& key) const {
    return at(key).as_numbers();
}

std::vector<double> JsonCursor::numbers(const std::string& key, std::size_t size) const {
    const JsonCursor cursor = at(key);
    std::vector<double> numbers = cursor.as_numbers();
    if (numbers.size() != size)
        cursor.refuse(fmt::format("should have {} numbers, but has {}", size, numbers.size()));
    return numbers;
}

std::vector<std::string> JsonCursor::texts(const std::string& key) const {
    std::vector<std::string> texts;
    for (const JsonCursor& item : at(key).items()) {
        if (!item.value_->is_string()) item.refuse("should be a string");
        texts.push_back(item.value_->is_string() ? item.value_->get<std::string>() : "");
    }
    return texts;
}

std::vector<JsonCursor> JsonCursor::items() const {
    std::vector<JsonCursor> items;
    if (!value_->is_array()) {
        refuse("should be an array");
        return items;
    }
    for (std::size_t i = 0; i < value_->size(); ++i)
        items.push_back({*this, (*value_)[i], fmt::format("{}[{}]", path_, i)});
    return items;
}

std::vector<std::pair<std::string, JsonCursor>> JsonCursor::members() const {
    std::vector<std::pair<std::string, JsonCursor>> members;
    if (!value_->is_object()) {
        refuse("should be an object");
        return members;
    }
    for (const auto& [key, value] : value_->items()) members.emplace_back(key, at(key));
    return members;
}

void JsonCursor::refuse(const std::string& what) const {
    if (*problem_) return;  // the first one is the cause
    *problem_ = Error{
        Error::Code::malformed,
        fmt::format("{}: {} {}; a report is made from what `fusion-train evaluate --json` prints",
                    file_, path_.empty() ? "the whole" : path_, what)};
}

}  // namespace fusion::train
