#include "daemon/midi/recorder.hpp"

#include <algorithm>
#include <utility>

#include "daemon/midi/recording_place.hpp"
#include "engine/base/log.hpp"
#include "engine/base/whole_file.hpp"

namespace fusion {

Result<std::unique_ptr<Recorder>> Recorder::open(const std::filesystem::path& file, Bpm tempo) {
    auto place = recording_place(file);
    if (!place) return tl::unexpected{place.error()};
    if (*place != file)
        log::info("{} holds a recording: this one goes to {}", file.string(), place->string());
    std::unique_ptr<Recorder> recorder{new Recorder{std::move(*place), tempo}};
    if (auto written = recorder->write(); !written) return tl::unexpected{written.error()};
    return recorder;
}

Recorder::Recorder(std::filesystem::path file, Bpm tempo) : file_{std::move(file)}, tempo_{tempo} {
    writer_.name("fusiond");
    writer_.tempo(Ticks{0}, tempo);
}

void Recorder::drain() {
    expect_thread(ThreadRole::control);
    TimedMessage next;
    while (queue_.out.try_pop(next)) {
        if (!timeline_) timeline_.emplace(Ticks{0}, next.deadline, tempo_);
        const auto at = std::max(timeline_->tick_at(next.deadline), Ticks{0});
        // A file of music has no clock of its own.
        if (next.message.status() == 0xF0U) continue;
        writer_.message(at, next.message);
        end_ = std::max(end_, at);
        changed_ = true;
    }
}

void Recorder::tempo(Bpm tempo, TimePoint when) {
    if (tempo == tempo_) return;
    drain();
    tempo_ = tempo;
    if (!timeline_) {
        writer_.tempo(Ticks{0}, tempo);
        return;
    }
    writer_.tempo(std::max(timeline_->tick_at(when), Ticks{0}), tempo);
    timeline_ = timeline_->with_tempo(tempo, when);
}

void Recorder::marker(std::string text, TimePoint when) {
    drain();
    const auto at = timeline_ ? std::max(timeline_->tick_at(when), Ticks{0}) : Ticks{0};
    writer_.marker(at, std::move(text));
    end_ = std::max(end_, at);
    changed_ = true;
}

Status Recorder::write() {
    drain();
    if (!changed_) return {};
    if (auto written = write_file(file_, writer_.bytes(end_)); !written) return written;
    changed_ = false;
    return {};
}

}  // namespace fusion
