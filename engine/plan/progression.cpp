#include "engine/plan/progression.hpp"

#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "engine/music/chord_symbol.hpp"

namespace fusion {
namespace {

constexpr std::string_view kBlanks = " \t\r\n,;";

constexpr bool is_blank(char c) { return kBlanks.find(c) != std::string_view::npos; }

}  // namespace

// Goes through the text once; bars are added as they end.
class Progression::Reader {
public:
    explicit Reader(std::string_view text) : text_{text} {}

    TextResult<Progression> read() {
        while (skip_blanks(), at_ < text_.size()) {
            auto read =
                text_[at_] == '|' || text_.substr(at_).starts_with(":|") ? bar_line() : bar_item();
            if (!read) return tl::unexpected(std::move(read.error()));
        }
        if (auto ended = end_bar(Empty::is_none); !ended)
            return tl::unexpected(std::move(ended.error()));
        if (repeat_opened_)
            return fault(*repeat_opened_, "a repeat that is never closed",
                         "write :| where it ends");
        return std::move(made_);
    }

private:
    using Read = tl::expected<void, TextFault>;
    enum class Empty : std::uint8_t { is_none, repeats };

    static tl::unexpected<TextFault> fault(std::size_t at, std::string what, std::string right) {
        return tl::unexpected<TextFault>({at, std::move(what), std::move(right)});
    }

    void skip_blanks() {
        while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    }

    // A run of | and : without blanks: | || |: :| :||: |:|.
    Read bar_line() {
        const auto from = at_;
        while (at_ < text_.size() && (text_[at_] == '|' || text_[at_] == ':')) ++at_;
        const auto line = text_.substr(from, at_ - from);
        const bool closes = line.starts_with(':');
        const bool opens = line.ends_with(':');
        const bool plain = line == "|";
        // Only between two plain lines is nothing a bar: "|: C :| |: D :|" has none between.
        auto ended = end_bar(plain && after_plain_line_ ? Empty::repeats : Empty::is_none);
        if (!ended) return ended;
        if (closes) {
            if (auto repeated = close_repeat(from); !repeated) return repeated;
        }
        if (opens) {
            if (repeat_opened_)
                return fault(from, "a repeat within a repeat",
                             "close the first one with :| before it");
            repeat_opened_ = at_ - 2;
            repeat_from_ = made_.bars_.size();
        }
        after_plain_line_ = plain;
        return {};
    }

    Read close_repeat(std::size_t at) {
        const auto last = made_.bars_.size();
        if (repeat_from_ == last)
            return fault(at, "a repeat of nothing", "write chords between |: and :|");
        for (auto bar = repeat_from_; bar < last; ++bar)
            if (auto added = add_bar(made_.bars_[bar], at); !added) return added;
        repeat_opened_.reset();
        repeat_from_ = made_.bars_.size();
        return {};
    }

    // A chord, %, / or a point.
    Read bar_item() {
        const auto from = at_;
        for (int depth = 0; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '(') ++depth;
            if (c == ')') --depth;
            if (c == '|' || (depth <= 0 && is_blank(c))) break;
            if (text_.substr(at_).starts_with(":|")) break;
        }
        const auto item = text_.substr(from, at_ - from);
        if (item == "%") return repeat_sign(from);
        if (bar_repeated_)
            return fault(from, "a chord beside %", "% fills its bar: write a | between them");
        Chord chord;
        if (item == "/" || item == ".") {
            if (made_.chords_.empty())
                return fault(from, fmt::format("{} before the first chord", item),
                             "begin with a chord, as in Dm7");
            chord = made_.chords_.back();
        } else {
            const auto read = read_chord_symbol(item);
            if (!read) return fault(from + read.error().at, read.error().what, read.error().right);
            chord = *read;
        }
        if (in_bar_ == kMaxChordsInBar)
            return fault(from, fmt::format("more than {} chords in a bar", kMaxChordsInBar),
                         "put | between the bars, as in Dm7 G7 | C");
        if (auto room = check_room(1, from); !room) return room;
        made_.chords_.push_back(chord);
        ++in_bar_;
        return {};
    }

