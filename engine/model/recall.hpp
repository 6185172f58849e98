// What the line so far recalls at the moment of its next event: music repeats itself, and a
// recurrent state of a few hundred numbers cannot hold a bar to repeat it. The networks are told,
// and learn how far to trust each of these:
//   repeat    what followed the longest earlier passage that ends as the line ends now
//   sequence  the same for a passage transposed by some interval, with its follower transposed too
//   rhythm    what followed the longest earlier passage of the same lengths, whatever its notes
//   bar_1, bar_2, bar_4, bar_8, bar_16   what began at this place so many bars ago
//
// and in coarse classes how long the line is, and how its last note lies in it. What the line has
// used so far, note by note and length by length, is habits.hpp.
//
// A line remembers under which blend each event was made, and recalls only what was made under one
// like that of its newest event (they share half or more). So a genre that is turned up does not go
// on with the tune of the one that is turned down; and where the weights come back, its tune does.
// Asking the newest event, not the blend to come, keeps the networks' streams independent of the
// knobs for the step that is due next (engine/nn/torch_generator.hpp).
//
// A loop ends: one that a line has gone round kMostRounds times after the first, for kMostRounds
// bars or more, is exhausted, and then nothing is recalled until it has left it. Real lines leave
// sooner or later; one that hears itself would take each round as a reason for the next.
//
// Thread: one per object. Errors: none. Allocates.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/model/event_classes.hpp"
#include "engine/music/genre_weights.hpp"
#include "engine/music/meter.hpp"

namespace fusion {

enum class RecallSlot : std::uint8_t {
    repeat,
    sequence,
    rhythm,
    bar_1,
    bar_2,
    bar_4,
    bar_8,
    bar_16
};
inline constexpr std::size_t kRecallSlots = 8;

// How strong `repeat`, `sequence` and `rhythm` are: 0 for none, else a class of the passage's
// length and whether its follower stood at this place in the bar too.
inline constexpr std::size_t kRecallStrengths = 25;
// How far back the repeat's follower lies: 0 for none, else a class of bars.
inline constexpr std::size_t kRecallDistances = 9;
// How often the line has gone round since the repeat's follower: 0 to 4, which is also for more.
inline constexpr std::size_t kRecallRounds = 5;
inline constexpr std::size_t kMostRounds = 4;
inline constexpr std::int64_t kMostSameBars = 4;
// How many events are remembered: 0 for none, else the class of their binary logarithm.
inline constexpr std::size_t kRecallAges = 11;
// Where the last note lies from the mean of the line's notes: 0 for no note, else two semitones a
// class, the middle one is at the mean.
inline constexpr std::size_t kRecallHeights = 16;
// How far the line's notes lie from their mean: 0 for no note, else a semitone of standard
// deviation a class.
inline constexpr std::size_t kRecallSpreads = 12;

inline constexpr EventId kNothingRecalled = 0xFFFF;
inline constexpr std::uint8_t kNoPitch = 128;

struct Recall {
    std::array<EventId, kRecallSlots> event = [] {
        std::array<EventId, kRecallSlots> nothing{};
        nothing.fill(kNothingRecalled);
        return nothing;
    }();
    std::uint8_t repeat_strength = 0;
    std::uint8_t sequence_strength = 0;
    std::uint8_t rhythm_strength = 0;
    std::uint8_t repeat_distance = 0;
    std::uint8_t repeat_rounds = 0;
    std::uint8_t age = 0;
    std::uint8_t height = 0;
    std::uint8_t spread = 0;
    std::uint8_t last_pitch = kNoPitch;  // of the last note
    friend bool operator==(const Recall&, const Recall&) = default;
};

class LineMemory {
public:
    // How far back it looks, in events; longer passages than kLongestPassage count as that long.
    static constexpr std::size_t kReach = 512;
    static constexpr std::size_t kLongestPassage = 128;
    // Newest events that may be taken back.
    static constexpr std::size_t kMostPopped = 128;

    // `vocabulary` outlives it.
    explicit LineMemory(const Vocabulary& vocabulary);

    void push(EventId event, std::uint8_t position, const Blend& blend);
    // Takes back the `count` newest events.
    void pop(std::size_t count);
    void clear();

    // For an event at this place in the bar.
    [[nodiscard]] Recall recall(std::uint8_t position, MeterClass meter) const;

    // What began so far back, if it may be recalled.
    [[nodiscard]] std::optional<EventId> began_ago(Cells back) const;
    // The event with which a bar would go on as the kMostSameBars bars before it went, which are
    // all the same. It must not come: no bar is played more often in a row.
    [[nodiscard]] std::optional<EventId> worn_out(std::uint8_t position, MeterClass meter) const;

    struct Entry {
        EventId event;
        std::uint8_t position;
        std::int16_t pitch;   // -1 for a rest
        std::int16_t length;  // cells
        std::int64_t onset;   // cells since the line began
        std::uint32_t blend;  // into blends_
    };
    // Oldest first; more than are looked at.
    [[nodiscard]] std::span<const Entry> entries() const { return entries_; }
    // For each entry, whether it may be recalled: within reach, and made under a blend like that of
    // the newest. Not for an empty line.
    [[nodiscard]] std::vector<char> alike() const;

private:
    struct Passage {
        std::size_t follower = 0;
        std::size_t length = 0;  // 0: none
        bool aligned = false;
        int shift = 0;  // semitones from the follower to what it says now
    };

    [[nodiscard]] std::size_t same_until(std::size_t end) const;
    [[nodiscard]] std::size_t same_rhythm_until(std::size_t end) const;
    [[nodiscard]] std::size_t transposed_until(std::size_t end, int& shift) const;
    template <class Measure>
    [[nodiscard]] Passage longest(std::uint8_t position, const std::vector<char>& may,
                                  std::size_t least, Measure measure) const;
    [[nodiscard]] std::size_t rounds_of(const Passage& passage) const;
    [[nodiscard]] EventId began_at(std::int64_t onset, const std::vector<char>& may) const;
    void tell_register(Recall& recall, const std::vector<char>& may) const;

    const Vocabulary* vocabulary_;
    std::vector<Entry> entries_;
    std::vector<Blend> blends_;  // each differs from the one before
};

// The usual bar of each class, in cells; a piece in 9/8 looks back to another beat, and learns to
// trust less.
[[nodiscard]] std::int64_t usual_bar(MeterClass meter);

// A whole line's, each event's from those before it; all under one blend.
[[nodiscard]] std::vector<Recall> recall_along(std::span<const EventId> events,
                                               std::span<const std::uint8_t> positions,
                                               std::span<const std::uint8_t> meters,
                                               const Vocabulary& vocabulary);

}  // namespace fusion
