// What the networks are trained on: short stretches of lines, either cut from one piece (phase 1)
// or spliced from phrases of several genres under a blend that changes along the way (phase 2).
// Plain values, no Torch. Thread: any for const calls. Errors: none.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "engine/corpus/data_set.hpp"
#include "engine/model/recall.hpp"
#include "engine/model/told_chords.hpp"
#include "engine/music/genre_weights.hpp"
#include "engine/train/random.hpp"

namespace fusion::train {

// One genre at full weight.
[[nodiscard]] Blend alone(std::size_t genre);

// One entry per event to predict. `last` is the event before it, the vocabulary's size where a line
// begins.
struct Window {
    std::vector<std::uint16_t> last;
    std::vector<EventId> target;
    std::vector<std::uint8_t> position;
    std::vector<std::uint8_t> meter;
    std::vector<Recall> recall;
    std::vector<ToldChords> chords;
    // What the line has heard of itself, where that is not what it shall say (slips.hpp); else
    // empty.
    std::vector<EventId> heard;
    // What lies before it in its line, as far as a line remembers; its habits come from there too.
    std::vector<EventId> past;
    std::vector<std::uint8_t> past_position;
    std::vector<Blend> blend;           // phase 2 only; else empty
    std::vector<std::uint8_t> sources;  // genre each event was taken from; phase 2 only

    [[nodiscard]] std::size_t size() const { return target.size(); }
    [[nodiscard]] EventId heard_at(std::size_t i) const {
        return heard.empty() ? target[i] : heard[i];
    }
    // The one genre's, where there is but one.
    [[nodiscard]] Blend blend_at(std::size_t i) const {
        return blend.empty() ? alone(0) : blend[i];
    }
};

// What a line remembers at the window's first event.
[[nodiscard]] LineMemory memory_before(const Window& window, const Vocabulary& vocabulary);
// What each of its events recalls, made anew from what the window has heard and what lies before.
void recall_again(Window& window, const Vocabulary& vocabulary);

// All of the window is told of no chord, only of the place in the period.
void tell_no_chords(Window& window);

// A line, what each of its events could recall of those before it, and its piece's chords there.
struct RecalledLine {
    RecalledLine(const EventSequence& line, const Vocabulary& vocabulary);
    RecalledLine(const Piece& piece, const Vocabulary& vocabulary);

    const EventSequence* line;  // outlives this
    std::vector<Recall> recall;
    std::vector<ToldChords> chords;
    EventId beginning;  // what `last` is before the first event

    [[nodiscard]] std::size_t size() const { return line->size(); }
};

// Events [first, last) of `line`, at most.
[[nodiscard]] Window cut(const RecalledLine& line, std::size_t first, std::size_t last);

// All of `lines` once, in windows of `length`; where the cuts fall is random. In random order, but
// windows of one size lie together within stretches of `bucket`, so that batches need little
// padding.
[[nodiscard]] std::vector<Window> cut_all(const std::vector<RecalledLine>& lines,
                                          std::size_t length, std::size_t bucket, Random& random);

// Draws phase-2 windows from the training pieces.
//
// Half of them keep one genre at full weight, so that the network knows each genre well. The others
// have two or three genres: phrases of 4 to 64 events, each from a genre drawn in proportion to the
// blend of that moment, joined where bar position (and meter class, if possible) agree; at half
// the joins the blend is drawn again, one genre alone or a uniform draw from the simplex. So the
// blend, not the past, says what comes next.
class Splicer {
public:
    static constexpr std::size_t kMinPhrase = 4;
    static constexpr std::size_t kMaxPhrase = 64;

    // `data` must outlive this.
    explicit Splicer(const DataSet& data);

    [[nodiscard]] Window draw(std::size_t length, Random& random) const;
    [[nodiscard]] std::size_t training_events() const { return training_events_; }

private:
    struct Place {
        std::uint32_t piece;
        std::uint32_t event;
    };
    struct Genre {
        std::vector<std::uint32_t> pieces;
        std::vector<double> lengths;  // of `pieces`: long ones are drawn more often
        // Where a phrase can begin, by meter class and bar position.
        std::array<std::array<std::vector<Place>, kBarPositions>, kMeterClasses> places;
    };

    [[nodiscard]] Place anywhere(const Genre& genre, Random& random) const;
    [[nodiscard]] Place joining(const Genre& genre, std::uint8_t position, std::uint8_t meter,
                                Random& random) const;
    [[nodiscard]] Blend draw_blend(const std::vector<std::size_t>& genres, Random& random) const;
    [[nodiscard]] std::vector<std::size_t> draw_genres(std::size_t count, Random& random) const;

    const DataSet* data_;
    std::vector<std::optional<RecalledLine>> lines_;  // per piece; those to train on
    std::vector<Genre> genres_;
    std::vector<double> genre_shares_;  // how often a genre is drawn
    std::size_t training_events_ = 0;
};

}  // namespace fusion::train
