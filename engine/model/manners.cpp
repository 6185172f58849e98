#include "engine/model/manners.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "engine/model/bytes.hpp"

namespace fusion {
namespace {

constexpr std::array<std::string_view, kTraits> kNames{"tone.rest",
                                                       "tone.repeated",
                                                       "tone.step",
                                                       "tone.third",
                                                       "tone.wide",
                                                       "tone.turned",
                                                       "tone.outside",
                                                       "tone.far",
                                                       "tone.new_class",
                                                       "tone.as_repeat",
                                                       "tone.as_sequence",
                                                       "tone.as_a_bar_ago",
                                                       "tone.as_two_bars_ago",
                                                       "tone.as_degrees",
                                                       "length.as_last",
                                                       "length.as_rhythm",
                                                       "length.as_a_bar_ago",
                                                       "length.as_two_bars_ago",
                                                       "length.new_length",
                                                       "length.held_over",
                                                       "length.short_one",
                                                       "length.triplet",
                                                       "length.long_one",
                                                       "length.to_the_beat",
                                                       "length.to_the_bar"};
static_assert(kNames.back() == "length.to_the_bar");

constexpr std::uint16_t kMajor = 0b1010'1011'0101;  // bit k: k semitones above C
constexpr double kSixth = 9.0;                      // semitones
constexpr int kBeat = 12, kEighth = 6, kLong = 24;  // cells

// What of the line so far the traits are seen against.
struct SoFar {
    int last_note = -1;
    int direction = 0;  // of the last interval
    int last_length = 0;
    double middle = -1.0;            // of the newest notes
    std::uint16_t used_classes = 0;  // bit k: pitch class k
    std::vector<int> used_lengths;
    std::int64_t now = 0;  // cells since the line began

