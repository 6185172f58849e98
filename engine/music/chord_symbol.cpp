#include "engine/music/chord_symbol.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace fusion {
namespace {

constexpr std::string_view kExamples = "write it as in Dm7, G7b9, Bbmaj7, F#m7b5, C/E or N.C.";

struct Sign {
    std::string_view written;
    std::string_view read;
};
constexpr std::array<Sign, 15> kSigns{{{"♭", "b"},
                                       {"♯", "#"},
                                       {"𝄫", "bb"},
                                       {"𝄪", "##"},
                                       {"Δ", "^"},
                                       {"∆", "^"},
                                       {"△", "^"},
                                       {"°", "o"},
                                       {"º", "o"},
                                       {"ø", "h"},
                                       {"Ø", "h"},
                                       {"∅", "h"},
                                       {"−", "-"},
                                       {"–", "-"},
                                       {"⁄", "/"}}};

// A symbol in ASCII, and for each of its letters the byte that it was written at.
struct Plain {
    std::string text;
    std::vector<std::size_t> at;
};

Plain plain_of(std::string_view text) {
    Plain plain;
    for (std::size_t i = 0; i < text.size();) {
        const auto rest = text.substr(i);
        const auto* const sign = std::find_if(kSigns.begin(), kSigns.end(), [&](const Sign& known) {
            return rest.starts_with(known.written);
        });
        const bool known = sign != kSigns.end();
        const auto read = known ? sign->read : rest.substr(0, 1);
        plain.text += read;
        plain.at.insert(plain.at.end(), read.size(), i);
        i += known ? sign->written.size() : 1;
    }
    plain.at.push_back(text.size());
    return plain;
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What the parts of a symbol have said so far; a symbol's parts may come in nearly any order, so
// that what they mean together is settled at the end. Tones are counted from the root.
struct Draft {
    enum class Third : std::uint8_t { unsaid, minor, second, fourth, none };
    enum class Fifth : std::uint8_t { unsaid, diminished, half_diminished };

    Third third = Third::unsaid;
    Fifth fifth = Fifth::unsaid;
    bool major_mark = false;  // the seventh, where there is one, is a major one
    bool sixth = false;
    bool seventh = false;  // even without a number: C^, Cø
    int number = 0;        // 7, 9, 11 or 13: a seventh chord up to there
    bool altered_ninth = false;
    PitchClassSet altered_fifths{0};
    PitchClassSet tensions{0};
    PitchClassSet omitted{0};  // degrees, not semitones
    PitchClassSet listed{0};   // C:(1,3,5): nothing else counts

    [[nodiscard]] int third_semitones() const {
        switch (third) {
            case Third::minor: return 3;
            case Third::second: return 2;
            case Third::fourth: return 5;
            default: return 4;
        }
    }
    [[nodiscard]] int seventh_semitones() const {
        if (major_mark) return 11;
        return fifth == Fifth::diminished ? 9 : 10;
    }

    [[nodiscard]] PitchClassSet tones() const {
        if (!listed.empty()) return listed;
        PitchClassSet set{0};
        // No degree: what cannot be omitted.
        const auto put = [&](int semitones, int degree = 0) {
            if (degree == 0 || !omitted.holds(pitch_class_of(degree)))
                set = set.with(pitch_class_of(semitones));
        };
        if (third != Third::none) put(third_semitones(), third == Third::fourth ? 4 : 3);
        if (altered_fifths.empty()) put(fifth == Fifth::unsaid ? 7 : 6, 5);
        if (sixth) put(9, 6);
        if (seventh || number >= 7) put(seventh_semitones(), 7);
        if (number >= 9 && !altered_ninth) put(2);
        if (number == 11) put(5);
        if (number == 13) put(9);
        return set | altered_fifths | tensions;
    }
};

// Semitones of a degree of the major scale.
constexpr int semitones_of(int degree) {
    constexpr std::array<int, 7> kMajor{0, 2, 4, 5, 7, 9, 11};
    return kMajor[static_cast<std::size_t>(degree - 1) % kMajor.size()];
}

class SymbolReader {
public:
    explicit SymbolReader(const Plain& plain) : plain_{plain}, text_{plain.text} {}

    TextResult<Chord> read() {
        constexpr std::array<std::string_view, 6> kNoChord{"N", "NC", "N.C", "N.C.", "nc", "n.c."};
        if (std::find(kNoChord.begin(), kNoChord.end(), text_) != kNoChord.end()) return Chord{};
        const auto root = note();
        if (!root) return no_root();
        harte_ = take(":");
        while (!at_end()) {
            if (peek() == '/' && !in_brackets_ && !slashed_tension()) return with_bass(*root);
            if (!part()) return nothing_said(part_from_);
        }
        if (in_brackets_) return fault(at_, "a bracket is never closed", "close it with )");
        return Chord{*root, *root, tones_on(*root)};
    }

private:
    [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    bool take(std::string_view word) {
        if (!text_.substr(at_).starts_with(word)) return false;
        at_ += word.size();
        return true;
    }
    bool take_any(std::initializer_list<std::string_view> words) {
        return std::any_of(words.begin(), words.end(), [&](auto word) { return take(word); });
    }
    // 1 to 7, 9, 11 or 13, the longest that stands here; 0 for none. "7911" is 7, 9 and 11.
    int degree() {
        if (take("13")) return 13;
        if (take("11")) return 11;
        if (peek() < '1' || peek() > '9' || peek() == '8') return 0;
        return text_[at_++] - '0';
    }
    // Sharps, or flats counted below 0; of one kind: C#b5 is a chord on C#.
    int accidentals() {
        const char sign = peek();
        int count = 0;
        for (; accidental_follows() && peek() == sign; ++at_) ++count;
        return sign == 'b' ? -count : count;
    }
    [[nodiscard]] bool accidental_follows() const { return peek() == '#' || peek() == 'b'; }

    std::optional<PitchClass> note() {
        constexpr std::string_view kNotes{"C.D.EF.G.A.B"};
        const auto semitones = kNotes.find(peek());
        if (semitones == std::string_view::npos || peek() == '.') return std::nullopt;
        ++at_;
        return pitch_class_of(static_cast<int>(semitones) + accidentals());
    }

    [[nodiscard]] PitchClassSet tones_on(PitchClass root) const {
        return draft_.tones().transposed(root.count());
    }

    // A note, or Harte's degree above the root.
    TextResult<Chord> with_bass(PitchClass root) {
        const auto slash = at_++;
        auto bass = note();
        if (!bass) {
            const int sharps = accidentals();
            if (const int above = degree(); above != 0)
                bass = root + (semitones_of(above) + sharps);
        }
        if (!bass)
            return fault(slash, "no bass follows the /", "write a note behind it, as in C/E");
        if (!at_end()) return fault(at_, "the symbol goes on behind its bass", kExamples);
        return Chord{root, *bass, tones_on(root)};
    }

    // C6/9, C7/b9: but for Harte, what is too high for a bass is a tension.
    [[nodiscard]] bool slashed_tension() const {
        const auto degree = text_.find_first_not_of("#b", at_ + 1);
        if (harte_ || degree == std::string_view::npos) return false;
        const auto rest = text_.substr(degree);
        return rest.starts_with("9") || rest.starts_with("11") || rest.starts_with("13");
    }

    // One part of the symbol behind its root. False where it says nothing.
    bool part() {
        part_from_ = at_;
        if (is_digit(peek())) return number();
        stack_ = 0;
        if (in_brackets_ ? bracket_word() : take("(") && open_bracket()) return true;
        if (at_ != part_from_) return false;
        if (take("/")) {
            const int sharps = accidentals();
            return tension(degree(), sharps);
        }
        return word() || (at_ == part_from_ && alteration());
    }

    bool word() {
        if (take_any({"add", "Add"})) return added();
        if (take_any({"no", "omit"})) return omit();
        if (take("alt")) return altered();
        if (take("sus")) return suspended();
        if (take_any({"dim", "o"})) return diminished(Draft::Fifth::diminished);
        if (take_any({"hdim", "h"})) {
            draft_.seventh = true;
            return diminished(Draft::Fifth::half_diminished);
        }
        if (take("aug")) return tension(5, 1);
        if (take("dom")) return true;
        if (take_any({"^", "j"})) {
            draft_.seventh = draft_.seventh || peek() != '6';
            return major();
        }
        if (take_any({"maj", "Maj", "MAJ"})) return major();
        if (take_any({"min", "Min", "MIN", "mi", "Mi", "MI"})) return third(Draft::Third::minor);
        // "madd9" is a minor chord with a ninth.
        if (!text_.substr(at_).starts_with("mad") && take_any({"ma", "Ma", "MA"})) return major();
        if (take("M")) return major();
        return take("m") && third(Draft::Third::minor);
    }

    // "C+7" has a raised fifth, "C7+9" a raised ninth; "C-7" is minor, "C7-9" has a flat ninth.
    bool alteration() {
        const char sign = peek();
        const bool bare = draft_.number == 0 && !draft_.seventh && !draft_.sixth && !in_brackets_;
        if (bare && draft_.third == Draft::Third::unsaid && take("-"))
            return third(Draft::Third::minor);
        const bool raised = sign == '#' || sign == '+';
        if (!raised && sign != 'b' && sign != '-') return false;
        ++at_;
        if (sign == '+' && ((bare && peek() != '5') || !is_digit(peek()))) return tension(5, 1);
        const int altered = degree();
        // A flat sixth stands above the fifth.
        return altered != 0 && tension(altered == 6 ? 13 : altered, raised ? 1 : -1);
    }

    bool number() {
        const int first_of_stack = stack_;
        const int value = degree();
        if (value == 0) return false;
        stack_ = first_of_stack == 0 ? value : first_of_stack;
        // In brackets a number is one tone. Harte's 7 there is the major one.
        if (in_brackets_) {
            if (value != 7 || harte_) return tension(value, 0);
            return draft_.seventh = true;
        }
        if (value > 7 && accidental_follows()) {
            // Behind a number that stands right before it, as in 7913b; else 9#11 is 9 and #11.
            if (first_of_stack == 7 || !is_digit(peek(1))) {
                draft_.seventh = draft_.seventh || !draft_.sixth;
                return tension(value, accidentals());
            }
        }
        if (value == 6) return draft_.sixth = true;
        if (value == 5) return third(Draft::Third::none);
        if (value == 4) return third(Draft::Third::fourth);
        if (value == 2) return tension(9, 0);
        if (value < 7) return false;
        if (draft_.number != 0 || draft_.sixth) return value > 7 && tension(value, 0);
        draft_.number = value;
        return true;
    }

    // One tone more; an altered fifth takes the fifth's place.
    bool tension(int degree, int sharps) {
        const auto tone = pitch_class_of(semitones_of(degree) + sharps);
        if (degree == 5 && sharps != 0)
            draft_.altered_fifths = draft_.altered_fifths.with(tone);
        else
            draft_.tensions = draft_.tensions.with(tone);
        if (degree == 9 && sharps != 0) draft_.altered_ninth = true;
        return true;
    }

    bool third(Draft::Third said) {
        if (draft_.third != Draft::Third::unsaid) return false;
        draft_.third = said;
        return true;
    }

    bool diminished(Draft::Fifth how) {
        draft_.fifth = how;
        return third(Draft::Third::minor);
    }

    bool suspended() {
        if (take("2")) return third(Draft::Third::second);
        take("4");
        return third(Draft::Third::fourth);
    }

    bool major() {
        if (draft_.major_mark) return false;
        return draft_.major_mark = true;
    }

    bool altered() {
        draft_.seventh = true;
        return tension(9, -1) && tension(9, 1) && tension(11, 1) && tension(5, 1);
    }

    bool added() {
        if (take_any({"maj7", "Maj7", "M7"})) return tension(7, 0);
        const int sharps = accidentals();
        const int value = degree();
        return value != 0 && tension(value, sharps);
    }

    bool omit() {
        accidentals();  // Harte's *b3
        const int value = degree();
        if (value < 2 || value > 7) return false;
        draft_.omitted = draft_.omitted.with(pitch_class_of(value == 2 ? 3 : value));
        return true;
    }

    bool open_bracket() {
        in_brackets_ = true;
        if (!text_.substr(0, at_).ends_with(":(")) return true;
        // The tones themselves.
        do {
            const int sharps = accidentals();
            const int value = degree();
            if (value == 0) return false;
            draft_.listed = draft_.listed.with(pitch_class_of(semitones_of(value) + sharps))
                                .with(PitchClass{0});
        } while (take(","));
        return true;
    }

    bool bracket_word() {
        if (take(")")) {
            in_brackets_ = false;
            return true;
        }
        if (take("*")) return omit();
        return take_any({",", " ", "/"});
    }

    [[nodiscard]] tl::unexpected<TextFault> fault(std::size_t at, std::string what,
                                                  std::string_view right) const {
        return tl::unexpected<TextFault>({plain_.at[at], std::move(what), std::string{right}});
    }
    [[nodiscard]] tl::unexpected<TextFault> nothing_said(std::size_t from) const {
        return fault(from, fmt::format("\"{}\" says nothing in a chord symbol", shown(from)),
                     kExamples);
    }
    [[nodiscard]] tl::unexpected<TextFault> no_root() const {
        const char first = peek();
        const auto what = fmt::format("\"{}\" begins with no root", shown(0));
        if (first == 'H') return fault(0, what, "H is written B, and B flat is written Bb");
        if (first >= 'a' && first <= 'g')
            return fault(0, what,
                         fmt::format("a root is a capital letter, here {}",
                                     static_cast<char>(first - 'a' + 'A')));
        return fault(0, what, kExamples);
    }
    [[nodiscard]] std::string shown(std::size_t from) const {
        std::string text{text_.substr(from, 16)};
        std::replace_if(
            text.begin(), text.end(), [](char c) { return c < 0x20 || c > 0x7E; }, '?');
        return text;
    }

    const Plain& plain_;
    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t part_from_ = 0;
    int stack_ = 0;  // the first of the numbers that stand right before this place; 0: none do
    bool in_brackets_ = false;
    bool harte_ = false;
    Draft draft_;
};

}  // namespace

TextResult<Chord> read_chord_symbol(std::string_view text) {
    if (text.size() > kMaxChordSymbolBytes)
        return tl::unexpected<TextFault>(
            {0, fmt::format("a chord symbol of {} bytes", text.size()), std::string{kExamples}});
    const auto plain = plain_of(text);
    return SymbolReader{plain}.read();
}

Result<Chord> parse_chord_symbol(std::string_view text) {
    return read_chord_symbol(text).map_error(
        [&](const TextFault& fault) { return to_error(fault, text); });
}

}  // namespace fusion
