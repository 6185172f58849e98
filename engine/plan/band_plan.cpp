#include "engine/plan/band_plan.hpp"

#include <algorithm>
#include <cmath>

#include "engine/model/lead.hpp"
#include "engine/model/sampling.hpp"
#include "engine/plan/pattern_choice.hpp"
#include "engine/plan/voicing.hpp"

namespace fusion {
namespace {

constexpr std::int64_t kBeat = kCellsPerBeat.count();
constexpr std::int64_t kEighth = kBeat / 2;
constexpr float kFarthestLoudness = 16.0F;
constexpr float kOnTheBar = 0.0F, kOnABeat = 0.3F;  // below which density a place is left out
constexpr std::uint8_t kKick = 36, kCrash = 49;

// What one die of a note's touch is for.
enum Die : std::uint32_t { is_played, late, loud, loud_too };

// Of a note at a cell. Voices of one chord are touched alike.
Dice touch(const BandAsk& ask, BandPart part, std::int64_t cell, std::uint8_t key) {
    const auto stream = static_cast<std::size_t>(DiceStream::band_hand) + index_of(part);
    return {ask.seed, static_cast<std::uint32_t>(cell), key, static_cast<std::uint8_t>(stream)};
}

// How easily a density below 1 leaves it out.
float weakness(std::int64_t cell, Cells bar, const Dice& dice) {
    if (cell % bar.count() == 0) return kOnTheBar;
    const float u = dice.uniform(is_played);
    return cell % bar.count() % kBeat == 0 ? kOnABeat * u : kOnABeat + (1.0F - kOnABeat) * u;
}

// The notes of one part in one beat.
class PartBeat {
public:
    PartBeat(const BandAsk& ask, BandPart part, const BandPlan::ChordAt& chords,
             std::vector<BandSound>& out)
        : ask_{ask}, asked_{ask.parts[index_of(part)]}, part_{part}, chords_{chords}, out_{out} {}

    void play(const BandPattern& pattern, std::int64_t bar_begins, std::int64_t beat) {
        const std::int64_t from = beat * kBeat, to = from + kBeat;
        const std::int64_t bar_ends = bar_begins + ask_.meter.bar().count();
        // Longer than its pattern, a bar begins it again.
        for (auto begins = bar_begins; begins < bar_ends; begins += pattern.bar)
            for (const auto& note : pattern.notes) {
                const auto cell = begins + note.place;
                if (cell >= to || cell >= bar_ends) continue;
                if (cell >= from) sound(note, cell);
                if (part_ == BandPart::drums) continue;
                const auto again = struck_again(note, cell);
                if (again && *again >= from && *again < to && !comes_soon(pattern, begins, *again))
                    sound(rest_of(note, cell, *again), *again);
            }
    }

    // The last bar of all: one sound that lasts.
    void close(std::int64_t bar_begins) {
        const auto length =
            static_cast<std::uint8_t>(std::min<std::int64_t>(*ask_.ends_at - bar_begins, 255));
        switch (part_) {
            case BandPart::bass:
                return sound({0, length, static_cast<std::uint8_t>(BassTone::root), 0, 96},
                             bar_begins);
            case BandPart::chords: return sound({0, length, 0b1111, 0, 88}, bar_begins);
            case BandPart::drums:
                sound({0, 2, kKick, 0, 100}, bar_begins);
                return sound({0, 2, kCrash, 0, 92}, bar_begins);
        }
    }

private:
    void sound(const BandNote& note, std::int64_t cell) {
        const auto dice = touch(ask_, part_, cell, part_ == BandPart::drums ? note.what : 0);
        if (weakness(cell, ask_.meter.bar(), dice) >= asked_.density) return;
        BandSound sound;
        sound.part = part_;
        sound.cell = static_cast<std::uint8_t>(cell % kBeat);
        sound.late = asked_.humanise * 0.5F * (dice.uniform(late) + dice.uniform(loud_too));
        sound.length = Cells{note.length};
        sound.velocity = loudness(note, dice);
        if (ask_.ends_at)
            sound.length =
                std::min(sound.length, Cells{static_cast<std::int32_t>(*ask_.ends_at - cell)});
        switch (part_) {
            case BandPart::bass: return sound_bass(note, cell, sound);
            case BandPart::chords: return sound_chord(note, cell, sound);
            case BandPart::drums:
                sound.voice = static_cast<std::uint8_t>(note.what % kDrumVoices);
                sound.pitch = Pitch{note.what};
                put(sound);
        }
    }

    void sound_bass(const BandNote& note, std::int64_t cell, BandSound sound) {
        const auto chord = chords_(cell);
        if (chord.is_none()) return;
        if (const auto again = struck_again(note, cell))
            sound.length = Cells{static_cast<std::int32_t>(*again - cell)};
        const auto bar = ask_.meter.bar().count();
        const auto next = chords_((cell / bar + 1) * bar);
        put_at(bass_pitch(static_cast<BassTone>(note.what), note.octave, chord, next, ask_.home),
               sound);
    }

    void sound_chord(const BandNote& note, std::int64_t cell, BandSound sound) {
        const auto change = change_after(cell, cell + note.length);
        const auto again = struck_again(note, cell);
        const auto at = change && !again ? *change : cell;  // it comes early
        if (chords_(at).is_none()) return;
        if (again) sound.length = Cells{static_cast<std::int32_t>(*again - cell)};
        const auto voicing = voicing_at(at);
        for (std::uint8_t v = 0; v < kChordVoices; ++v) {
            if ((note.what >> v & 1U) == 0) continue;
            sound.voice = v;
            put_at(voicing[v], sound);
        }
    }

