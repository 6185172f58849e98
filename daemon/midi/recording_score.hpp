// What is played as the bytes of a Standard MIDI File, a piece at a time: what a segment of a
// recording begins with, then each thing at its tick, then the end of its notes.
//
// A segment stands by itself: it begins with the tempo, the programs and the controllers that are
// in force and the last marker, on the beat of the bar where the one before would have gone on, and
// what sounds at its end is ended there. The time line is made anew for each, so that its
// arithmetic does not lose ticks in months. Thread: one (the recorder's). Errors: none.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "engine/corpus/smf_bytes.hpp"
#include "engine/music/midi_message.hpp"
#include "engine/music/timeline.hpp"

namespace fusion {

// One thing that is to be recorded: a message, a tempo from then on, or a marker.
struct RecordedItem {
    TimePoint when;
    std::variant<MidiMessage, Bpm, std::string> what;

    [[nodiscard]] bool is_note_on() const {
        const auto* message = std::get_if<MidiMessage>(&what);
        return message != nullptr && message->is_note_on();
    }
};

class RecordingScore {
public:
    // The length that a track has until its end is known. A reader takes what is there.
    static constexpr std::uint32_t kOpenLength = 0x7FFFFFFF;
    static constexpr std::string_view kName = "fusiond";

    explicit RecordingScore(Bpm tempo) : tempo_{tempo} {}

    // A segment begins with what is played at `when`.
    void begin(TimePoint when, SmfBytes& out);
    // In order of time. Before a segment begins, nothing is written and what holds is remembered.
    void put(const RecordedItem& item, SmfBytes& out);
    // The notes that sound end, and so does the track.
    void end(SmfBytes& out);

    [[nodiscard]] bool begun() const { return begun_; }
    [[nodiscard]] bool silent() const { return sounding_ == 0; }

private:
    // Of all that a channel can be told, what a receiver that joins needs before the first note.
    static constexpr std::array<std::uint8_t, 6> kKept{0, 32, 7, 10, 11, 1};
    struct ChannelState {
        std::array<std::int8_t, kKept.size()> controllers{-1, -1, -1, -1, -1, -1};
        std::int8_t program = -1;
    };

    void put_at(TimePoint when, SmfBytes& out);
    void put_message(TimePoint when, const MidiMessage& message, SmfBytes& out);
    void put_tempo(TimePoint when, Bpm tempo, SmfBytes& out);
    void put_marker(TimePoint when, const std::string& text, SmfBytes& out);
    void remember(const MidiMessage& message);
    [[nodiscard]] std::uint8_t& count_of(const MidiMessage& message) {
        return notes_[message.channel().count()][message.pitch().count()];
    }

    Bpm tempo_;
    std::string marker_;  // the last; empty: none yet
    std::array<ChannelState, 16> channels_{};
    std::array<std::array<std::uint8_t, 128>, 16> notes_{};
    int sounding_ = 0;
    std::optional<Timeline> timeline_;  // of this segment, or of the last
    std::int64_t written_to_ = 0;       // the tick of the last event
    bool begun_ = false;
};

}  // namespace fusion
