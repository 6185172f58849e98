#include "daemon/midi/recording_score.hpp"

#include <algorithm>

#include "engine/corpus/smf.hpp"

namespace fusion {
namespace {

void put_channel_event(SmfBytes& out, unsigned status, std::size_t channel, std::uint8_t first) {
    out.push_back(static_cast<std::uint8_t>(status | channel));
    out.push_back(first);
}

}  // namespace

void RecordingScore::begin(TimePoint when, SmfBytes& out) {
    constexpr auto kFourBeats = 4 * kTicksPerBeat.count();
    const auto into = timeline_ ? timeline_->tick_at(when).count() % kFourBeats : 0;
    timeline_.emplace(Ticks{std::max<std::int64_t>(into, 0)}, when, tempo_);
    begun_ = true;
    written_to_ = 0;
    notes_ = {};
    sounding_ = 0;

    put_smf_head(out, static_cast<std::uint16_t>(kTicksPerBeat.count()), kOpenLength);
    out.push_back(0);
    put_text_event(out, kSmfTrackName, kName);
    out.push_back(0);
    const auto tempo = smf_tempo(tempo_);
    out.insert(out.end(), tempo.begin(), tempo.end());
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        const auto& channel = channels_[c];
        for (std::size_t k = 0; k < kKept.size(); ++k) {
            if (channel.controllers[k] < 0) continue;
            out.push_back(0);
            put_channel_event(out, 0xB0U, c, kKept[k]);
            out.push_back(static_cast<std::uint8_t>(channel.controllers[k]));
        }
        if (channel.program < 0) continue;
        out.push_back(0);
        put_channel_event(out, 0xC0U, c, static_cast<std::uint8_t>(channel.program));
    }
    if (marker_.empty()) return;
    out.push_back(0);
    put_text_event(out, kSmfMarker, marker_);
}

void RecordingScore::put(const RecordedItem& item, SmfBytes& out) {
    if (const auto* message = std::get_if<MidiMessage>(&item.what))
        put_message(item.when, *message, out);
    else if (const auto* tempo = std::get_if<Bpm>(&item.what))
        put_tempo(item.when, *tempo, out);
    else
        put_marker(item.when, std::get<std::string>(item.what), out);
}

// What comes a little too late for its place stands at the last one.
void RecordingScore::put_at(TimePoint when, SmfBytes& out) {
    const auto tick = std::max(timeline_->tick_at(when).count(), written_to_);
    put_delta(out, tick - written_to_);
    written_to_ = tick;
}

void RecordingScore::put_message(TimePoint when, const MidiMessage& message, SmfBytes& out) {
    // A file of music has no clock of its own.
    if (!message.is_of_a_channel()) return;
    remember(message);
    if (!begun_) return;
    if (message.is_note_off()) {
        auto& count = count_of(message);
        if (count == 0) return;  // its beginning stands in the segment before
        --count;
        --sounding_;
    } else if (message.is_note_on()) {
        auto& count = count_of(message);
        if (count < 255) {
            ++count;
            ++sounding_;
        }
    }
    put_at(when, out);
    out.insert(out.end(), message.span().begin(), message.span().end());
}

void RecordingScore::put_tempo(TimePoint when, Bpm tempo, SmfBytes& out) {
    tempo_ = tempo;
    if (timeline_) timeline_ = timeline_->with_tempo(tempo, when);
    if (!begun_) return;
    put_at(when, out);
    const auto bytes = smf_tempo(tempo);
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void RecordingScore::put_marker(TimePoint when, const std::string& text, SmfBytes& out) {
    marker_ = text.substr(0, kMaxSmfNameBytes);
    if (!begun_) return;
    put_at(when, out);
    put_text_event(out, kSmfMarker, marker_);
}

void RecordingScore::end(SmfBytes& out) {
    for (std::size_t c = 0; c < notes_.size(); ++c)
        for (std::size_t p = 0; p < notes_[c].size(); ++p)
            for (; notes_[c][p] > 0; --notes_[c][p]) {
                out.push_back(0);
                put_channel_event(out, 0x80U, c, static_cast<std::uint8_t>(p));
                out.push_back(64);
            }
    sounding_ = 0;
    out.push_back(0);
    out.insert(out.end(), kSmfEndOfTrack.begin(), kSmfEndOfTrack.end());
    begun_ = false;
}

void RecordingScore::remember(const MidiMessage& message) {
    auto& channel = channels_[message.channel().count()];
    const auto& bytes = message.bytes();
    if (message.status() == 0xC0U) channel.program = static_cast<std::int8_t>(bytes[1]);
    if (message.status() != 0xB0U) return;
    const auto kept = std::ranges::find(kKept, bytes[1]);
    if (kept != kKept.end())
        channel.controllers[static_cast<std::size_t>(kept - kKept.begin())] =
            static_cast<std::int8_t>(bytes[2]);
}

}  // namespace fusion
