#include "daemon/session_recording.hpp"

#include <cmath>

#include <fmt/format.h>

#include "engine/base/log.hpp"

namespace fusion {

void SessionRecording::add_verb(OscNamespace& names) {
    names.add_verb(
        "/fusiond/record",
        [this](const OscMessage& message, const OscReply& reply) { record(message, reply); }, 1);
}

void SessionRecording::record(const OscMessage& message, const OscReply& reply) {
    if (!message.args.empty()) {
        const auto word = std::string{osc_text(message.args[0]).value_or("")};
        const auto number = osc_number(message.args[0]);
        if (word == "on" || (number && *number > 0.0))
            recorder_.begin();
        else if (word == "off" || (number && *number == 0.0))
            recorder_.pause();
        else if (word == "export")
            recorder_.split();
        else
            return reply(osc_fail(message.path, "it takes on, off or export"));
    }
    const auto state = recorder_.state();
    reply(OscMessage{
        "/fusiond/record.reply",
        {std::string{state.on ? "on" : "off"}, state.writing ? state.file.string() : std::string{},
         state.whole.string(), state.trouble}});
}

void SessionRecording::own_tempo(Bpm tempo, TimePoint now) { recorder_.tempo(tempo_ = tempo, now); }

void SessionRecording::turn(const EngineMeters& meters, TimePoint now) {
    constexpr double kWorthAnEvent = 0.001;  // of the tempo: a followed one is never quite still
    const auto state = meters.sync_state.load(std::memory_order_relaxed);
    if (state == SyncState::internal || state == SyncState::waiting) return;
    const Bpm tempo{meters.tempo.load(std::memory_order_relaxed)};
    if (std::abs(tempo.count() - tempo_.count()) <= kWorthAnEvent * tempo.count()) return;
    recorder_.tempo(tempo_ = tempo, now);
}

void SessionRecording::look_after() {
    const auto state = recorder_.state();
    // Told once: a full disk stays full for a while.
    if (!state.trouble.empty() && !fails_)
        log::error("{}; the music goes on and writing is tried again", state.trouble);
    if (state.trouble.empty() && fails_)
        log::info("it is recorded again, in {}; {} messages were lost", state.file.string(),
                  state.lost);
    fails_ = !state.trouble.empty();
}

void SessionRecording::finish() {
    recorder_.finish();
    look_after();
}

}  // namespace fusion
