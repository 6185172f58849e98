#include "engine/model/harmony.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace fusion {
namespace {

constexpr float kBeat = 0.7F;
constexpr float kHalfBeat = 0.3F;
constexpr float kElse = 0.15F;
constexpr float kFirst = 0.8F;       // the first under its chord, wherever it stands
constexpr float kSoundsOn = 0.8F;    // over a heavier place
constexpr float kOutOfScale = 0.5F;  // at the least, of what is not of the chord's scale
constexpr Cells kEighth{6};

// How fast a neighbour's part falls: with its distance from the note that was meant, and with how
// much farther than that it lies from the note that has just sounded. In semitones.
constexpr float kReach = 1.0F;
constexpr float kLeap = 2.0F;
constexpr int kNear = 7;  // semitones
// The tones of a chord lie thirds apart, and a line that is only moved to the nearest of them
// becomes an arpeggio: a step from the note that has just sounded weighs so much more than another
// interval, a third so much less.
constexpr float kStep = 4.0F;
constexpr float kThird = 0.5F;
// What the networks hold impossible is a neighbour all the same, with this much of the note that
// was meant.
constexpr float kUnheard = 0.01F;

float melodic(int other, std::optional<Pitch> last) {
    if (!last) return 1.0F;
    const int interval = std::abs(other - last->count());
    if (interval == 1 || interval == 2) return kStep;
    return interval == 3 || interval == 4 ? kThird : 1.0F;
}

float kinship(int meant, int other, std::optional<Pitch> last) {
    const int away = std::abs(other - meant);
    const int farther =
        last ? std::abs(other - last->count()) - std::abs(meant - last->count()) : 0;
    return melodic(other, last) * std::exp(-static_cast<float>(away) / kReach -
                                           static_cast<float>(std::max(0, farther)) / kLeap);
}

bool is_same(std::optional<Pitch> last, std::uint8_t pitch) {
    return last && last->count() == pitch;
}

bool holds(PitchClassSet set, std::uint8_t pitch) {
    return set.holds(pitch_class_of(Pitch{pitch}));
}

Cells beat_of(Meter meter) {
    const std::int32_t unit = 4 * kCellsPerBeat.count() / meter.denominator;
    if (meter.meter_class() == MeterClass::compound) return Cells{3 * unit};
    return Cells{std::max(unit, kCellsPerBeat.count())};
}

}  // namespace

float weight_of_place(Cells at, Meter meter) {
    const auto half = meter.half_bar();
    const bool two_halves = meter.meter_class() != MeterClass::triple && half < meter.bar();
    if (at == Cells{0} || (two_halves && at == half)) return 1.0F;
    // In 7/8 the second half begins off the beats of the first.
    const auto within = two_halves && at > half ? at - half : at;
    const auto beat = beat_of(meter);
    if (within.count() % beat.count() == 0) return kBeat;
    const int parts = meter.meter_class() == MeterClass::compound ? 3 : 2;
    return within.count() % (beat.count() / parts) == 0 ? kHalfBeat : kElse;
}

float weight_of_note(const HarmonyAsk& ask, Cells length) {
    float weight = weight_of_place(ask.at, ask.meter);
    if (ask.onset == HarmonyAsk::Onset::first) weight = std::max(weight, kFirst);
    if (length >= kCellsPerBeat) weight = std::max(weight, kBeat);
    if (length.count() >= 2 * kCellsPerBeat.count()) return 1.0F;
    const auto bar = ask.meter.bar().count();
    for (std::int32_t cell = ask.at.count() + 1; cell < (ask.at + length).count(); ++cell)
        weight = std::max(weight, kSoundsOn * weight_of_place(Cells{cell % bar}, ask.meter));
    return weight;
}

const HeardChord& chord_of_note(const HarmonyAsk& ask, Cells length) {
    const bool early = ask.next_in > Cells{0} && ask.next_in <= kEighth && length > ask.next_in;
    return early ? ask.next : ask.now;
}

HarmonyAsk free_ask(std::int64_t cell, Meter meter) {
    const std::int64_t bar = meter.bar().count();
    HarmonyAsk ask;
    ask.meter = meter;
    ask.at = Cells{static_cast<std::int32_t>(cell % bar)};
    ask.bar = static_cast<std::uint8_t>(cell / bar % std::int64_t{kPeriodBars});
    return ask;
}

HarmonyExpert::HarmonyExpert(const Vocabulary& vocabulary) {
    for (const auto length : duration_classes()) groups_.push_back({length, {}});
    const auto events = vocabulary.events();
    for (std::size_t e = 0; e < events.size(); ++e) {
        if (events[e].is_rest()) continue;
        auto group = std::ranges::find(groups_, events[e].duration, &Group::length);
        if (group == groups_.end()) group = groups_.insert(group, {events[e].duration, {}});
        group->notes.push_back({static_cast<EventId>(e), events[e].pitch->count()});
    }
    std::ranges::sort(groups_, {}, &Group::length);
    for (auto& group : groups_) std::ranges::sort(group.notes, {}, &Note::pitch);
}

