#include "osc/pattern.hpp"

#include <vector>

namespace fusion {
namespace {

class Matcher {
public:
    Matcher(std::string_view pattern, std::string_view path)
        : pattern_{pattern},
          path_{path},
          failed_((pattern.size() + 1) * (path.size() + 1), false) {}

    bool match(std::size_t p, std::size_t s) {
        const std::size_t place = p * (path_.size() + 1) + s;
        if (failed_[place]) return false;
        if (step(p, s)) return true;
        failed_[place] = true;
        return false;
    }

private:
    bool step(std::size_t p, std::size_t s) {
        if (p == pattern_.size()) return s == path_.size();
        switch (pattern_[p]) {
            case '*':
                // A run of stars is one; all else but {} takes a character of the path, so how far
                // into the pattern a match can get is bounded by the path.
                while (p + 1 < pattern_.size() && pattern_[p + 1] == '*') ++p;
                return match(p + 1, s) || (in_part(s) && match(p, s + 1));
            case '?': return in_part(s) && match(p + 1, s + 1);
            case '[': return match_class(p, s);
            case '{': return match_choice(p, s);
            default: return s < path_.size() && pattern_[p] == path_[s] && match(p + 1, s + 1);
        }
    }

    [[nodiscard]] bool in_part(std::size_t s) const { return s < path_.size() && path_[s] != '/'; }

    bool match_class(std::size_t p, std::size_t s) {
        const auto close = pattern_.find(']', p);
        if (close == std::string_view::npos || !in_part(s)) return false;
        auto body = pattern_.substr(p + 1, close - p - 1);
        const bool negated = body.starts_with('!');
        if (negated) body.remove_prefix(1);
        bool found = false;
        for (std::size_t i = 0; i < body.size(); ++i) {
            if (i + 2 < body.size() && body[i + 1] == '-') {
                found = found || (body[i] <= path_[s] && path_[s] <= body[i + 2]);
                i += 2;
            } else {
                found = found || body[i] == path_[s];
            }
        }
        return found != negated && match(close + 1, s + 1);
    }

    bool match_choice(std::size_t p, std::size_t s) {
        const auto close = pattern_.find('}', p);
        if (close == std::string_view::npos) return false;
        auto body = pattern_.substr(p + 1, close - p - 1);
        while (true) {
            const auto comma = body.find(',');
            const auto word = body.substr(0, comma);
            if (path_.substr(s).starts_with(word) && match(close + 1, s + word.size())) return true;
            if (comma == std::string_view::npos) return false;
            body.remove_prefix(comma + 1);
        }
    }

    std::string_view pattern_;
    std::string_view path_;
    std::vector<bool> failed_;
};

}  // namespace

bool is_osc_pattern(std::string_view path) {
    return path.find_first_of("?*[{") != std::string_view::npos;
}

bool osc_pattern_matches(std::string_view pattern, std::string_view path) {
    // Depth of the recursion is pattern plus path; no path of ours needs more.
    constexpr std::size_t kLongest = 512;
    if (pattern.size() > kLongest || path.size() > kLongest) return false;
    return Matcher{pattern, path}.match(0, 0);
}

}  // namespace fusion
