// The recording of a run: the recorder is emptied, has the tempo that was played, and is written
// now and then; a disk that is full is told once. Where nothing is recorded it does nothing.
// Thread: control. Errors: fails(); writing is tried again.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "daemon/midi/recorder.hpp"
#include "engine/realtime/crossing/meters.hpp"

namespace fusion {

class SessionRecording {
public:
    static constexpr Nanos kEvery{std::chrono::seconds{30}};

    // Null: nothing is recorded. Outlives it.
    explicit SessionRecording(Recorder* recorder) : recorder_{recorder} {}

    // Our own tempo, where nobody else's is followed.
    void own_tempo(Bpm tempo, TimePoint now);
    // At each turn: what was played, and the tempo that is followed, so that the recording's bars
    // are those that were played.
    void turn(const EngineMeters& meters, TimePoint now);
    void marker(const std::string& text, TimePoint due);
    void save();
    // Each second or so; each kEvery it saves.
    void save_now_and_then(TimePoint now);

    [[nodiscard]] bool fails() const { return fails_; }

private:
    void follow_tempo(const EngineMeters& meters, TimePoint now);

    Recorder* recorder_;
    Bpm tempo_{0.0};
    std::optional<TimePoint> next_;
    bool fails_ = false;
};

}  // namespace fusion
