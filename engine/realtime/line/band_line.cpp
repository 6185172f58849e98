#include "engine/realtime/line/band_line.hpp"

#include <algorithm>
#include <cmath>

#include "engine/music/scale.hpp"

namespace fusion {
namespace {

constexpr double kFarthestDragMs = 25.0;

std::uint16_t drag_of(float late, Bpm tempo) {
    const double ticks_per_ms = tempo.count() / 60e3 * static_cast<double>(kTicksPerBeat.count());
    // Never as far as the next place.
    return static_cast<std::uint16_t>(std::min<std::int64_t>(
        std::llround(static_cast<double>(late) * kFarthestDragMs * ticks_per_ms),
        kTicksPerCell - 1));
}

PitchClassSet home_of(const PitchSettings& settings) {
    const auto own = settings.scale == Scale::off ? Scale::major : settings.scale;
    return PitchClassSet{pitch_classes(own)}.transposed(settings.key + settings.transpose);
}

}  // namespace

BandLine::View BandLine::view_of(const ParamSnapshot& params, const LineSettings& settings) {
    View view;
    auto& ask = view.ask;
    ask.seed = settings.sampling.seed;
    ask.inertia = settings.sampling.inertia;
    ask.form = form_ask(settings);
    ask.meter = settings.meter;
    ask.home = home_of(settings.pitch);
    if (settings.finish_at >= Ticks{0}) ask.ends_at = cell_of(settings.finish_at);
    for (const auto part : kAllBandParts) {
        const auto said = band_settings(params, part);
        auto& asked = ask.parts[index_of(part)];
        if (said.plays == BandPlace::off) continue;
        asked.blend =
            normalised(band_weights(params.band_weights[index_of(part)], settings.weights));
        asked.density = said.density;
        asked.humanise = said.humanise;
        asked.level = said.level;
        asked.octave = said.octave;
        if (said.humanise > 0.0F) view.tempo = Bpm{params.real(ParamId::tempo)};
        view.is_silent = view.is_silent && asked.blend.silent();
    }
    view.weights = settings.weights;
    view.pitch = settings.pitch;
    view.harmony = settings.harmony;
    view.harmony_serial = settings.harmony_serial;
    view.form_serial = settings.form_serial;
    return view;
}

void BandLine::look(const ParamSnapshot& params, const LineSettings& settings,
                    const HandHarmony& harmony) {
    const auto view = view_of(params, settings);
    const bool other_book = harmony.book.band.data() != book_.band.data();
    if (other_book) {
        book_ = harmony.book;
        plan_ = BandPlan{book_.band};
    }
    if (!other_book && view == view_) return;
    view_ = view;
    revision_ = params.revision;
    is_new_ = true;
}

void BandLine::begin(std::uint32_t epoch) {
    epoch_ = epoch;
    next_beat_ = 0;
    is_new_ = true;
}

BandLine::Next BandLine::advance(const PlayHead& head, const HandHarmony& harmony,
                                 HarmonyPlan& chords, const LineSettings& settings) {
    if (plan_.empty()) return Next::wait;
    const auto now = static_cast<std::uint32_t>(std::max<std::int64_t>(head.tick.count(), 0) /
                                                kTicksPerBeat.count());
    if (is_new_) next_beat_ = now;
    next_beat_ = std::max(next_beat_, now);
    const auto at_once = is_new_ ? kBeatsAtOnce : 1U;
    const auto until = std::min(next_beat_ + at_once, now + kBeatsAhead);
    for (; next_beat_ < until; ++next_beat_) {
        auto message = message_of(next_beat_, harmony, chords, settings);
        message.serial = serial_ + 1;
        if (!beats_.try_push(message)) return Next::look_again;
        ++serial_;
        is_new_ = false;
        wake_clock_.post();
    }
    return next_beat_ < now + kBeatsAhead ? Next::more_to_do : Next::wait;
}

BandMessage BandLine::message_of(std::uint32_t beat, const HandHarmony& harmony,
                                 HarmonyPlan& chords, const LineSettings& settings) const {
    BandMessage message;
    message.epoch = epoch_;
    message.beat = beat;
    message.revision = revision_;
    if (view_.is_silent) return message;
    const auto chord_at = [&](std::int64_t cell) {
        return band_chord(harmony, chords, settings, cell);
    };
    const auto made = plan_.at(view_.ask, beat, chord_at, chords.form());
    message.programs = made.programs;
    for (const auto& sound : made.sounds) {
        auto& note = message.notes[message.count++];
        note.part = sound.part;
        note.voice = sound.voice;
        note.pitch = sound.pitch;
        note.velocity = sound.velocity;
        note.place = static_cast<std::uint16_t>(sound.cell * kTicksPerCell);
        note.late = drag_of(sound.late, view_.tempo);
        note.length = static_cast<std::uint32_t>(to_ticks(sound.length).count());
    }
    std::ranges::stable_sort(std::span{message.notes}.first(message.count), {},
                             &BandMessage::Note::heard);
    return message;
}

}  // namespace fusion
