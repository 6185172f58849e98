#include "engine/realtime/line/line_harmony.hpp"

#include <optional>

#include "engine/model/harmony.hpp"
#include "engine/model/lead.hpp"
#include "engine/music/chord_scale.hpp"
#include "engine/params/table.hpp"

namespace fusion {

HeardChord heard_chord(const Chord& chord, const Chord& next, const PitchSettings& settings) {
    if (chord.is_none()) return {};
    const int shift = settings.key + settings.transpose;
    const auto tones = chord.tones().with(chord.bass());
    const auto own = settings.scale == Scale::off ? Scale::major : settings.scale;
    const auto home = PitchClassSet{pitch_classes(own)}.transposed(shift);
    const auto scale = scale_of(chord, next, home);

    // Two composed tones may sound as one: of these the networks know that of their own scale.
    const PitchClassSet usual_scale{pitch_classes(Scale::major)};
    HeardChord heard;
    std::optional<PitchClass> root;
    const PitchSettings scale_alone{.scale = settings.scale};
    for (std::uint8_t c = 0; c < 12; ++c) {
        const auto composed = pitch_class_of(Pitch{c});
        const auto as_it_is = composed + shift;
        const auto in_scale = pitch_class_of(place_pitch(Pitch{c}, scale_alone)) + shift;
        const bool is_spared = tones.holds(as_it_is) && !tones.holds(in_scale);
        if (is_spared) heard.spared = heard.spared.with(composed);
        if (is_spared || tones.holds(in_scale)) heard.tones = heard.tones.with(composed);
        if (is_spared || scale.holds(in_scale)) heard.scale = heard.scale.with(composed);
        const bool is_root = (is_spared ? as_it_is : in_scale) == chord.root();
        if (is_root && (!root || usual_scale.holds(composed))) root = composed;
    }
    if (!root) return heard;
    const auto told =
        settings.scale == Scale::off ? heard.tones : heard.tones & (heard.spared | usual_scale);
    heard.code = code_of(Chord{*root, *root, told});
    return heard;
}

FormAsk form_ask(const LineSettings& settings) {
    return {.blend = normalised(settings.weights),
            .seed = settings.sampling.seed,
            .form = settings.sampling.form};
}

namespace {

PlanAsk plan_ask(const LineSettings& settings) {
    PlanAsk ask;
    ask.blend = normalised(settings.weights);
    ask.seed = settings.sampling.seed;
    ask.inertia = settings.sampling.inertia;
    ask.form = settings.sampling.form;
    ask.meter = settings.meter;
    if (settings.finish_at > Ticks{0})
        ask.last_phrase = phrase_of(cell_of(settings.finish_at) - 1, settings.meter);
    return ask;
}

// The control begins at the genres' own pull.
float strictness_of(float pull) {
    const auto usual = static_cast<float>(spec(ParamId::harmony_pull).initial);
    return pull <= usual ? pull / usual : 1.0F + (pull - usual) / (1.0F - usual);
}

// A planned chord where key and scale have it.
Chord placed_chord(const Chord& chord, const PitchSettings& settings) {
    const int shift = settings.key + settings.transpose;
    if (chord.is_none() || settings.scale == Scale::off) return transposed(chord, shift);
    const PitchSettings scale_alone{.scale = settings.scale};
    const auto place = [&](PitchClass c) {
        return pitch_class_of(place_pitch(Pitch{c.count()}, scale_alone)) + shift;
    };
    PitchClassSet tones{0};
    for (std::uint8_t c = 0; c < 12; ++c)
        if (chord.tones().holds(PitchClass{c})) tones = tones.with(place(PitchClass{c}));
    return {place(chord.root()), place(chord.bass()), tones};
}

}  // namespace

HarmonyAsk harmony_ask(const HandHarmony& harmony, HarmonyPlan& plan, const LineSettings& settings,
                       Ticks start, const HarmonyAsk& before) {
    const auto cell = cell_of(start);
    if (settings.harmony == HarmonySource::plan) {
        return planned_ask(plan, plan_ask(settings), cell, strictness_of(settings.harmony_pull),
                           before);
    }
    HarmonyAsk ask = free_ask(cell, settings.meter);
    if (settings.harmony_pull <= 0.0F) return ask;
    const auto [now, next] = harmony.at(settings.harmony, cell, settings.meter);
    ask.pull = settings.harmony_pull;
    const auto then = next ? next->chord : Chord{};
    ask.now = heard_chord(now, then, settings.pitch);
    ask.next = heard_chord(then, {}, settings.pitch);
    if (next) ask.next_in = next->in;
    if (ask.now.tones != before.now.tones) ask.onset = HarmonyAsk::Onset::first;
    return ask;
}

Chord sounding_chord(const HandHarmony& harmony, HarmonyPlan& plan, const LineSettings& settings,
                     std::int64_t cell) {
    const bool is_free = settings.harmony == HarmonySource::plan && settings.harmony_pull <= 0.0F;
    return is_free ? Chord{} : band_chord(harmony, plan, settings, cell);
}

Chord band_chord(const HandHarmony& harmony, HarmonyPlan& plan, const LineSettings& settings,
                 std::int64_t cell) {
    if (settings.harmony != HarmonySource::plan)
        return harmony.at(settings.harmony, cell, settings.meter).now;
    return placed_chord(plan.at(plan_ask(settings), cell).now, settings.pitch);
}

PitchSettings placing(const PitchSettings& settings, const HarmonyAsk& ask, Ticks duration) {
    if (ask.is_free() || settings.scale == Scale::off) return settings;
    auto placed = settings;
    const Cells length{static_cast<std::int32_t>(cell_of(duration))};
    placed.spared = chord_of_note(ask, length).spared;
    return placed;
}

}  // namespace fusion
