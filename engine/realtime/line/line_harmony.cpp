#include "engine/realtime/line/line_harmony.hpp"

#include "engine/model/harmony.hpp"
#include "engine/music/chord_scale.hpp"

namespace fusion {

HeardChord heard_chord(const Chord& chord, const Chord& next, const PitchSettings& settings) {
    if (chord.is_none()) return {};
    const int shift = settings.key + settings.transpose;
    const auto tones = chord.tones().with(chord.bass());
    const auto own = settings.scale == Scale::off ? Scale::major : settings.scale;
    const auto home = PitchClassSet{pitch_classes(own)}.transposed(shift);
    const auto scale = scale_of(chord, next, home);

    HeardChord heard;
    const PitchSettings scale_alone{.scale = settings.scale};
    for (std::uint8_t c = 0; c < 12; ++c) {
        const auto composed = pitch_class_of(Pitch{c});
        const auto as_it_is = composed + shift;
        const auto in_scale = pitch_class_of(place_pitch(Pitch{c}, scale_alone)) + shift;
        const bool is_spared = tones.holds(as_it_is) && !tones.holds(in_scale);
        if (is_spared) heard.spared = heard.spared.with(composed);
        if (is_spared || tones.holds(in_scale)) heard.tones = heard.tones.with(composed);
        if (is_spared || scale.holds(in_scale)) heard.scale = heard.scale.with(composed);
    }
    return heard;
}

HarmonyAsk harmony_ask(const HandHarmony& harmony, const LineSettings& settings, Ticks start,
                       const HarmonyAsk& before) {
    HarmonyAsk ask;
    if (settings.harmony_pull <= 0.0F) return ask;
    const auto cell = cell_of(start);
    const auto [now, next] = harmony.at(settings.harmony, cell, settings.meter);
    ask.pull = settings.harmony_pull;
    ask.meter = settings.meter;
    ask.at = Cells{static_cast<std::int32_t>(cell % settings.meter.bar().count())};
    const auto then = next ? next->chord : Chord{};
    ask.now = heard_chord(now, then, settings.pitch);
    ask.next = heard_chord(then, {}, settings.pitch);
    if (next) ask.next_in = next->in;
    if (ask.now.tones != before.now.tones) ask.onset = HarmonyAsk::Onset::first;
    return ask;
}

PitchSettings placing(const PitchSettings& settings, const HarmonyAsk& ask, Ticks duration) {
    if (ask.is_free() || settings.scale == Scale::off) return settings;
    auto placed = settings;
    const Cells length{static_cast<std::int32_t>(cell_of(duration))};
    placed.spared = chord_of_note(ask, length).spared;
    return placed;
}

}  // namespace fusion
