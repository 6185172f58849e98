// How the line is pulled to its chord. What the networks, which are told of it, leave to be wished,
// this does between their distribution and the dice (ADR-harmony.md): a note that does not fit
// gives of its probability to the notes beside it that do, at the same length. Lengths, rests, and
// the way the line wants to go stay what they were; only where it arrives is moved.
//
//   how much  pull x (2 - pull) x the weight of the place: all of it on the first and the middle
//             beat of a bar, for long notes and for the first note under a chord; less on other
//             beats, little off the beat
//             a planned chord moves of a note of share p no more than (1 - p)^2
//   from      what is no tone of the chord; what is not of the chord's scale either, also off the
//             beat
//   to        the chord's tones above and below, the nearer the more, and the more the more likely
//             the networks have them, and steps from the note that has just sounded before thirds;
//             off the beat the tones of the scale too. To that note itself only by the share that
//             the networks give it: a chord has few tones, and a line that is pulled to them falls
//             to hammering one
//
// At pull 1 nothing but the chord's tones is possible where the place weighs all. Thread: any.
// Errors: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/corpus/vocabulary.hpp"
#include "engine/model/harmony_ask.hpp"

namespace fusion {

// How much a note that begins at a place of the bar is heard as the chord's, 0 to 1.
[[nodiscard]] float weight_of_place(Cells at, Meter meter);
// The same of a note that lasts so long: one that sounds on over a heavier place counts for more.
[[nodiscard]] float weight_of_note(const HarmonyAsk& ask, Cells length);
// The chord that a note of this length is heard against: one that begins less than an eighth before
// a chord and lasts into it comes before its time.
[[nodiscard]] const HeardChord& chord_of_note(const HarmonyAsk& ask, Cells length);

class HarmonyExpert {
public:
    explicit HarmonyExpert(const Vocabulary& vocabulary);

    // `scores`: one log-probability per event, not necessarily normalised; the sum of the
    // probabilities stays. `last`: the note that has just sounded. A free ask leaves every bit.
    void pull(std::span<float> scores, const HarmonyAsk& ask, std::optional<Pitch> last) const;

private:
    struct Note {
        EventId event;
        std::uint8_t pitch;
    };
    // The notes of one length, by pitch.
    struct Group {
        Cells length;
        std::vector<Note> notes;
    };
    [[nodiscard]] const Group* group_for(std::size_t place, std::uint8_t pitch, PitchClassSet tones,
                                         std::optional<Pitch> last) const;
    // The note that has just sounded, and the share of the notes' probability that it has again.
    struct Last {
        std::optional<Pitch> pitch;
        float share = 0.0F;
        float notes = 0.0F;  // the probability of all notes
    };
    void pull_group(std::size_t place, const HarmonyAsk& ask, const Last& last,
                    std::span<const float> was, std::span<float> is) const;
    [[nodiscard]] Last last_in(std::span<const float> was, std::optional<Pitch> pitch) const;

    std::vector<Group> groups_;  // by length
};

}  // namespace fusion