    // Where a note would sound on under another chord, and is struck again as that; none of one
    // that is struck so shortly before that it is the next chord, come early.
    [[nodiscard]] std::optional<std::int64_t> struck_again(const BandNote& note,
                                                           std::int64_t cell) const {
        const auto change = change_after(cell, cell + note.length);
        const bool comes_early = part_ == BandPart::chords && change && *change - cell <= kEighth;
        return comes_early ? std::nullopt : change;
    }
    [[nodiscard]] static bool comes_soon(const BandPattern& pattern, std::int64_t begins,
                                         std::int64_t cell) {
        return std::ranges::any_of(pattern.notes, [&](const BandNote& other) {
            const auto at = begins + other.place;
            return at >= cell && at < cell + kEighth;
        });
    }
    [[nodiscard]] BandNote rest_of(BandNote note, std::int64_t cell, std::int64_t again) const {
        note.length = static_cast<std::uint8_t>(cell + note.length - again);
        if (part_ == BandPart::bass) note.what = static_cast<std::uint8_t>(BassTone::root);
        return note;
    }

    // Where the chord changes after `cell` and before `end`.
    [[nodiscard]] std::optional<std::int64_t> change_after(std::int64_t cell,
                                                           std::int64_t end) const {
        const auto now = chords_(cell);
        for (auto at = next_half(cell); at < end; at = next_half(at))
            if (chords_(at) != now) return at;
        return {};
    }
    [[nodiscard]] std::int64_t next_half(std::int64_t cell) const {
        const std::int64_t bar = ask_.meter.heard_bar().count();
        const std::int64_t middle = ask_.meter.half_bar().count();
        const auto begins = cell / bar * bar;
        return cell % bar < middle && middle < bar ? begins + middle : begins + bar;
    }

    // Least motion from the beginning of the phrase on.
    [[nodiscard]] Voicing voicing_at(std::int64_t cell) const {
        const std::int64_t phrase = std::int64_t{kPhraseBars} * ask_.meter.heard_bar().count();
        std::optional<Voicing> voicing;
        Chord before;
        for (auto at = cell / phrase * phrase; at <= cell; at = next_half(at)) {
            const auto chord = chords_(at);
            if (chord.is_none() || chord == before) continue;
            voicing = voicing ? voiced(chord, *voicing) : voiced(chord);
            before = chord;
        }
        const auto chord = chords_(cell);  // it may be held by hand, and change anywhere
        if (chord == before) return *voicing;
        return voicing ? voiced(chord, *voicing) : voiced(chord);
    }

    [[nodiscard]] Velocity loudness(const BandNote& note, const Dice& dice) const {
        const float chance = dice.uniform(loud) + dice.uniform(loud_too) - 1.0F;
        const float loudness = static_cast<float>(note.velocity) * asked_.level +
                               std::round(asked_.humanise * kFarthestLoudness * chance);
        return Velocity{static_cast<std::uint8_t>(std::clamp(loudness, 1.0F, 127.0F))};
    }

    void put_at(int pitch, BandSound sound) {
        pitch += 12 * asked_.octave;
        if (pitch < 0 || pitch > 127) return;
        sound.pitch = Pitch{static_cast<std::uint8_t>(pitch)};
        put(sound);
    }
    void put(const BandSound& sound) {
        if (out_.size() < kMostBandSounds && asked_.level > 0.0F) out_.push_back(sound);
    }

    const BandAsk& ask_;
    const BandPartAsk& asked_;
    BandPart part_;
    const BandPlan::ChordAt& chords_;
    std::vector<BandSound>& out_;
};

std::optional<std::size_t> leader(const BandAsk& ask, const Blend& blend, std::uint32_t phrase) {
    // Without inertia nobody leads the line; a pattern is somebody's all the same.
    const float inertia = ask.inertia > 0.0F ? ask.inertia : 1.0F;
    return leader_of(blend, Leading{ask.seed, phrase, 0, inertia});
}

}  // namespace

BandBeat BandPlan::at(const BandAsk& ask, std::int64_t beat, const ChordAt& chords,
                      const FormPlan& form) const {
    BandBeat made;
    const std::int64_t bar = ask.meter.bar().count();
    const std::int64_t from = beat * kBeat;
    for (const auto part : kAllBandParts) {
        const auto& asked = ask.parts[index_of(part)];
        auto form_ask = ask.form;
        if (form_ask.blend.silent()) form_ask.blend = asked.blend;
        const PatternAsk pattern_ask{part, ask.seed, ask.meter, [&](std::uint32_t phrase) {
                                         const auto first = form.original(
                                             form_ask, std::int64_t{phrase} * kPhraseBars);
                                         return static_cast<std::uint32_t>(first / kPhraseBars);
                                     }};
        PartBeat notes{ask, part, chords, made.sounds};
        // A beat may hold the end of one bar and the beginning of the next.
        for (auto begins = from / bar * bar; begins < from + kBeat; begins += bar) {
            if (ask.ends_at && begins >= *ask.ends_at) break;
            const auto place = bar_place(begins / bar, ask.meter);
            const auto genre = leader(ask, asked.blend, place.phrase);
            if (!genre || *genre >= band_.size()) continue;
            const auto& book = band_[*genre].parts[index_of(part)];
            const auto* pattern = pattern_of(book, pattern_ask, place);
            if (pattern == nullptr) continue;
            made.programs[index_of(part)] = book.program;
            if (!ask.ends_at || begins + bar < *ask.ends_at)
                notes.play(*pattern, begins, beat);
            else if (begins >= from)
                notes.close(begins);
        }
    }
    std::ranges::stable_sort(made.sounds, {}, &BandSound::cell);
    return made;
}

}  // namespace fusion
