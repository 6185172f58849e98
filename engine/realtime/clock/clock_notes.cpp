#include "engine/realtime/clock/clock_notes.hpp"

#include <algorithm>

namespace fusion {

void ClockNotes::obey(const ParamSnapshot& params, TimePoint now) noexcept {
    channel_ = numbered(params.integer(ParamId::channel));
    parts_ = params.parts;
    muted_ = params.on(ParamId::mute);
    programs_.look(params);
    obey_band(params, now);
    if (muted_) {
        end_all(now);
        return;
    }
    for (std::size_t genre = 0; genre < kMaxGenres; ++genre) {
        const auto voice = Sounding::part(genre);
        if (!sounding_.sounds(voice)) continue;
        const auto& part = parts_[genre];
        if (part.plays && numbered(part.channel) == sounding_.at(voice).channel) continue;
        end(voice, now, NoteOutput::Pace::at_once);
    }
}

void ClockNotes::obey_band(const ParamSnapshot& params, TimePoint now) noexcept {
    for (const auto part : kAllBandParts) {
        auto& settings = band_[index_of(part)];
        const auto before = settings;
        settings = band_settings(params, part);
        if (before.channel != settings.channel || before.program != settings.program ||
            before.plays != settings.plays)
            cast_[index_of(part)] = 0;
        const bool goes_on =
            settings.plays == before.plays && !settings.mute && settings.channel == before.channel;
        if (goes_on) continue;
        const auto first = Sounding::first_of(part);
        for (auto v = first; v < first + Sounding::kBandVoices[index_of(part)]; ++v)
            if (sounding_.sounds(v)) end(v, now, NoteOutput::Pace::at_once);
    }
}

bool ClockNotes::begin(std::size_t voice, Channel channel, Pitch pitch, Velocity velocity,
                       const Span& span, Hearers hearers) noexcept {
    if (muted_ || sounding_.holds(channel, pitch)) return false;
    if (!output_.start(channel, pitch, velocity, span.due, hearers)) return false;
    sounding_.begin(voice, {channel, pitch, span.end});
    return true;
}

void ClockNotes::end(std::size_t voice, TimePoint due, NoteOutput::Pace pace) noexcept {
    const auto note = sounding_.take(voice);
    output_.end(note.channel, note.pitch, due, pace);
}

bool ClockNotes::begin_line(const Step& step, const Span& span) noexcept {
    return step.kind == StepKind::note &&
           begin(Sounding::kLine, step.channel, step.pitch, step.velocity, span);
}

bool ClockNotes::begin_part(std::size_t genre, const PartNote& note, const Span& span) noexcept {
    return note.kind == PartNote::Kind::note && plays(genre) &&
           begin(Sounding::part(genre), numbered(parts_[genre].channel), note.pitch, note.velocity,
                 span);
}

bool ClockNotes::begin_band(const BandNote& note, const Span& span) noexcept {
    const auto& settings = band_[index_of(note.part)];
    if (muted_ || settings.mute || settings.plays == BandPlace::off) return false;
    const auto hearers = settings.plays == BandPlace::on ? Hearers::everyone : Hearers::synth;
    if (!output_.has(hearers)) return false;
    const auto to = channel(note.part);
    // What the performer has named goes wherever the part does, the genre's own to the synth alone.
    const bool is_named = settings.program != 0;
    const auto program = is_named ? settings.program : note.program;
    const auto who = is_named ? hearers : Hearers::synth;
    auto& cast = cast_[index_of(note.part)];
    const bool is_new = program != 0 && cast != program && output_.has(who);
    if (is_new && output_.program(to, program, span.due, who)) cast = program;
    const auto voice = note.part == BandPart::drums ? drum_voice(note.pitch)
                                                    : Sounding::first_of(note.part) + note.voice;
    if (sounding_.sounds(voice)) end(voice, span.due, NoteOutput::Pace::scheduled);
    return begin(voice, to, note.pitch, note.velocity, span, hearers);
}

std::size_t ClockNotes::drum_voice(Pitch key) const noexcept {
    const auto first = Sounding::first_of(BandPart::drums);
    auto chosen = first;
    for (auto voice = first; voice < first + kDrumVoices; ++voice) {
        if (sounding_.sounds(voice) && sounding_.at(voice).pitch == key) return voice;
        // One that does not sound ends never, so it is chosen before any that does.
        const auto left = [this](std::size_t v) {
            return sounding_.sounds(v) ? sounding_.at(v).end : Ticks{-1};
        };
        if (left(voice) < left(chosen)) chosen = voice;
    }
    return chosen;
}

void ClockNotes::end_due(Ticks tick, const Timeline& timeline) noexcept {
    while (sounding_.next_end() <= tick && sounding_.next_end() != kNever) {
        const auto note = sounding_.take(sounding_.first_to_end());
        output_.end(note.channel, note.pitch, timeline.time_at(note.end),
                    NoteOutput::Pace::scheduled);
    }
}

void ClockNotes::end_by(Ticks tick, const Timeline& timeline) noexcept {
    const auto next = [this] { return sounding_.first_to_end(Sounding::kOfSteps); };
    for (auto voice = next(); voice != Sounding::kVoices; voice = next()) {
        const auto note = sounding_.take(voice);
        output_.end(note.channel, note.pitch, timeline.time_at(std::min(note.end, tick)),
                    NoteOutput::Pace::scheduled);
    }
}

void ClockNotes::end_all(TimePoint now) noexcept {
    sounding_.clear();
    output_.end_all(now);
}

std::size_t ClockNotes::panic(TimePoint now) noexcept {
    sounding_.clear();
    auto channels = 1U << channel_.count();
    for (const auto& part : parts_)
        if (part.plays) channels |= 1U << numbered(part.channel).count();
    for (const auto& part : band_)
        if (part.plays == BandPlace::on) channels |= 1U << numbered(part.channel).count();
    return output_.panic(channels, now);
}

}  // namespace fusion
