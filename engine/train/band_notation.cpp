#include "engine/train/band_notation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <map>
#include <numeric>

#include <fmt/format.h>

namespace fusion::train {
namespace {

struct NamedKey {
    std::string_view name;
    std::uint8_t key;
};
constexpr auto kDrums = std::to_array<NamedKey>({
    {"kick", 36},       {"deep_kick", 35},     {"stick", 37},      {"snare", 38},
    {"clap", 39},       {"snare2", 40},        {"floor_tom", 41},  {"closed_hat", 42},
    {"floor_tom2", 43}, {"pedal_hat", 44},     {"low_tom", 45},    {"open_hat", 46},
    {"mid_tom", 47},    {"high_mid_tom", 48},  {"crash", 49},      {"high_tom", 50},
    {"ride", 51},       {"china", 52},         {"bell", 53},       {"tambourine", 54},
    {"splash", 55},     {"cowbell", 56},       {"crash2", 57},     {"ride2", 59},
    {"high_bongo", 60}, {"low_bongo", 61},     {"mute_conga", 62}, {"open_conga", 63},
    {"low_conga", 64},  {"cabasa", 69},        {"maracas", 70},    {"claves", 75},
    {"wood_block", 76}, {"mute_triangle", 80}, {"triangle", 81},   {"shaker", 82},
});
constexpr std::uint8_t kLowestKey = 27, kHighestKey = 87;

struct Stroke {
    char sign;
    std::uint8_t velocity;
};
constexpr auto kStrokes = std::to_array<Stroke>({{'g', 40}, {'o', 64}, {'x', 88}, {'X', 112}});
constexpr std::uint8_t kPlain = 92, kAccented = 112, kSoft = 64;
constexpr std::string_view kTones = "R234567^v";  // in the order of BassTone
constexpr std::uint8_t kAllVoices = 0b1111;
constexpr int kShortHit = 3;

template <class... Args>
tl::unexpected<Error> bad(fmt::format_string<Args...> text, Args&&... args) {
    return fail(Error::Code::malformed, fmt::format(text, std::forward<Args>(args)...));
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (true) {
        const auto first = line.find_first_not_of(" |\n\t");
        if (first == std::string_view::npos) return words;
        line.remove_prefix(first);
        const auto end = std::min(line.find_first_of(" |\n\t"), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

// What stands behind the tone: octaves and how loud.
bool read_suffix(std::string_view word, BandNote& note) {
    for (const char sign : word) {
        switch (sign) {
            case '\'': ++note.octave; break;
            case ',': --note.octave; break;
            case '!': note.velocity = kAccented; break;
            case '?': note.velocity = kSoft; break;
            default: return false;
        }
    }
    return note.octave >= -1 && note.octave <= 2;
}

bool read_voices(std::string_view& word, BandNote& note) {
    if (word.starts_with('*')) {
        note.what = kAllVoices;
        word.remove_prefix(1);
        return true;
    }
    unsigned mask = 0;
    while (!word.empty() && word.front() >= '1' && word.front() <= '4') {
        mask |= 1U << static_cast<unsigned>(word.front() - '1');
        word.remove_prefix(1);
    }
    note.what = static_cast<std::uint8_t>(mask);
    return mask != 0;
}

std::string voices_text(std::uint8_t mask) {
    if (mask == kAllVoices) return "*";
    std::string text;
    for (unsigned voice = 0; voice < 4; ++voice)
        if ((mask >> voice & 1U) != 0) text += static_cast<char>('1' + voice);
    return text;
}

std::string tone_text(const BandNote& note, BandPart part) {
    std::string text = part == BandPart::chords ? voices_text(note.what)
                                                : std::string{kTones[note.what % kBassTones]};
    for (int k = 0; k < note.octave; ++k) text += '\'';
    for (int k = 0; k > note.octave; --k) text += ',';
    if (note.velocity > (kPlain + kAccented) / 2) text += '!';
    if (note.velocity < (kPlain + kSoft) / 2) text += '?';
    return text;
}

char stroke_sign(std::uint8_t velocity) {
    const auto off = [&](const Stroke& stroke) {
        return std::abs(int{stroke.velocity} - int{velocity});
    };
    return std::ranges::min_element(kStrokes, {}, off)->sign;
}

int step_of(const BandPattern& pattern) {
    int step = std::gcd(int{pattern.bar}, 12);
    for (const auto& note : pattern.notes) step = std::gcd(step, int{note.place});
    return step;
}

}  // namespace

std::optional<std::uint8_t> drum_key(std::string_view name) {
    const auto named = std::ranges::find(kDrums, name, &NamedKey::name);
    if (named != kDrums.end()) return named->key;
    unsigned key = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), key);
    if (error != std::errc{} || end != name.data() + name.size()) return {};
    if (key < kLowestKey || key > kHighestKey) return {};
    return static_cast<std::uint8_t>(key);
}

std::string drum_name(std::uint8_t key) {
    const auto named = std::ranges::find(kDrums, key, &NamedKey::key);
    return named == kDrums.end() ? fmt::format("{}", key) : std::string{named->name};
}

Result<int> read_drums(std::string_view line, std::uint8_t key, int step,
                       std::vector<BandNote>& notes) {
    int place = 0;
    for (const char sign : line) {
        if (sign == ' ' || sign == '|') continue;
        if (sign != '.') {
            const auto stroke = std::ranges::find(kStrokes, sign, &Stroke::sign);
            if (stroke == kStrokes.end()) return bad("'{}' is no stroke: . g o x or X", sign);
            notes.push_back({static_cast<std::uint8_t>(place),
                             static_cast<std::uint8_t>(std::min(step, kShortHit)), key, 0,
                             stroke->velocity});
        }
        place += step;
        if (place > 255) return bad("longer than any bar");
    }
    return place;
}

Result<int> read_tones(std::string_view line, BandPart part, int step,
                       std::vector<BandNote>& notes) {
    int place = 0;
    bool sounds = false;
    for (auto word : words_of(line)) {
        if (place + step > 255) return bad("longer than any bar");
        if (word == ".") {
            sounds = false;
        } else if (word == "-") {
            if (!sounds) return bad("a - has no note before it that could go on");
            notes.back().length = static_cast<std::uint8_t>(notes.back().length + step);
        } else {
            const auto whole = word;
            BandNote note{static_cast<std::uint8_t>(place), static_cast<std::uint8_t>(step), 0, 0,
                          kPlain};
            if (part == BandPart::chords) {
                if (!read_voices(word, note) || !read_suffix(word, note) || note.octave != 0)
                    return bad("'{}' is no stroke: * or voices of 1234, then ! or ?", whole);
            } else {
                const auto tone = kTones.find(word.front());
                if (tone == std::string_view::npos || !read_suffix(word.substr(1), note))
                    return bad("'{}' is no tone: R 2 3 4 5 6 7 ^ or v, then ' or , and ! or ?",
                               whole);
                note.what = static_cast<std::uint8_t>(tone);
            }
            notes.push_back(note);
            sounds = true;
        }
        place += step;
    }
    return place;
}

std::string notation_of(const BandPattern& pattern, BandPart part) {
    const int step = step_of(pattern);
    const auto steps = static_cast<std::size_t>(pattern.bar / step);
    const std::size_t a_beat = static_cast<std::size_t>(std::max(1, 12 / step));
    std::string text = fmt::format("step = {}\n", step);
    if (part == BandPart::drums) {
        std::map<std::uint8_t, std::string> lanes;
        for (const auto& note : pattern.notes) {
            auto& lane = lanes.try_emplace(note.what, steps, '.').first->second;
            lane[static_cast<std::size_t>(note.place / step)] = stroke_sign(note.velocity);
        }
        for (const auto& [key, lane] : lanes) {
            std::string spaced;
            for (std::size_t i = 0; i < lane.size(); ++i) {
                if (i > 0 && i % a_beat == 0) spaced += ' ';
                spaced += lane[i];
            }
            text += fmt::format("{:<13}= \"{}\"\n", drum_name(key), spaced);
        }
        return text;
    }
    std::vector<std::string> signs(steps, ".");
    for (const auto& note : pattern.notes) {
        const auto at = static_cast<std::size_t>(note.place / step);
        const auto lasts = static_cast<std::size_t>(std::max(1, (note.length + step / 2) / step));
        for (auto i = at + 1; i < std::min(steps, at + lasts); ++i) signs[i].assign(1, '-');
        signs[at] = tone_text(note, part);
    }
    std::string spaced;
    for (std::size_t i = 0; i < signs.size(); ++i) {
        if (i > 0) spaced += i % a_beat == 0 && a_beat > 1 ? " | " : " ";
        spaced += signs[i];
    }
    return text +
           fmt::format("{:<13}= \"{}\"\n", part == BandPart::bass ? "bass" : "chords", spaced);
}

}  // namespace fusion::train
