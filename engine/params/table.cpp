#include "engine/params/table.hpp"

#include <algorithm>
#include <array>

namespace fusion {
namespace {

using enum ParamType;

constexpr std::array<std::string_view, 2> kSwingGrids{"8th", "16th"};
constexpr std::array<std::string_view, 3> kSyncs{"internal", "midi", "link"};

constexpr std::array<ParamSpec, kParamCount> kParams{{
    {ParamId::tempo, "tempo", real, "bpm", 10, 400, 120, {}, "Tempo in quarter notes a minute."},
    {ParamId::playing,
     "playing",
     toggle,
     "",
     0,
     1,
     1,
     {},
     "1 while the transport runs, 0 when stopped."},
    {ParamId::ramp,
     "ramp",
     real,
     "beats",
     0,
     64,
     0.25,
     {},
     "Time that a change of weights takes to be whole."},
    {ParamId::temperature,
     "temperature",
     real,
     "",
     0.05,
     5,
     1.1,
     {},
     "Above 1 wilder, below 1 tamer."},
    {ParamId::top_p,
     "top_p",
     real,
     "share",
     0.01,
     1,
     0.95,
     {},
     "Cuts the tail: the unlikeliest events, beyond this much probability, are not played."},
    {ParamId::decision,
     "decision",
     real,
     "share",
     0,
     1,
     0,
     {},
     "Share of steps that take the most likely event: 0 stochastic, 1 argmax."},
    {ParamId::coupling,
     "coupling",
     real,
     "share",
     0,
     1,
     1,
     {},
     "How much each genre's network listens to the fused line: 0 not at all, 1 one conversation."},
    {ParamId::guidance,
     "guidance",
     real,
     "",
     0,
     4,
     0.7,
     {},
     "Stresses what tells the genres in the blend from all others: sharpens the pull of the "
     "weights."},
    {ParamId::longest_rest,
     "longest_rest",
     real,
     "beats",
     0,
     64,
     8,
     {},
     "The line is never silent for longer than this, unless all weights are zero."},
    {ParamId::seed,
     "seed",
     integer,
     "",
     0,
     2147483647,
     1,
     {},
     "Start of the dice: same bundle, seed and controls, same music."},
    {ParamId::gate,
     "gate",
     real,
     "share",
     0.05,
     1,
     0.92,
     {},
     "Share of a note's duration that it sounds."},
    {ParamId::velocity, "velocity", integer, "", 1, 127, 96, 7, "Loudness of the notes."},
    {ParamId::transpose,
     "transpose",
     integer,
     "semitones",
     -36,
     36,
     0,
     {},
     "Moves every note up or down."},
    {ParamId::channel, "channel", integer, "", 1, 16, 1, {}, "MIDI channel of the fused line."},
    {ParamId::meter_numerator,
     "meter_numerator",
     integer,
     "",
     1,
     16,
     4,
     {},
     "Upper number of the time signature."},
    {ParamId::meter_denominator,
     "meter_denominator",
     integer,
     "",
     1,
     16,
     4,
     {},
     "Lower number of the time signature: 1, 2, 4, 8 or 16."},
    {ParamId::swing,
     "swing",
     real,
     "share",
     0.5,
     0.75,
     0.5,
     {},
     "Where the second of two equal notes falls: 0.5 straight, 0.667 a triplet's place."},
    {ParamId::swing_grid,
     "swing_grid",
     choice,
     "",
     0,
     1,
     1,
     {},
     "What swings: eighths or sixteenths.",
     kSwingGrids},
    {ParamId::sync,
     "sync",
     choice,
     "",
     0,
     2,
     0,
     {},
     "Who owns tempo and transport: this daemon, the MIDI clock that comes in, or Ableton Link.",
     kSyncs},
    {ParamId::clock_out,
     "clock_out",
     toggle,
     "",
     0,
     1,
     0,
     {},
     "Sends MIDI clock, start, stop, continue and song position with the notes."},
    {ParamId::offset,
     "offset",
     real,
     "ms",
     -200,
     200,
     0,
     {},
     "Moves all that the port gets: below 0 earlier, against slow synths; above 0 later."},
    {ParamId::thru,
     "thru",
     toggle,
     "",
     0,
     1,
     0,
     {},
     "Passes notes and controllers that come in on to what goes out."},
}};

constexpr std::array<ActionSpec, 6> kActions{{
    {ActionId::play, "play", "Starts or goes on."},
    {ActionId::stop, "stop", "Stops; every sounding note ends."},
    {ActionId::restart, "restart", "Goes back to bar one with a fresh line."},
    {ActionId::panic, "panic",
     "Silence now: note-offs, then CC 64, 123 and 120; the line goes on."},
    {ActionId::tap, "tap",
     "Taps the tempo: from the second tap on, the time between taps is a beat."},
    {ActionId::nudge, "nudge", "Moves the beat: below 0 earlier, above 0 later, within a moment.",
     ActionSpec::Argument{"ms", -500, 500}},
}};

constexpr bool in_order() {
    for (std::size_t i = 0; i < kParams.size(); ++i)
        if (static_cast<std::size_t>(kParams[i].id) != i) return false;
    return true;
}
static_assert(in_order(), "rows stand in the order of ParamId");

}  // namespace

std::span<const ParamSpec> param_table() { return kParams; }
std::span<const ActionSpec> action_table() { return kActions; }
const ParamSpec& spec(ParamId id) { return kParams[static_cast<std::size_t>(id)]; }

const ParamSpec* find_param(std::string_view name) {
    const auto* it =
        std::find_if(kParams.begin(), kParams.end(), [&](const auto& p) { return p.name == name; });
    return it == kParams.end() ? nullptr : it;
}

const ActionSpec* find_action(std::string_view name) {
    const auto* it = std::find_if(kActions.begin(), kActions.end(),
                                  [&](const auto& a) { return a.name == name; });
    return it == kActions.end() ? nullptr : it;
}

std::string words_of(const ParamSpec& row) {
    std::string text;
    for (std::size_t i = 0; i < row.words.size(); ++i) {
        if (i > 0) text += i + 1 == row.words.size() ? " or " : ", ";
        text += row.words[i];
    }
    return text;
}

std::optional<double> find_word(const ParamSpec& row, std::string_view word) {
    const auto it = std::find(row.words.begin(), row.words.end(), word);
    if (it == row.words.end()) return {};
    return static_cast<double>(it - row.words.begin());
}

}  // namespace fusion