    explicit SoFar(std::span<const LineMemory::Entry> entries) {
        if (entries.empty()) return;
        last_length = entries.back().length;
        now = entries.back().onset + entries.back().length;
        double sum = 0.0, notes = 0.0;
        const std::size_t first = entries.size() - std::min(entries.size(), kUsedNotes);
        for (const auto& entry : entries.subspan(first)) {
            used_lengths.push_back(entry.length);
            if (entry.pitch < 0) continue;
            if (last_note >= 0) direction = entry.pitch - last_note;
            last_note = entry.pitch;
            used_classes = static_cast<std::uint16_t>(used_classes | 1U << entry.pitch % 12);
            sum += entry.pitch;
            notes += 1.0;
        }
        if (notes > 0.0) middle = sum / notes;
    }
};

const Event* recalled(const Recall& recall, RecallSlot slot, const Vocabulary& vocabulary) {
    const EventId event = recall.event[static_cast<std::size_t>(slot)];
    return event == kNothingRecalled ? nullptr : &vocabulary[event];
}

// Of what may be recalled, `may` by entry.
bool began_at(std::span<const LineMemory::Entry> entries, const std::vector<char>& may,
              std::int64_t onset) {
    const auto at = std::ranges::lower_bound(entries, onset, {}, &LineMemory::Entry::onset);
    return at != entries.end() && at->onset == onset &&
           may[static_cast<std::size_t>(at - entries.begin())] != 0;
}

// Steps of the C major scale above its lowest C; none for a tone outside it.
std::optional<int> degree_of(int pitch) {
    if ((kMajor >> pitch % 12 & 1) == 0) return std::nullopt;
    return 7 * (pitch / 12) + std::popcount(kMajor & ((1U << pitch % 12) - 1U));
}

int pitch_of(int degree) {
    constexpr std::array<int, 7> kSteps{0, 2, 4, 5, 7, 9, 11};
    return 12 * (degree / 7) + kSteps[static_cast<std::size_t>(degree % 7)];
}

// How many events before `end` go as the line's last ones do, with the same lengths, and all so
// many degrees of the scale (not none) apart from them.
std::size_t same_degrees_until(std::span<const LineMemory::Entry> entries, std::size_t end,
                               int& shift) {
    constexpr std::size_t kLongest = 24;
    shift = 0;
    std::size_t n = 0;
    for (; n < end && n < kLongest; ++n) {
        const auto& then = entries[end - 1 - n];
        const auto& now = entries[entries.size() - 1 - n];
        if (then.length != now.length || (then.pitch < 0) != (now.pitch < 0)) break;
        if (now.pitch < 0) continue;
        const auto from = degree_of(then.pitch), to = degree_of(now.pitch);
        if (!from || !to || *from == *to || (shift != 0 && *to - *from != shift)) break;
        shift = *to - *from;
    }
    return shift == 0 ? 0 : n;
}

// Of the longest figure that comes again on another degree, the newest time: what followed there.
std::optional<int> follows_by_degrees(std::span<const LineMemory::Entry> entries,
                                      const std::vector<char>& may) {
    constexpr std::size_t kFigure = 3, kReach = 192;  // events
    std::size_t longest = kFigure - 1;
    std::optional<int> said;
    const std::size_t first = entries.size() - std::min(entries.size(), kReach);
    for (std::size_t follower = entries.size(); follower-- > std::max<std::size_t>(first, 1);) {
        if (may[follower] == 0) continue;
        int shift = 0;
        const std::size_t length = same_degrees_until(entries, follower, shift);
        if (length <= longest || entries[follower].pitch < 0) continue;
        const auto degree = degree_of(entries[follower].pitch);
        if (!degree || *degree + shift < 0) continue;
        longest = length;
        said = pitch_of(*degree + shift);
    }
    return said;
}

}  // namespace

std::string_view name_of_trait(std::size_t trait) { return kNames[trait]; }

Traits traits_of(const LineMemory& memory, const Recall& recall, const EventClasses& classes,
                 const Vocabulary& vocabulary, std::uint8_t position, MeterClass meter) {
    const auto entries = memory.entries();
    const std::vector<char> may = entries.empty() ? std::vector<char>{} : memory.alike();
    const SoFar line{entries};
    const std::size_t tones = classes.tones.size(), lengths = classes.lengths.size();
    Traits traits{std::vector<float>(kToneTraits * tones, 0.0F),
                  std::vector<float>(kLengthTraits * lengths, 0.0F)};

    const auto as_tone = [&](RecallSlot slot, ToneTrait trait) {
        const Event* said = recalled(recall, slot, vocabulary);
        if (said == nullptr) return;
        const auto at = std::ranges::find(classes.tones, said->pitch) - classes.tones.begin();
        traits.tones[static_cast<std::size_t>(trait) * tones + static_cast<std::size_t>(at)] = 1.0F;
    };
    for (std::size_t t = 0; t < tones; ++t) {
        const auto set = [&](ToneTrait trait, double value) {
            traits.tones[static_cast<std::size_t>(trait) * tones + t] = static_cast<float>(value);
        };
        const auto& pitch = classes.tones[t];
        set(ToneTrait::rest, pitch ? 0.0 : 1.0);
        if (!pitch) continue;
        const int note = pitch->count(), tone_class = note % 12;
        set(ToneTrait::outside, (kMajor >> tone_class & 1) != 0 ? 0.0 : 1.0);
        if (line.last_note < 0) continue;
        const int interval = note - line.last_note, size = std::abs(interval);
        set(ToneTrait::repeated, size == 0 ? 1.0 : 0.0);
        set(ToneTrait::step, size == 1 || size == 2 ? 1.0 : 0.0);
        set(ToneTrait::third, size == 3 || size == 4 ? 1.0 : 0.0);
        set(ToneTrait::wide, size >= 8 ? 1.0 : 0.0);
        set(ToneTrait::turned, interval * line.direction < 0 ? 1.0 : 0.0);
        set(ToneTrait::far, std::max(0.0, std::abs(note - line.middle) / kSixth - 1.0));
        set(ToneTrait::new_class, (line.used_classes >> tone_class & 1) != 0 ? 0.0 : 1.0);
    }
    as_tone(RecallSlot::repeat, ToneTrait::as_repeat);
    as_tone(RecallSlot::sequence, ToneTrait::as_sequence);
    as_tone(RecallSlot::bar_1, ToneTrait::as_a_bar_ago);
    as_tone(RecallSlot::bar_2, ToneTrait::as_two_bars_ago);

    if (const auto pitch = follows_by_degrees(entries, may))
        for (std::size_t t = 0; t < tones; ++t)
            if (classes.tones[t] && classes.tones[t]->count() == *pitch)
                traits.tones[static_cast<std::size_t>(ToneTrait::as_degrees) * tones + t] = 1.0F;

    const auto bar = usual_bar(meter);
    const Event* rhythm = recalled(recall, RecallSlot::rhythm, vocabulary);
    for (std::size_t d = 0; d < lengths; ++d) {
        const int length = classes.lengths[d].count();
        const int end = position + length;
        const auto set = [&](LengthTrait trait, bool has) {
            traits.lengths[static_cast<std::size_t>(trait) * lengths + d] = has ? 1.0F : 0.0F;
        };
        set(LengthTrait::as_last, length == line.last_length);
        set(LengthTrait::as_rhythm, rhythm != nullptr && rhythm->duration.count() == length);
        set(LengthTrait::as_a_bar_ago, began_at(entries, may, line.now + length - bar));
        set(LengthTrait::as_two_bars_ago, began_at(entries, may, line.now + length - 2 * bar));
        set(LengthTrait::new_length,
            !entries.empty() &&
                std::ranges::find(line.used_lengths, length) == line.used_lengths.end());
        set(LengthTrait::held_over, position % kBeat != 0 && position % kBeat + length > kBeat);
        set(LengthTrait::short_one, length < kEighth);
        set(LengthTrait::triplet, length == kBeat / 3 || length == 2 * kBeat / 3);
        set(LengthTrait::long_one, length >= kLong);
        set(LengthTrait::to_the_beat, end % kBeat == 0);
        set(LengthTrait::to_the_bar, end % bar == 0);
    }
    return traits;
}

std::array<float, kTraits> traits_of_event(const Traits& traits, const EventClasses& classes,
                                           EventId event) {
    std::array<float, kTraits> of{};
    for (std::size_t k = 0; k < kToneTraits; ++k)
        of[k] = traits.tones[k * classes.tones.size() + classes.tone_of[event]];
    for (std::size_t k = 0; k < kLengthTraits; ++k)
        of[kToneTraits + k] = traits.lengths[k * classes.lengths.size() + classes.length_of[event]];
    return of;
}

Manners mixed(std::span<const Manners> manners, const Blend& blend) {
    Manners mix;
    for (std::size_t g = 0; g < manners.size(); ++g)
        for (std::size_t k = 0; k < kTraits; ++k)
            mix.leaning[k] += blend.share[g] * manners[g].leaning[k];
    return mix;
}

void behave(std::span<float> scores, const Manners& manners, const Traits& traits,
            const EventClasses& classes) {
    if (manners == Manners{}) return;
    const std::size_t tones = classes.tones.size(), lengths = classes.lengths.size();
    std::vector<float> of_tone(tones, 0.0F), of_length(lengths, 0.0F);
    for (std::size_t k = 0; k < kToneTraits; ++k)
        for (std::size_t t = 0; t < tones; ++t)
            of_tone[t] += manners.leaning[k] * traits.tones[k * tones + t];
    for (std::size_t k = 0; k < kLengthTraits; ++k)
        for (std::size_t d = 0; d < lengths; ++d)
            of_length[d] += manners.leaning[kToneTraits + k] * traits.lengths[k * lengths + d];
    for (std::size_t e = 0; e < scores.size(); ++e)
        scores[e] += of_tone[classes.tone_of[e]] + of_length[classes.length_of[e]];
}

void serialise_manners(const std::vector<Manners>& manners, std::vector<std::uint8_t>& out) {
    put_varint(out, manners.size());
    put_varint(out, kTraits);
    for (const Manners& one : manners)
        for (const float leaning : one.leaning) put(out, leaning);
}

Result<std::vector<Manners>> parse_manners(std::span<const std::uint8_t> payload) {
    ByteReader in{payload};
    const auto count = in.varint();
    const auto traits = in.varint();
    if (in.failed() || count > kMaxGenres)
        return fail(Error::Code::malformed, "manners for too many genres");
    if (traits != kTraits)
        return fail(
            Error::Code::malformed,
            fmt::format("manners of {} traits, this build knows {}: use the build that made "
                        "the bundle, or find them anew with fusion-train suit",
                        traits, kTraits));
    std::vector<Manners> manners(count);
    for (std::size_t g = 0; g < manners.size(); ++g)
        for (float& leaning : manners[g].leaning) {
            leaning = in.read<float>();
            if (in.failed() || !(std::abs(leaning) <= kMostLeaning))
                return fail(
                    Error::Code::malformed,
                    fmt::format("the manners of genre {} are out of range, or cut short", g));
        }
    if (in.left() > 0)
        return fail(Error::Code::malformed, "the list of manners has the wrong length");
    return manners;
}

}  // namespace fusion
