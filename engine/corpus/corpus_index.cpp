#include "engine/corpus/corpus_index.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace fusion {
namespace {

class Rows {
public:
    explicit Rows(std::string_view text) : text_{text} {}

    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
    [[nodiscard]] std::size_t line() const { return line_; }

    // None where a quoted field is never closed.
    std::optional<std::vector<std::string>> next() {
        std::vector<std::string> fields(1);
        bool quoted = false;
        ++line_;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (quoted) {
                const bool doubled = c == '"' && text_.substr(at_ + 1).starts_with('"');
                if (doubled) ++at_;
                if (c == '"' && !doubled)
                    quoted = false;
                else
                    fields.back() += c;
            } else if (c == '"' && fields.back().empty()) {
                quoted = true;
            } else if (c == ',') {
                fields.emplace_back();
            } else if (c == '\n') {
                ++at_;
                return fields;
            } else if (c != '\r') {
                fields.back() += c;
            }
        }
        if (quoted) return std::nullopt;
        return fields;
    }

private:
    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 0;
};

std::vector<std::string> split_at_semicolons(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find(';'), text.size());
        if (end > 0) parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

}  // namespace

Result<CorpusIndex> parse_index(std::string_view text, std::string_view name) {
    const auto malformed = [&](std::size_t line, std::string_view what) {
        return fail(Error::Code::malformed,
                    fmt::format("{}, line {}: {}; mend it or remove the file, which is optional",
                                name, line, what));
    };
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte-order mark
    Rows rows{text};
    const auto header = rows.next();
    if (!header) return malformed(rows.line(), "a quote is never closed");
    const auto column = [&](std::string_view wanted) {
        const auto found = std::find(header->begin(), header->end(), wanted);
        return static_cast<std::size_t>(found - header->begin());
    };
    const auto path = column("path");
    const auto lead = column("lead_track");
    const auto melodic = column("melodic_tracks");
    const auto cluster = column("cluster");
    if (path == header->size()) return malformed(1, "there is no column named path");

    CorpusIndex index;
    while (!rows.at_end()) {
        const auto row = rows.next();
        if (!row) return malformed(rows.line(), "a quote is never closed");
        if (row->size() == 1 && row->front().empty()) continue;
        if (row->size() != header->size())
            return malformed(rows.line(), fmt::format("{} fields where the first line has {}",
                                                      row->size(), header->size()));
        const auto field = [&](std::size_t at) {
            return at < row->size() ? (*row)[at] : std::string{};
        };
        const bool added =
            index
                .emplace(field(path), IndexEntry{field(lead), split_at_semicolons(field(melodic)),
                                                 field(cluster)})
                .second;
        if (!added) return malformed(rows.line(), fmt::format("{} stands twice", field(path)));
    }
    return index;
}

}  // namespace fusion
