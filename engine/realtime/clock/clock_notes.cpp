#include "engine/realtime/clock/clock_notes.hpp"

#include <algorithm>

namespace fusion {

void ClockNotes::obey(const ParamSnapshot& params, TimePoint now) noexcept {
    channel_ = numbered(params.integer(ParamId::channel));
    parts_ = params.parts;
    muted_ = params.on(ParamId::mute);
    programs_.look(params);
    if (muted_) {
        end_all(now);
        return;
    }
    for (std::size_t genre = 0; genre < kMaxGenres; ++genre) {
        const auto voice = Sounding::part(genre);
        if (!sounding_.sounds(voice)) continue;
        const auto& part = parts_[genre];
        if (part.plays && numbered(part.channel) == sounding_.at(voice).channel) continue;
        const auto note = sounding_.take(voice);
        output_.end(note.channel, note.pitch, now, NoteOutput::Pace::at_once);
    }
}

void ClockNotes::begin(std::size_t voice, Channel channel, Pitch pitch, Velocity velocity,
                       const Span& span) noexcept {
    if (muted_ || sounding_.holds(channel, pitch)) return;
    if (output_.start(channel, pitch, velocity, span.due))
        sounding_.begin(voice, {channel, pitch, span.end});
}

void ClockNotes::begin_line(const Step& step, const Span& span) noexcept {
    if (step.kind == StepKind::note)
        begin(Sounding::kLine, step.channel, step.pitch, step.velocity, span);
}

void ClockNotes::begin_part(std::size_t genre, const PartNote& note, const Span& span) noexcept {
    if (note.kind == PartNote::Kind::note && plays(genre))
        begin(Sounding::part(genre), numbered(parts_[genre].channel), note.pitch, note.velocity,
              span);
}

void ClockNotes::end_due(Ticks tick, const Timeline& timeline) noexcept {
    while (sounding_.next_end() <= tick && sounding_.next_end() != kNever) {
        const auto note = sounding_.take(sounding_.first_to_end());
        output_.end(note.channel, note.pitch, timeline.time_at(note.end),
                    NoteOutput::Pace::scheduled);
    }
}

void ClockNotes::end_by(Ticks tick, const Timeline& timeline) noexcept {
    for (auto voice = sounding_.first_to_end(); voice != Sounding::kVoices;
         voice = sounding_.first_to_end()) {
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
    return output_.panic(channels, now);
}

}  // namespace fusion
