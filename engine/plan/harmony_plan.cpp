#include "engine/plan/harmony_plan.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "engine/model/lead.hpp"
#include "engine/model/sampling.hpp"
#include "engine/music/chord_scale.hpp"
#include "engine/music/scale.hpp"

namespace fusion {
namespace {

// Chords outside this share of what is likely are not planned: some of them are what was heard
// wrongly in a piece.
constexpr float kLikely = 0.8F;

// What one die of a half bar is for; the codes of chords follow.
enum Die : std::uint32_t { changes_here, mode_of_form, codes };

Blend led_over(const PlanAsk& ask, std::uint32_t phrase) {
    return led(ask.blend, Leading{ask.seed, phrase, ask.part, ask.inertia});
}

void cut_unlikely(ChordChances& chances) {
    std::array<std::uint8_t, kChordCodes> order{};
    std::size_t known = 0;
    float left = 0.0F;
    for (std::size_t c = 0; c < kChordCodes; ++c) {
        if (chances[c] <= 0.0F) continue;
        order[known++] = static_cast<std::uint8_t>(c);
        left += kLikely * chances[c];
    }
    const auto likely = std::span{order}.first(known);
    // Of equals the lower code first, on any build.
    std::ranges::sort(likely, [&](std::uint8_t a, std::uint8_t b) {
        return chances[a] != chances[b] ? chances[a] > chances[b] : a < b;
    });
    for (const auto c : likely) {
        if (left <= 0.0F) chances[c] = 0.0F;
        left -= chances[c];
    }
}

std::optional<ChordCode> choose_chord(const ChordChances& chances, const Dice& dice) {
    std::optional<ChordCode> chosen;
    float best = 0.0F;
    for (std::size_t c = 0; c < kChordCodes; ++c) {
        if (chances[c] <= 0.0F) continue;
        const auto u = dice.uniform(codes + static_cast<std::uint32_t>(c));
        const float score = std::log(chances[c]) - std::log(-std::log(u));
        if (chosen && score <= best) continue;
        chosen = ChordCode{static_cast<std::uint8_t>(c)};
        best = score;
    }
    return chosen;
}

// Where in a phrase the half bar of a cell lies, and where that half begins and ends.
struct Half {
    std::uint32_t phrase;
    std::size_t number;  // within the phrase
    std::int64_t ends;
};

Half half_at(std::int64_t cell, Meter meter) {
    const std::int64_t bar = meter.heard_bar().count();
    const std::int64_t middle = meter.half_bar().count();
    const auto number = cell / bar;
    const bool second = cell % bar >= middle;
    return {phrase_of(cell, meter),
            static_cast<std::size_t>(number % kPhraseBars) * 2 + (second ? 1 : 0),
            number * bar + (second ? bar : middle)};
}

// In three beats a chord is a bar's.
bool may_change_in_the_bar(Meter meter) {
    return meter.meter_class() != MeterClass::triple && meter.half_bar() < meter.heard_bar();
}

}  // namespace

ChordsAhead HarmonyPlan::at(const PlanAsk& ask, std::int64_t cell) {
    if (empty() || ask.blend.silent()) return {};
    const auto half = half_at(cell, ask.meter);
    ChordsAhead ahead;
    ahead.now = halves_of(ask, half.phrase)[half.number];
    // It changes within two phrases, or so late that it does not matter here.
    for (auto next = half_at(half.ends, ask.meter); next.phrase <= half.phrase + 1;
         next = half_at(next.ends, ask.meter)) {
        const auto chord = halves_of(ask, next.phrase)[next.number];
        if (chord == ahead.now) continue;
        const auto begins =
            next.number % 2 == 0
                ? next.ends - ask.meter.half_bar().count()
                : next.ends - (ask.meter.heard_bar() - ask.meter.half_bar()).count();
        ahead.next = NextChord{chord, Cells{static_cast<std::int32_t>(begins - cell)}};
        break;
    }
    return ahead;
}

float HarmonyPlan::pull(const PlanAsk& ask, std::int64_t cell) const {
    const auto blend = led_over(ask, phrase_of(cell, ask.meter));
    float pull = 0.0F;
    for (std::size_t g = 0; g < book_.chords.size(); ++g)
        pull += blend.share[g] * book_.chords[g].pull;
    return pull;
}

const HarmonyPlan::Halves& HarmonyPlan::halves_of(const PlanAsk& ask, std::uint32_t phrase) {
    if (known_ask_ != ask) {
        known_ask_ = ask;
        known_ = {};
    }
    auto& known = known_[phrase % known_.size()];
    if (!known.halves || known.phrase != phrase) {
        known = {phrase, gather(ask, phrase)};
        if (ask.last_phrase == phrase) close(*known.halves, ask, phrase);
    }
    return *known.halves;
}

// Bar by bar from where its chords are new.
HarmonyPlan::Halves HarmonyPlan::gather(const PlanAsk& ask, std::uint32_t phrase) const {
    std::array<FormModel, kMaxGenres> models{};
    for (std::size_t g = 0; g < book_.chords.size(); ++g) models[g] = book_.chords[g].form;
    const auto chords = mixed(std::span{models}.first(book_.chords.size()), ask.blend);
    const auto source_of = [&](std::int64_t bar) {
        for (;;) {
            bar = form().original(ask.of_form(), bar);
            const auto back = return_of(chords, ask.seed, ask.part,
                                        static_cast<std::uint32_t>(bar / kPhraseBars));
            if (!back) return bar;
            bar -= std::int64_t{kPhraseBars} * back->phrases_ago;
        }
    };
    constexpr std::size_t kHalvesABar = kHalves / kPhraseBars;
    Halves gathered;
    std::optional<std::uint32_t> drawn_phrase;
    Halves drawn;
    for (std::size_t b = 0; b < kPhraseBars; ++b) {
        const auto bar =
            source_of(std::int64_t{phrase} * kPhraseBars + static_cast<std::int64_t>(b));
        const auto source = static_cast<std::uint32_t>(bar / kPhraseBars);
        if (drawn_phrase != source) drawn = draw(ask, *(drawn_phrase = source));
        const auto from = static_cast<std::size_t>(bar % kPhraseBars) * kHalvesABar;
        std::copy_n(drawn.begin() + static_cast<std::ptrdiff_t>(from), kHalvesABar,
                    gathered.begin() + static_cast<std::ptrdiff_t>(b * kHalvesABar));
    }
    return gathered;
}

// The last bar is the tonic's, the half before it the dominant's.
void HarmonyPlan::close(Halves& halves, const PlanAsk& ask, std::uint32_t phrase) const {
    const bool minor = mode_of(ask, phrase) == HomeMode::minor;
    const PitchClass c{0}, e{4}, g{7}, a{9};
    halves[kHalves - 3] = Chord{minor ? e : g, ChordQuality::dominant7};
    halves[kHalves - 2] = halves[kHalves - 1] =
        minor ? Chord{a, ChordQuality::minor} : Chord{c, ChordQuality::major};
}

HomeMode HarmonyPlan::mode_of(const PlanAsk& ask, std::uint32_t phrase) const {
    float minor = 0.0F;
    for (std::size_t g = 0; g < book_.chords.size(); ++g)
        minor += ask.blend.share[g] * book_.chords[g].minor;
    const Dice dice{ask.seed, phrase - phrase % kFormPhrases, ask.part,
                    static_cast<std::uint8_t>(DiceStream::chord_form)};
    return dice.uniform(mode_of_form) < minor ? HomeMode::minor : HomeMode::major;
}

HarmonyPlan::Halves HarmonyPlan::draw(const PlanAsk& ask, std::uint32_t phrase) const {
    const auto blend = led_over(ask, phrase);
    const auto mode = static_cast<std::size_t>(mode_of(ask, phrase));
    const auto mix = [&](auto visit) {
        for (std::size_t g = 0; g < book_.chords.size(); ++g)
            if (blend.share[g] > 0.0F) visit(blend.share[g], book_.chords[g].modes[mode]);
    };
    const std::size_t period_half = phrase % 2 == 0 ? 0 : kHalves;
    Halves halves;
    ChordCode before = kNoChordCode;
    ChordCode last = phrase % kFormPhrases == 0 ? kBeginCode : kNoChordCode;
    std::size_t held = 0;
    for (std::size_t h = 0; h < kHalves; ++h, ++held) {
        const auto place = period_half + h;
        const Dice dice{
            ask.seed, phrase * static_cast<std::uint32_t>(kHalves) + static_cast<std::uint32_t>(h),
            ask.part, static_cast<std::uint8_t>(DiceStream::chords)};
        float change = h == 0 ? 1.0F : 0.0F;
        if (h > 0 && (h % 2 == 0 || may_change_in_the_bar(ask.meter)))
            mix([&](float share, const ModeChords& chords) {
                change += share * chords.changes[place][std::min(held, kHeldHalves) - 1];
            });
        if (dice.uniform(changes_here) < change) {
            ChordChances chances{};
            mix([&](float share, const ModeChords& chords) {
                const auto own = chances_of(chords, before, last, place);
                for (std::size_t c = 0; c < kChordCodes; ++c) chances[c] += share * own[c];
            });
            cut_unlikely(chances);
            if (const auto chosen = choose_chord(chances, dice)) {
                before = h > 0 ? last : kNoChordCode;
                last = *chosen;
                held = 0;
            }
        }
        halves[h] = chord_of(last);
    }
    return halves;
}

HarmonyAsk planned_ask(HarmonyPlan& plan, const PlanAsk& ask, std::int64_t cell, float strictness,
                       const HarmonyAsk& before) {
    HarmonyAsk asked = free_ask(cell, ask.meter);
    if (plan.empty() || strictness <= 0.0F || ask.blend.silent()) return asked;
    const auto [now, next] = plan.at(ask, cell);
    const auto heard = [](const Chord& chord, const Chord& then) {
        if (chord.is_none()) return HeardChord{};
        const auto tones = chord.tones().with(chord.bass());
        return HeardChord{tones, scale_of(chord, then, PitchClassSet{pitch_classes(Scale::major)}),
                          PitchClassSet{0}, code_of(chord)};
    };
    const auto then = next ? next->chord : Chord{};
    const bool ends = ask.last_phrase == phrase_of(cell, ask.meter);
    const float own = plan.pull(ask, cell);
    asked.pull = ends                ? 1.0F
                 : strictness > 1.0F ? std::lerp(own, 1.0F, std::min(strictness, 2.0F) - 1.0F)
                                     : strictness * own;
    // Who asks for more than the genres' own has said so by hand.
    asked.giver = ends || strictness > 1.0F ? HarmonyAsk::Giver::hand : HarmonyAsk::Giver::plan;
    asked.now = heard(now, then);
    asked.next = heard(then, {});
    if (next) asked.next_in = next->in;
    if (asked.now.tones != before.now.tones) asked.onset = HarmonyAsk::Onset::first;
    return asked;
}

}  // namespace fusion
