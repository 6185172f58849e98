#include "daemon/session_log.hpp"

#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/params/names.hpp"
#include "engine/params/table.hpp"
#include "engine/params/text_value.hpp"

namespace fusion {
namespace {

constexpr std::string_view kBlank = " \t\r";

struct Word {
    std::string text;
    bool quoted = false;
};

// The words of a line, up to a remark.
Result<std::vector<Word>> words_of(std::string_view line) {
    std::vector<Word> words;
    for (;;) {
        const auto begin = line.find_first_not_of(kBlank);
        if (begin == std::string_view::npos || line[begin] == '#') return words;
        line.remove_prefix(begin);
        const bool quoted = line.front() == '"';
        if (quoted) line.remove_prefix(1);
        const auto end = quoted ? line.find('"') : line.find_first_of(kBlank);
        if (quoted && end == std::string_view::npos)
            return fail(Error::Code::malformed, "a quote that does not end");
        words.push_back({std::string{line.substr(0, end)}, quoted});
        if (end == std::string_view::npos) return words;
        line.remove_prefix(end + (quoted ? 1 : 0));
    }
}

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
    Number value{};
    const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || stopped != text.data() + text.size()) return {};
    return value;
}

OscArg argument(const Word& word) {
    const auto number = read_number(word.text);
    if (word.quoted || !number) return word.text;
    return *number;
}

std::string osc_path(std::string_view tail) { return fmt::format("{}/{}", kOscRoot, tail); }

std::optional<SessionPlace> parse_place(std::string_view text) {
    constexpr double kMostBeats = 1e9;  // so that ticks of it are a number
    const auto colon = text.find(':');
    if (colon == 0) {
        const auto beats = whole_number<double>(text.substr(1));
        if (!beats || !(*beats >= 0.0 && *beats < kMostBeats)) return {};
        return SessionPlace{0, Ticks{std::llround(*beats * kTicksPerBeat.count())},
                            SessionPlace::Count::beats};
    }
    const auto bar = whole_number<std::int64_t>(text.substr(0, colon));
    if (!bar || *bar < 0) return {};
    if (colon == std::string_view::npos) return SessionPlace{*bar};
    const auto into = whole_number<double>(text.substr(colon + 1));
    if (!into || !(*into >= 0.0 && *into < kMostBeats)) return {};
    return SessionPlace{*bar, Ticks{std::llround(*into * kTicksPerBeat.count())}};
}

// One line's words into the log.
Status add_line(const std::vector<Word>& words, const std::string& where, SessionLog& log) {
    const auto place = parse_place(words[0].text);
    if (!place)
        return fail(Error::Code::malformed,
                    fmt::format("{}: '{}' is no place; a line begins with the bars that have "
                                "passed, 4, or with beats, 4:2.5",
                                where, words[0].text));
    if (words.size() < 2)
        return fail(Error::Code::malformed,
                    fmt::format("{}: nothing is said; as in: {} tempo 90", where, words[0].text));
    if (words[1].text == "end") {
        if (log.bars || log.length)
            return fail(Error::Code::malformed, fmt::format("{}: it ended before", where));
        if (place->count == SessionPlace::Count::beats && words.size() == 2 &&
            place->into > Ticks{0}) {
            log.length = place->into;
            return {};
        }
        if (words.size() > 2 || place->bar == 0 || place->into != Ticks{0})
            return fail(Error::Code::malformed,
                        fmt::format("{}: an end stands on a bar line, as in: 16 end", where));
        log.bars = place->bar;
        return {};
    }
    SessionChange change{*place, {osc_path(words[1].text), {}}, where + ":"};
    for (std::size_t i = 1; i < words.size(); ++i) {
        change.from += " " + words[i].text;
        if (i > 1) change.says.args.push_back(argument(words[i]));
    }
    log.changes.push_back(std::move(change));
    return {};
}

}  // namespace

Result<SessionLog> parse_session(std::string_view text, std::string_view name) {
    SessionLog log;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        const auto where = fmt::format("{}:{}", name, number);
        const auto words = words_of(text.substr(0, end));
        if (!words)
            return fail(words.error().code, fmt::format("{}: {}", where, words.error().message));
        if (!words->empty())
            if (auto added = add_line(*words, where, log); !added)
                return tl::unexpected{added.error()};
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return log;
}

Result<SessionChange> parse_at(std::int64_t bar, const std::string& path,
                               const std::string& value) {
    SessionChange change{
        {bar}, {osc_path(path), {}}, fmt::format("--at {} {} {}", bar, path, value)};
    if (bar < 0)
        return fail(Error::Code::malformed, fmt::format("{}: bars count from 0", change.from));
    std::string number = value;
    if (const auto weight = spec(FamilyId::weight).name; same_but_for_case(path, weight)) {
        const auto equals = value.find('=');
        if (equals == std::string::npos)
            return fail(Error::Code::malformed,
                        fmt::format("{}: write GENRE=W, as in weight jazz=0", change.from));
        change.says.path = osc_path(fmt::format("{}/{}", weight, value.substr(0, equals)));
        number = value.substr(equals + 1);
    }
    change.says.args.push_back(argument({number}));
    return change;
}

}  // namespace fusion