// Where a note of group `place` may go: a tone of the chord that lies near and has not just
// sounded, at the same length or else at the nearest that has one; where nothing is so, any tone.
const HarmonyExpert::Group* HarmonyExpert::group_for(std::size_t place, std::uint8_t pitch,
                                                     PitchClassSet tones,
                                                     std::optional<Pitch> last) const {
    enum class Wanted : std::uint8_t { near, another, any };
    for (const auto wanted : {Wanted::near, Wanted::another, Wanted::any}) {
        const auto has = [&](const Group& group) {
            return std::ranges::any_of(group.notes, [&](const Note& note) {
                return holds(tones, note.pitch) &&
                       (wanted == Wanted::any || !is_same(last, note.pitch)) &&
                       (wanted != Wanted::near || std::abs(note.pitch - pitch) <= kNear);
            });
        };
        for (std::size_t away = 0; away < groups_.size(); ++away) {
            if (place >= away && has(groups_[place - away])) return &groups_[place - away];
            if (place + away < groups_.size() && has(groups_[place + away]))
                return &groups_[place + away];
        }
    }
    return nullptr;
}

void HarmonyExpert::pull(std::span<float> scores, const HarmonyAsk& ask,
                         std::optional<Pitch> last) const {
    if (ask.is_free() || scores.empty()) return;
    const float best = *std::ranges::max_element(scores);
    if (!std::isfinite(best)) return;
    std::vector<float> was(scores.size());
    for (std::size_t e = 0; e < scores.size(); ++e)
        was[e] = std::isfinite(scores[e]) ? std::exp(scores[e] - best) : 0.0F;
    auto is = was;
    const auto sounded = last_in(was, last);
    for (std::size_t g = 0; g < groups_.size(); ++g) pull_group(g, ask, sounded, was, is);
    for (std::size_t e = 0; e < scores.size(); ++e)
        scores[e] = is[e] > 0.0F ? best + std::log(is[e]) : -std::numeric_limits<float>::infinity();
}

HarmonyExpert::Last HarmonyExpert::last_in(std::span<const float> was,
                                           std::optional<Pitch> pitch) const {
    float again = 0.0F, all = 0.0F;
    for (const auto& group : groups_)
        for (const auto& note : group.notes) {
            all += was[note.event];
            if (is_same(pitch, note.pitch)) again += was[note.event];
        }
    return {pitch, all > 0.0F ? again / all : 0.0F, all};
}

void HarmonyExpert::pull_group(std::size_t place, const HarmonyAsk& ask, const Last& last,
                               std::span<const float> was, std::span<float> is) const {
    const auto& [length, notes] = groups_[place];
    const auto& chord = chord_of_note(ask, length);
    if (chord.tones.empty()) return;
    const float strictness = ask.pull * (2.0F - ask.pull);
    const float weight = weight_of_note(ask, length);
    std::array<float, 128> part{};
    for (const auto& from : notes) {
        if (was[from.event] == 0.0F || holds(chord.tones, from.pitch)) continue;
        const auto* to = group_for(place, from.pitch, chord.tones, last.pitch);
        if (to == nullptr) return;
        const bool outside = !holds(chord.scale, from.pitch);
        const bool has_another = std::ranges::any_of(to->notes, [&](const Note& note) {
            return holds(chord.tones, note.pitch) && !is_same(last.pitch, note.pitch);
        });
        const float sure =
            ask.giver == HarmonyAsk::Giver::plan ? was[from.event] / last.notes : 0.0F;
        const float moved = was[from.event] * (1.0F - sure) * (1.0F - sure) * strictness *
                            (outside ? std::max(weight, kOutOfScale) : weight);
        float sum = 0.0F;
        for (std::size_t i = 0; i < to->notes.size(); ++i) {
            const auto& note = to->notes[i];
            const bool tone = holds(chord.tones, note.pitch);
            const bool passing = outside && holds(chord.scale, note.pitch);
            part[i] = 0.0F;
            if (!tone && !passing) continue;
            part[i] = kinship(from.pitch, note.pitch, last.pitch) *
                      std::sqrt(was[note.event] + kUnheard * was[from.event]);
            if (!tone) part[i] *= 1.0F - weight;
            if (has_another && is_same(last.pitch, note.pitch)) part[i] *= last.share;
            sum += part[i];
        }
        if (sum <= 0.0F) continue;
        is[from.event] -= moved;
        for (std::size_t i = 0; i < to->notes.size(); ++i)
            is[to->notes[i].event] += moved * part[i] / sum;
    }
}

}  // namespace fusion
