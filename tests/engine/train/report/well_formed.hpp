// Whether a page is well-formed XML, as far as a page of ours goes: elements balanced, attributes
// quoted and unique, nothing but the five entities. Says what is wrong, and where; empty: nothing.
#pragma once

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fusion::train {

class WellFormed {
public:
    explicit WellFormed(std::string_view text) : text_(text) {}

    std::string problem() {
        constexpr std::string_view kDoctype = "<!DOCTYPE html>";
        if (text_.starts_with(kDoctype)) at_ = kDoctype.size();
        while (at_ < text_.size() && problem_.empty()) text_[at_] == '<' ? tag() : character();
        if (problem_.empty() && !open_.empty()) complain("unclosed " + open_.back());
        return problem_;
    }

private:
    void complain(const std::string& what) {
        if (problem_.empty())
            problem_ =
                what + " before: " + std::string{text_.substr(std::min(at_, text_.size()), 60)};
    }

    void character() {
        const char c = text_[at_];
        if (c == '>') return complain("stray >");
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')
            return complain("control character");
        if (c == '&') {
            bool known = false;
            for (const std::string_view entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"})
                known = known || text_.substr(at_, entity.size()) == entity;
            if (!known) return complain("unknown entity");
        }
        ++at_;
    }

    std::string name() {
        const std::size_t from = at_;
        while (at_ < text_.size() &&
               (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '-'))
            ++at_;
        return std::string{text_.substr(from, at_ - from)};
    }

    bool take(std::string_view what) {
        if (text_.substr(at_, what.size()) != what) return false;
        at_ += what.size();
        return true;
    }

    void tag() {
        if (take("</")) {
            const std::string closed = name();
            if (open_.empty() || open_.back() != closed) return complain("unmatched " + closed);
            open_.pop_back();
            if (!take(">")) complain("unfinished tag");
            return;
        }
        ++at_;
        const std::string opened = name();
        if (opened.empty()) return complain("tag without a name");
        std::set<std::string> attributes;
        while (take(" ") || take("\n")) {
            const std::string attribute = name();
            if (!attributes.insert(attribute).second) return complain("twice " + attribute);
            if (attribute.empty() || !take("=\"")) return complain("attribute without a value");
            while (at_ < text_.size() && text_[at_] != '"') {
                if (text_[at_] == '<') return complain("< in an attribute");
                const std::size_t before = at_;
                character();
                if (at_ == before) return;
            }
            take("\"");
        }
        if (take("/>")) return;
        if (!take(">")) return complain("unfinished tag");
        open_.push_back(opened);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<std::string> open_;
    std::string problem_;
};

inline std::string not_well_formed(std::string_view text) { return WellFormed{text}.problem(); }

inline std::size_t count_of(std::string_view what, std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = text.find(what); at != std::string_view::npos;
         at = text.find(what, at + what.size()))
        ++count;
    return count;
}

}  // namespace fusion::train
