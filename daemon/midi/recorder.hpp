// The session as a Standard MIDI File: alone (--output file) or beside a port. The clock hands
// messages to a lock-free queue; the control thread takes them out and writes the file now and then
// and at the end, whole each time, so that a crash costs half a minute at most.
// Thread: send() clock; the rest control. Errors: io (the file cannot be written), unavailable (too
// many of that name).
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/spsc_queue.hpp"
#include "engine/corpus/smf.hpp"
#include "engine/music/timeline.hpp"
#include "engine/realtime/crossing/midi_sink.hpp"

namespace fusion {

class Recorder final : public MidiSink {
public:
    // Into `file`, or beside it where that holds a recording (recording_place.hpp). Writes an empty
    // file at once, so that one that cannot be written is known before the show.
    static Result<std::unique_ptr<Recorder>> open(const std::filesystem::path& file, Bpm tempo);

    FUSION_RT bool send(const TimedMessage& message) noexcept override {
        return queue_.in.try_push(message);
    }
    FUSION_RT Nanos lead() const noexcept override { return Nanos{0}; }

    // Takes out what was queued. To be called each 100 ms or more often.
    void drain();
    // The tempo from `when` on, so that bars in the file are the bars that were played.
    void tempo(Bpm tempo, TimePoint when);
    // A chord, or whatever else is worth finding again.
    void marker(std::string text, TimePoint when);
    // Does nothing when the file has it all.
    Status write();

    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] std::uint64_t dropped() const noexcept { return queue_.refused(); }

private:
    Recorder(std::filesystem::path file, Bpm tempo);

    static constexpr std::size_t kQueue = 8192;

    std::filesystem::path file_;
    Bpm tempo_;
    SpscQueue<TimedMessage> queue_{kQueue};
    SmfWriter writer_;
    std::optional<Timeline> timeline_;  // from the first message on
    Ticks end_{0};
    bool changed_ = true;
};

}  // namespace fusion