    Read repeat_sign(std::size_t at) {
        if (in_bar_ > 0 || bar_repeated_)
            return fault(at, "% beside a chord", "% fills its bar: write a | between them");
        if (made_.bars_.empty())
            return fault(at, "% in the first bar",
                         "it repeats the bar before it: begin with a chord");
        bar_repeated_ = true;
        return add_bar(made_.bars_.back(), at);
    }

    Read end_bar(Empty empty) {
        const bool repeated = std::exchange(bar_repeated_, false);
        if (in_bar_ == 0) {
            if (repeated || empty == Empty::is_none) return {};
            if (made_.bars_.empty())
                return fault(at_ - 1, "an empty first bar",
                             "it repeats the bar before it: begin with a chord");
            return add_bar(made_.bars_.back(), at_ - 1);
        }
        const auto count = static_cast<std::uint32_t>(std::exchange(in_bar_, 0));
        made_.bars_.push_back({static_cast<std::uint32_t>(made_.chords_.size()) - count, count});
        return {};
    }

    // A bar that was there once more.
    Read add_bar(Bar bar, std::size_t at) {
        if (auto room = check_room(bar.count, at); !room) return room;
        const auto first = static_cast<std::uint32_t>(made_.chords_.size());
        for (std::uint32_t i = 0; i < bar.count; ++i) {
            const Chord chord = made_.chords_[bar.first + i];
            made_.chords_.push_back(chord);
        }
        made_.bars_.push_back({first, bar.count});
        return {};
    }

    [[nodiscard]] Read check_room(std::size_t more, std::size_t at) const {
        if (made_.chords_.size() + more <= kMaxProgressionChords) return {};
        return fault(at, fmt::format("more than {} chords", kMaxProgressionChords),
                     "write fewer: a progression loops by itself");
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Progression made_;
    std::size_t in_bar_ = 0;  // chords of the bar that has not ended yet
    bool bar_repeated_ = false;
    bool after_plain_line_ = false;
    std::optional<std::size_t> repeat_opened_;  // where |: stands
    std::size_t repeat_from_ = 0;               // the bar
};

TextResult<Progression> Progression::read(std::string_view text) { return Reader{text}.read(); }

Result<Progression> Progression::parse(std::string_view text) {
    return read(text).map_error([&](const TextFault& fault) { return to_error(fault, text); });
}

const Progression::Bar& Progression::bar_at(std::int64_t bar) const {
    assert(!empty());
    const auto count = static_cast<std::int64_t>(bars_.size());
    return bars_[static_cast<std::size_t>((bar % count + count) % count)];
}

Chord Progression::chord_at(std::int64_t bar, Cells cell, Cells bar_cells) const {
    assert(cell >= Cells{0} && cell < bar_cells);
    const auto& [first, count] = bar_at(bar);
    const auto part = static_cast<std::int64_t>(cell.count()) * count / bar_cells.count();
    return chords_[first + static_cast<std::size_t>(part)];
}

std::optional<NextChord> Progression::next_chord(std::int64_t bar, Cells cell,
                                                 Cells bar_cells) const {
    const auto now = chord_at(bar, cell, bar_cells);
    const auto length = static_cast<std::int64_t>(bar_cells.count());
    // Once round, and this bar's beginning once more.
    for (std::size_t b = 0; b <= bars_.size(); ++b) {
        const auto ahead = static_cast<std::int64_t>(b);
        const auto& [first, count] = bar_at(bar + ahead);
        for (std::int64_t part = 0; part < count; ++part) {
            const auto begins = (part * length + count - 1) / count;
            const auto in = ahead * length + begins - cell.count();
            const bool heard = begins < ((part + 1) * length + count - 1) / count;
            const auto& chord = chords_[first + static_cast<std::size_t>(part)];
            if (in > 0 && heard && chord != now)
                return NextChord{chord, Cells{static_cast<std::int32_t>(in)}};
        }
    }
    return std::nullopt;
}

std::string Progression::text() const {
    std::string text;
    for (const auto& [first, count] : bars_) {
        if (!text.empty()) text += " |";
        for (std::uint32_t i = 0; i < count; ++i)
            text += fmt::format("{}{}", text.empty() ? "" : " ", to_text(chords_[first + i]));
    }
    return text;
}

}  // namespace fusion
