// What a genre's pieces do more or less often than its networks do when they hear themselves
// (ADR-manners.md): whether the line repeats its note, steps or leaps, turns back, leaves the key
// or its register, goes on as it did before; whether it keeps its lengths, lands on the beat,
// lingers. Each trait is seen in what a note is (tone) or in how long it lasts (length); each genre
// has a leaning for each, which is added to the scores of the events that have it. Found when a
// bundle is trained (engine/train/manners_fit.hpp), kept in it (section MANN), mixed by the blend
// in play. As in recall.hpp, what was made under another blend does not return.
//
// In the bundle: a varint of genres, a varint of traits, for each genre that many f32.
// Letters: T tones, D lengths (event_classes.hpp). Thread: any. Errors: parse_manners() says
// malformed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/model/event_classes.hpp"
#include "engine/model/recall.hpp"
#include "engine/music/genre_weights.hpp"

namespace fusion {

enum class ToneTrait : std::uint8_t {
    rest,
    repeated,      // the note before, again
    step,          // by one or two semitones
    third,         // by three or four
    wide,          // by eight or more
    turned,        // the other way than the interval before
    outside,       // not of C major, the key that lines are composed in
    far,           // farther from the middle of its line than a sixth, by how far
    new_class,     // a pitch class that the last kUsedNotes notes had not
    as_repeat,     // what recall.hpp says followed the same passage before
    as_sequence,   // the same, transposed
    as_a_bar_ago,  // as what began there a bar ago
    as_two_bars_ago,
    as_degrees,  // what followed the same figure before, on another degree of the scale
};
inline constexpr std::size_t kToneTraits = 14;

enum class LengthTrait : std::uint8_t {
    as_last,       // as the event before
    as_rhythm,     // as what followed the same rhythm before
    as_a_bar_ago,  // ends where something began a bar ago
    as_two_bars_ago,
    new_length,   // a length that the last kUsedNotes events had not
    held_over,    // begins off the beat and lasts over the next one
    short_one,    // below an eighth
    triplet,      // of a beat, or two of them
    long_one,     // two beats or more
    to_the_beat,  // ends on one
    to_the_bar,   // ends with its bar
};
inline constexpr std::size_t kLengthTraits = 11;
inline constexpr std::size_t kTraits = kToneTraits + kLengthTraits;
inline constexpr std::size_t kUsedNotes = 48;

// "tone.step": tones first, in the order of the enums.
[[nodiscard]] std::string_view name_of_trait(std::size_t trait);

// Which traits each tone and each length would have as the next event of a line: 1, 0, or how
// much.
struct Traits {
    std::vector<float> tones;    // (kToneTraits, T), row by row
    std::vector<float> lengths;  // (kLengthTraits, D)
};
[[nodiscard]] Traits traits_of(const LineMemory& memory, const Recall& recall,
                               const EventClasses& classes, const Vocabulary& vocabulary,
                               std::uint8_t position, MeterClass meter);
// Of one event: by trait.
[[nodiscard]] std::array<float, kTraits> traits_of_event(const Traits& traits,
                                                         const EventClasses& classes,
                                                         EventId event);

struct Manners {
    std::array<float, kTraits> leaning{};  // in nats; -kMostLeaning to kMostLeaning
    friend bool operator==(const Manners&, const Manners&) = default;
};
inline constexpr float kMostLeaning = 4.0F;

// Of a blend: the mean of its genres'. None where `manners` is empty. `manners`: one for each
// genre.
[[nodiscard]] Manners mixed(std::span<const Manners> manners, const Blend& blend);
// `scores`: one log-probability per event. Without a leaning they stay to the bit.
void behave(std::span<float> scores, const Manners& manners, const Traits& traits,
            const EventClasses& classes);

void serialise_manners(const std::vector<Manners>& manners, std::vector<std::uint8_t>& out);
[[nodiscard]] Result<std::vector<Manners>> parse_manners(std::span<const std::uint8_t> payload);

}  // namespace fusion
