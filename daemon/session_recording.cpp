#include "daemon/session_recording.hpp"

#include <cmath>

#include "engine/base/log.hpp"

namespace fusion {

void SessionRecording::own_tempo(Bpm tempo, TimePoint now) {
    if (recorder_ != nullptr) recorder_->tempo(tempo_ = tempo, now);
}

void SessionRecording::turn(const EngineMeters& meters, TimePoint now) {
    if (recorder_ == nullptr) return;
    follow_tempo(meters, now);
    recorder_->drain();
}

void SessionRecording::follow_tempo(const EngineMeters& meters, TimePoint now) {
    constexpr double kWorthAnEvent = 0.001;  // of the tempo: a followed one is never quite still
    const auto state = meters.sync_state.load(std::memory_order_relaxed);
    if (state == SyncState::internal || state == SyncState::waiting) return;
    const Bpm tempo{meters.tempo.load(std::memory_order_relaxed)};
    if (std::abs(tempo.count() - tempo_.count()) <= kWorthAnEvent * tempo.count()) return;
    recorder_->tempo(tempo_ = tempo, now);
}

void SessionRecording::marker(const std::string& text, TimePoint due) {
    if (recorder_ != nullptr) recorder_->marker(text, due);
}

void SessionRecording::save_now_and_then(TimePoint now) {
    if (!next_) next_ = now + kEvery;
    if (now < *next_) return;
    next_ = now + kEvery;
    save();
}

void SessionRecording::save() {
    if (recorder_ == nullptr) return;
    const auto written = recorder_->write();
    // Told once: a full disk stays full for a while.
    if (!written && !fails_)
        log::error("{}; the music goes on and writing is tried again", written.error().message);
    fails_ = !written;
}

}  // namespace fusion
