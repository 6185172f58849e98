// How loud each note is beside its neighbours, as players do it: learned per genre from the
// velocities of the corpus (engine/train/accents_fit.hpp), carried by the bundle, added up at play.
//
// An accent is a share of the performer's own level: a note of accent 0.1 is a tenth louder. It is
// a sum of what the place in the bar, the note's length, what stood before it, the leap to it and
// its height each say. Only the note and the one event before it are asked, never a state: what is
// generated again after a rollback gets the same velocity. (A note before a rest is softer, too,
// but at play nobody knows yet that the rest will come.)
//
// The values are whole thousandths, so that a bundle gives back exactly what was fitted.
//
// The bytes (section ACCT, little-endian): varint number of genres, then per genre u8 mean pitch
// and i16 thousandths, -1000 to 1000: base, by_octave, by_place (4 meters x 48 positions),
// by_duration (13), after_note (13), after_rest (13), by_interval (9). 485 bytes a genre.
// Thread: any (plain values). Errors: parse_accents() says malformed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/corpus/vocabulary.hpp"
#include "engine/music/genre_weights.hpp"
#include "engine/music/meter.hpp"

namespace fusion {

struct StepRequest;  // generator.hpp

// What the performer's own level is called in a GeneratedEvent.
inline constexpr Velocity kLevelVelocity{96};
inline constexpr Velocity kSoftestAccent{40};
inline constexpr Velocity kLoudestAccent{127};

using Thousandths = std::int16_t;
inline constexpr Thousandths kLargestAccent = 1000;

inline constexpr std::size_t kDurationClasses = 13;
// Down by 8 semitones or more, by 5 to 7, 3 or 4, 1 or 2; the same pitch; and up alike.
inline constexpr std::size_t kIntervalClasses = 9;
// A note's height says no more than this far from the genre's mean.
inline constexpr int kFarthestPitch = 18;

// The duration class that an event's length is, or the next shorter one.
[[nodiscard]] std::size_t duration_class(Cells duration);
[[nodiscard]] std::size_t interval_class(Pitch from, Pitch to);

struct GenreAccents {
    Pitch mean_pitch{67};
    Thousandths base = 0;
    Thousandths by_octave = 0;  // an octave above mean_pitch adds this
    std::array<Thousandths, kMeterClasses * kBarPositions> by_place{};  // [meter * 48 + position]
    std::array<Thousandths, kDurationClasses> by_duration{};
    std::array<Thousandths, kDurationClasses> after_note{};   // by the length of that note
    std::array<Thousandths, kDurationClasses> after_rest{};   // by the length of that rest
    std::array<Thousandths, kIntervalClasses> by_interval{};  // from the note just before
    friend bool operator==(const GenreAccents&, const GenreAccents&) = default;
};

struct AccentModel {
    std::vector<GenreAccents> genres;  // one per genre of the bundle; none: all notes are level
    friend bool operator==(const AccentModel&, const AccentModel&) = default;
};

// Where a note stands. `before` is the event that ended where it begins, null at the start of a
// line (which counts as a long rest).
struct AccentContext {
    const Event& note;
    const Event* before;
    std::uint8_t position;
    MeterClass meter;
};

// A share of the level, not yet bounded. 0 for a rest.
[[nodiscard]] float accent_of(const GenreAccents& genre, const AccentContext& at);

// The velocity that the blend of the genres' accents gives `note`; kLevelVelocity for a rest, a
// silent blend and a model without genres.
[[nodiscard]] Velocity velocity_of(const AccentModel& model, const AccentContext& at,
                                   const Blend& blend);
// The same from what a generator has at hand: the vocabulary's numbers (one that the vocabulary
// does not have stands for "nothing before") and the request.
[[nodiscard]] Velocity velocity_of(const AccentModel& model, const Vocabulary& vocabulary,
                                   EventId event, EventId before, const StepRequest& request);

void serialise_accents(const AccentModel& model, std::vector<std::uint8_t>& out);
[[nodiscard]] Result<AccentModel> parse_accents(std::span<const std::uint8_t> bytes);

}  // namespace fusion
