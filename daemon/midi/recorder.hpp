// The session as Standard MIDI Files: alone (--output file) or beside a port. The clock hands
// messages to a lock-free queue; a thread of the recorder's own takes them out and writes
// (recording_writer.hpp), so that neither the clock nor control ever waits for a disk. While it is
// off it takes no notes, but programs and controllers, so that a recording begins with what holds.
// Thread: send() clock; the rest control. Errors: state() tells what is wrong; the music goes on.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "daemon/midi/recording_writer.hpp"
#include "engine/base/spsc_queue.hpp"
#include "engine/base/time_source.hpp"
#include "engine/realtime/crossing/midi_sink.hpp"

namespace fusion {

struct RecorderState {
    bool on = false;
    bool writing = false;         // there is a file, and it is not whole yet
    std::filesystem::path file;   // that one, or the one that comes next
    std::filesystem::path whole;  // the last that was closed; empty: none yet
    std::string trouble;          // empty: none
    std::uint64_t lost = 0;       // messages that no file has
};

class Recorder final : public MidiSink {
public:
    enum class Begin : std::uint8_t { on, off };
    static constexpr std::size_t kQueue = 8192;

    // `time` outlives it; it is what deadlines are counted by.
    Recorder(RecordingOptions options, const TimeSource& time, Begin begin);
    ~Recorder() override;
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    FUSION_RT bool send(const TimedMessage& message) noexcept override {
        const auto& what = message.message;
        // A file of music has no clock of its own.
        if (!what.is_of_a_channel()) return true;
        // relaxed: a flag; nothing is read through it
        const bool of_a_note = what.is_note_on() || what.is_note_off();
        if (of_a_note && !on_.load(std::memory_order_relaxed)) return true;
        return queue_in_.try_push(message);
    }
    FUSION_RT Nanos lead() const noexcept override { return Nanos{0}; }

    // Bars in the file are the bars that were played: the tempo from `when` on.
    void tempo(Bpm tempo, TimePoint when);
    // A chord, or whatever else is worth finding again.
    void marker(std::string text, TimePoint when);

    void begin();
    // The file becomes whole; what is played from now on is not recorded.
    void pause();
    // The file that is being written becomes whole within a few seconds, and recording goes on.
    void split();
    // Writes the rest and ends; waits for the disk for `at_most` and not longer.
    void finish(Nanos at_most = std::chrono::seconds{3});

    [[nodiscard]] RecorderState state() const;

private:
    struct Desk;  // shared with the thread, which may outlive this where a disk hangs

    static void run(const std::shared_ptr<Desk>& desk);

    std::shared_ptr<Desk> desk_;
    Producer<TimedMessage> queue_in_;
    std::atomic<bool> on_;
    Bpm tempo_;
    std::thread thread_;
};

}  // namespace fusion
