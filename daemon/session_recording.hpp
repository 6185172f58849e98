// The recording of a run as control sees it: the recorder has the tempo that was played and the
// chords, hands turn it on and off (/fusiond/record), and a disk that is full is told once.
// Thread: control. Errors: fails(); writing is tried again.
#pragma once

#include <string>

#include "daemon/midi/recorder.hpp"
#include "engine/realtime/crossing/meters.hpp"
#include "osc/namespace.hpp"

namespace fusion {

class SessionRecording {
public:
    // Outlives it.
    explicit SessionRecording(Recorder& recorder) : recorder_{recorder} {}

    // /fusiond/record [s on|off|export] -> /fusiond/record.reply s on|off, s the file that is
    // being written, s the last that is whole, s what is wrong. Messages come while this lives.
    void add_verb(OscNamespace& names);

    // Our own tempo, where nobody else's is followed.
    void own_tempo(Bpm tempo, TimePoint now);
    // At each turn: the tempo that is followed, so that the recording's bars are those that were
    // played.
    void turn(const EngineMeters& meters, TimePoint now);
    void marker(const std::string& text, TimePoint due) { recorder_.marker(text, due); }
    // Each second or so: tells what went wrong, and that it is right again.
    void look_after();
    // Writes all and closes the file.
    void finish();

    [[nodiscard]] bool fails() const { return fails_; }

private:
    void record(const OscMessage& message, const OscReply& reply);

    Recorder& recorder_;
    Bpm tempo_{0.0};
    bool fails_ = false;
};

}  // namespace fusion
