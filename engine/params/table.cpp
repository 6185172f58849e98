// The rows.
#include <algorithm>
#include <array>

#include "engine/params/names.hpp"
#include "engine/params/table.hpp"

namespace fusion {
namespace {

using enum ParamType;
using Kind = ArgumentSpec::Kind;
using Need = ArgumentSpec::Need;

constexpr Words kNoWords{};
constexpr std::array<std::string_view, 2> kSwingGrids{"8th", "16th"};
constexpr std::array<std::string_view, 3> kSyncs{"internal", "midi", "link"};
constexpr std::array<std::string_view, 2> kTakeovers{"jump", "pickup"};
constexpr std::array<std::string_view, 2> kTimetags{"schedule", "immediate"};
constexpr std::array<std::string_view, 3> kHarmonies{"plan", "hand", "midi"};
constexpr std::array<std::string_view, 3> kBandPlaces{"off", "synth", "on"};
constexpr std::array<std::string_view, 3> kSynthPrograms{"heaviest", "layered", "set"};
constexpr std::array<std::string_view, 12> kKeys{"C",  "C#", "D",  "Eb", "E",  "F",
                                                 "F#", "G",  "Ab", "A",  "Bb", "B"};
// In the order of engine/music/scale.hpp.
// clang-format off
constexpr std::array<std::string_view, 16> kScales{
    "off", "major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "locrian",
    "harmonic_minor", "melodic_minor", "hungarian", "pentatonic", "minor_pentatonic", "blues",
    "whole_tone", "octatonic"};
// clang-format on

// clang-format off
constexpr std::array<ParamSpec, kParamCount> kParams{{
    {ParamId::tempo, "tempo", real, "bpm", 10, 400, 120, {},
     "Tempo in quarter notes a minute."},
    {ParamId::playing, "playing", toggle, "", 0, 1, 1, {},
     "1 while the transport runs, 0 when stopped.", kNoWords, Scope::setup},
    {ParamId::ramp, "ramp", real, "beats", 0, 64, 0.25, {},
     "Time that a change of weights takes to be whole."},
    {ParamId::temperature, "temperature", real, "", 0.05, 5, 1, {},
     "Above 1 wilder, below 1 tamer than suits the genres in the blend."},
    {ParamId::top_p, "top_p", real, "share", 0.01, 1, 1, {},
     "Cuts the tail below what suits the genres: the unlikeliest events, beyond this much "
     "probability, are not played."},
    {ParamId::decision, "decision", real, "share", 0, 1, 0, {},
     "Share of steps that take the most likely event: 0 stochastic, 1 argmax."},
    {ParamId::coupling, "coupling", real, "share", 0, 1, 1, {},
     "How much each genre's network listens to the fused line: 0 not at all, 1 one "
     "conversation."},
    {ParamId::guidance, "guidance", real, "", 0, 4, 1, {},
     "Stresses what tells the genres in the blend from all others, 1 as suits them, above it so much more: sharpens the "
     "pull of the weights."},
    {ParamId::inertia, "inertia", real, "share", 0, 1, 1, {},
     "How far a blend is played in sentences: 1 each phrase of four bars is led by one genre, drawn "
     "by the weights; 0 each note is drawn from the mixture."},
    {ParamId::form, "form", real, "share", 0, 1, 1, {},
     "How far phrases return by plan: 1 as often and as exactly as in pieces of the genres, 0 only "
     "as it comes."},
    {ParamId::harmony, "harmony", choice, "", 0, 2, 1, {},
     "Whose chords the line obeys: plan, those that are planned as the genres of the blend play "
     "them; hand, the progression, where one is given; midi, the notes held on a keyboard at the "
     "input. Where a hand gives none, the plan's.", kHarmonies},
    {ParamId::harmony_pull, "harmony_pull", real, "share", 0, 1, 0.7, {},
     "How strictly the line obeys the chord: 0 not at all, 1 chord tones wherever one is heard as "
     "such; 0.7 obeys planned chords as the genres obey theirs."},
    {ParamId::harmony_channel, "harmony_channel", integer, "", 0, 16, 0, {},
     "MIDI channel of the keyboard whose held notes are the chord; 0 takes all channels.", kNoWords,
     Scope::setup},
    {ParamId::density, "density", real, "", -1, 1, 0, {},
     "More and shorter notes above 0, fewer and longer ones below."},
    {ParamId::rests, "rests", real, "", -1, 1, 0, {},
     "More rests above 0, fewer below."},
    {ParamId::longest_rest, "longest_rest", real, "beats", 0, 64, 8, {},
     "The line is never silent for longer than this, unless all weights are zero."},
    {ParamId::seed, "seed", integer, "", 0, 2147483647, 1, {},
     "Start of the dice: same bundle, seed and controls, same music."},
    {ParamId::hold, "hold", toggle, "", 0, 1, 0, {},
     "1 repeats the last loop_bars bars for as long as it is held; 0 lets the line go on.",
     kNoWords, Scope::setup},
    {ParamId::loop_bars, "loop_bars", integer, "bars", 1, 16, 2, {},
     "How many bars hold and again repeat."},
    {ParamId::gate, "gate", real, "share", 0.05, 1, 0.92, {},
     "Share of a note's duration that it sounds."},
    {ParamId::velocity, "velocity", integer, "", 1, 127, 96, 7,
     "Loudness of the notes."},
    {ParamId::accent, "accent", real, "", 0, 2, 1, {},
     "How far loud and soft notes lie apart: 0 all alike, 1 as the genres have it."},
    {ParamId::humanise, "humanise", real, "share", 0, 1, 0, {},
     "Chance in time and loudness: at 1, up to 25 ms early or late and 16 of velocity."},
    {ParamId::key, "key", choice, "", 0, 11, 0, {},
     "The tonic: the line, composed in C, is moved there the shorter way.", kKeys},
    {ParamId::scale, "scale", choice, "", 0, 15, 0, {},
     "Brings every note into this scale on the key; off leaves the line as it is composed, "
     "mostly in major and its relative minor.", kScales},
    {ParamId::transpose, "transpose", integer, "semitones", -36, 36, 0, {},
     "Moves every note up or down."},
    {ParamId::octave, "octave", integer, "octaves", -4, 4, 0, {},
     "Moves every note by octaves."},
    {ParamId::lowest, "lowest", integer, "note", 0, 127, 0, {},
     "Lower end of the register, as a note number: notes below it come up by octaves."},
    {ParamId::highest, "highest", integer, "note", 0, 127, 127, {},
     "Upper end of the register: notes above it come down by octaves."},
    {ParamId::channel, "channel", integer, "", 1, 16, 1, {},
     "MIDI channel of the fused line."},
    {ParamId::program, "program", integer, "", 0, 128, 0, {},
     "Program change for the fused line's channel, 1 to 128; 0 sends none."},
    {ParamId::mute, "mute", toggle, "", 0, 1, 0, {},
     "1 silences the fused line, the parts and a tape; they go on unheard."},
    {ParamId::synth_volume, "synth_volume", real, "dB", -60, 12, 0, {},
     "Loudness of the built-in synth; -60 is silence.", kNoWords, Scope::setup},
    {ParamId::synth_reverb, "synth_reverb", real, "share", 0, 1, 0.3, {},
     "How much of the built-in synth goes into its reverb.", kNoWords, Scope::setup},
    {ParamId::synth_programs, "synth_programs", choice, "", 0, 2, 0, {},
     "Instruments of the built-in synth: the heaviest genre's, layered by the weights, or those "
     "that `program` and the parts are set to.", kSynthPrograms},
    {ParamId::meter_numerator, "meter_numerator", integer, "", 1, 16, 4, {},
     "Upper number of the time signature."},
    {ParamId::meter_denominator, "meter_denominator", integer, "", 1, 16, 4, {},
     "Lower number of the time signature: 1, 2, 4, 8 or 16."},
    {ParamId::swing, "swing", real, "share", 0.5, 0.75, 0.5, {},
     "Where the second of two equal notes falls: 0.5 straight, 0.667 a triplet's place."},
    {ParamId::swing_grid, "swing_grid", choice, "", 0, 1, 1, {},
     "What swings: eighths or sixteenths.", kSwingGrids},
    {ParamId::sync, "sync", choice, "", 0, 2, 0, {},
     "Who owns tempo and transport: this daemon, the MIDI clock that comes in, or Ableton "
     "Link.", kSyncs, Scope::setup},
    {ParamId::clock_out, "clock_out", toggle, "", 0, 1, 0, {},
     "Sends MIDI clock, start, stop, continue and song position with the notes.",
     kNoWords, Scope::setup},
    {ParamId::offset, "offset", real, "ms", -200, 200, 0, {},
     "Moves all that the port gets: below 0 earlier, against slow synths; above 0 later.",
     kNoWords, Scope::setup},
    {ParamId::thru, "thru", toggle, "", 0, 1, 0, {},
     "Passes notes and controllers that come in on to what goes out.", kNoWords, Scope::setup},
    {ParamId::takeover, "takeover", choice, "", 0, 1, 1, {},
     "What a knob does whose value was changed elsewhere: jump there at once, or wait for "
     "pickup, until it crosses the value.", kTakeovers, Scope::setup},
    {ParamId::timetags, "timetags", choice, "", 0, 1, 0, {},
     "OSC bundles with a time tag: schedule waits for their time, immediate does not.",
     kTimetags, Scope::setup},
    {ParamId::follow_style, "follow_style", toggle, "", 0, 1, 0, {},
     "1 lets the weights move tempo and swing, slowly, to what the genres in the blend are played "
     "with; not while another owns the tempo."},
    {ParamId::bass_plays, "bass/plays", choice, "", 0, 2, 1, {},
     "Where the bass sounds: off, in the built-in synth alone, or on, there and at the port.",
     kBandPlaces},
    {ParamId::bass_mute, "bass/mute", toggle, "", 0, 1, 0, {},
     "1 silences the bass; the part goes on unheard."},
    {ParamId::bass_level, "bass/level", real, "", 0, 2, 0.9, {},
     "How loud the bass sounds beside the line, 0 to 2 times as the pattern has it."},
    {ParamId::bass_density, "bass/density", real, "share", 0, 1, 1, {},
     "How much of the pattern the bass plays: 1 all of it; below, the notes on weak places go first."},
    {ParamId::bass_octave, "bass/octave", integer, "octaves", -3, 3, 0, {},
     "Moves the bass by octaves."},
    {ParamId::bass_humanise, "bass/humanise", real, "share", 0, 1, 0.15, {},
     "Chance in the bass: at 1, up to 25 ms late and 16 of velocity louder or softer."},
    {ParamId::bass_channel, "bass/channel", integer, "", 1, 16, 11, {},
     "MIDI channel of the bass."},
    {ParamId::bass_program, "bass/program", integer, "", 0, 128, 0, {},
     "Program change for the channel of the bass, 1 to 128; 0 sends none to the port, and the synth takes what goes with the genre."},
    {ParamId::chords_plays, "chords/plays", choice, "", 0, 2, 1, {},
     "Where the chords sound: off, in the built-in synth alone, or on, there and at the port.",
     kBandPlaces},
    {ParamId::chords_mute, "chords/mute", toggle, "", 0, 1, 0, {},
     "1 silences the chords; the part goes on unheard."},
    {ParamId::chords_level, "chords/level", real, "", 0, 2, 0.7, {},
     "How loud the chords sound beside the line, 0 to 2 times as the pattern has it."},
    {ParamId::chords_density, "chords/density", real, "share", 0, 1, 1, {},
     "How much of the pattern the chords play: 1 all of it; below, the notes on weak places go first."},
    {ParamId::chords_octave, "chords/octave", integer, "octaves", -3, 3, 0, {},
     "Moves the chords by octaves."},
    {ParamId::chords_humanise, "chords/humanise", real, "share", 0, 1, 0.15, {},
     "Chance in the chords: at 1, up to 25 ms late and 16 of velocity louder or softer."},
    {ParamId::chords_channel, "chords/channel", integer, "", 1, 16, 12, {},
     "MIDI channel of the chords."},
    {ParamId::chords_program, "chords/program", integer, "", 0, 128, 0, {},
     "Program change for the channel of the chords, 1 to 128; 0 sends none to the port, and the synth takes what goes with the genre."},
    {ParamId::drums_plays, "drums/plays", choice, "", 0, 2, 1, {},
     "Where the drums sound: off, in the built-in synth alone, or on, there and at the port.",
     kBandPlaces},
    {ParamId::drums_mute, "drums/mute", toggle, "", 0, 1, 0, {},
     "1 silences the drums; the part goes on unheard."},
    {ParamId::drums_level, "drums/level", real, "", 0, 2, 0.8, {},
     "How loud the drums sound beside the line, 0 to 2 times as the pattern has it."},
    {ParamId::drums_density, "drums/density", real, "share", 0, 1, 1, {},
     "How much of the pattern the drums play: 1 all of it; below, the notes on weak places go first."},
    {ParamId::drums_humanise, "drums/humanise", real, "share", 0, 1, 0.15, {},
     "Chance in the drums: at 1, up to 25 ms late and 16 of velocity louder or softer."},
    {ParamId::drums_channel, "drums/channel", integer, "", 1, 16, 10, {},
     "MIDI channel of the drums (General MIDI has drums on 10)."},
    {ParamId::drums_program, "drums/program", integer, "", 0, 128, 0, {},
     "Program change for the channel of the drums, 1 to 128; 0 sends none to the port, and the synth takes what goes with the genre."},
}};
// clang-format on

// clang-format off
constexpr std::array<FamilySpec, kFamilyCount> kFamilies{{
    {FamilyId::weight, "weight", real, "weight", 0, 10, 5, 0, 20,
     "How much of this genre is in the blend; all zero is a rest."},
    {FamilyId::part, "part", toggle, "", 0, 1, 0, 0, {},
     "1 sounds what this genre's own network proposes, on a channel of its own."},
    {FamilyId::part_channel, "part_channel", integer, "", 1, 16, 2, 1, {},
     "MIDI channel of this genre's own proposals."},
    {FamilyId::part_program, "part_program", integer, "", 0, 128, 0, 0, {},
     "Program change for this genre's channel, 1 to 128; 0 sends none."},
    {FamilyId::bass_weight, "bass/weight", real, "weight", -1, 10, -1, 0, {},
     "How much of this genre is in the bass; below 0 as much as in the line."},
    {FamilyId::chords_weight, "chords/weight", real, "weight", -1, 10, -1, 0, {},
     "How much of this genre is in the chords; below 0 as much as in the line."},
    {FamilyId::drums_weight, "drums/weight", real, "weight", -1, 10, -1, 0, {},
     "How much of this genre is in the drums; below 0 as much as in the line."},
}};
// clang-format on

constexpr std::array kMilliseconds{
    ArgumentSpec{"ms", Kind::number, Need::required, "ms", -500, 500}};
constexpr std::array kSceneName{ArgumentSpec{"scene", Kind::text}};
constexpr std::array kSceneAndBeats{
    ArgumentSpec{"scene", Kind::text},
    ArgumentSpec{"beats", Kind::number, Need::optional, "beats", 0, 1024}};
constexpr std::array kChordsOrNone{ArgumentSpec{"chords", Kind::text, Need::optional}};
constexpr std::array kFormOrNone{ArgumentSpec{"form", Kind::text, Need::optional}};
constexpr std::array kPathOrNone{ArgumentSpec{"path", Kind::text, Need::optional}};
constexpr std::array kPath{ArgumentSpec{"path", Kind::text}};
constexpr std::array kFile{ArgumentSpec{"file", Kind::text}};
constexpr std::array kPlaceOfTape{ArgumentSpec{"position", Kind::number, Need::required, "beats", 0,
                                               1'000'000, ArgumentSpec::Zero::counts}};

// clang-format off
constexpr std::array<ActionSpec, kActionCount> kActions{{
    {ActionId::play, "play",
     "Starts or goes on."},
    {ActionId::stop, "stop",
     "Stops; every sounding note ends."},
    {ActionId::finish, "finish",
     "Comes to an end with the phrase, on a last long note, and stops there; play takes it back."},
    {ActionId::restart, "restart",
     "Goes back to bar one with a fresh line."},
    {ActionId::panic, "panic",
     "Silence now: note-offs, then CC 64, 123 and 120; the line goes on, a tape stops."},
    {ActionId::tap, "tap",
     "Taps the tempo: from the second tap on, the time between taps is a beat."},
    {ActionId::nudge, "nudge",
     "Moves the beat: below 0 earlier, above 0 later, within a moment.", kMilliseconds},
    {ActionId::again, "again",
     "Plays the last loop_bars bars once more, then the line goes on."},
    {ActionId::progression, "progression",
     "Chords for the line, looped until changed: \"Dm7 G7 | C^7\", a bar line between bars. None "
     "gives the line back to its plan.", kChordsOrNone},
    {ActionId::sections, "sections",
     "Sections of the line, looped until changed: \"A A B A'\", each of eight bars, or as in A4 B16; "
     "a letter that was there returns, with a prime it ends otherwise. \"free\": nothing returns. None, "
     "or \"auto\", gives the form back to the genres.", kFormOrNone},
    {ActionId::scene_save, "scene/save",
     "Keeps all that is of the music under this name.", kSceneName},
    {ActionId::scene_recall, "scene/recall",
     "Brings a scene back, at once or over so many beats; what is touched meanwhile stays "
     "with the hand.", kSceneAndBeats},
    {ActionId::scene_delete, "scene/delete",
     "Forgets a scene that was saved.", kSceneName},
    {ActionId::learn, "learn",
     "The next controller that moves turns this path; the next note, for scene/<name> or an "
     "action. Without a path, learns nothing after all.", kPathOrNone},
    {ActionId::unlearn, "unlearn",
     "Takes the controllers and notes off this path.", kPath},
    {ActionId::tape_load, "tape/load",
     "Makes a MIDI file of the recordings' folder the tape; the panel can send any other.", kFile},
    {ActionId::tape_play, "tape/play",
     "Plays the tape through the port, from where it stands; the line pauses, and play brings it "
     "back."},
    {ActionId::tape_stop, "tape/stop",
     "Stops the tape, which stands there; stop and panic do so too."},
    {ActionId::tape_seek, "tape/seek",
     "Puts the tape at so many beats from its beginning, also while it plays.", kPlaceOfTape},
}};
// clang-format on

template <class Rows>
constexpr bool in_order(const Rows& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (static_cast<std::size_t>(rows[i].id) != i) return false;
    return true;
}
static_assert(in_order(kParams) && in_order(kFamilies) && in_order(kActions),
              "rows stand in the order of their enumerations");

}  // namespace

const ArgumentSpec* ActionSpec::text() const {
    const auto it = std::find_if(arguments.begin(), arguments.end(),
                                 [](const auto& a) { return a.kind == Kind::text; });
    return it == arguments.end() ? nullptr : &*it;
}

const ArgumentSpec* ActionSpec::number() const {
    const auto it = std::find_if(arguments.begin(), arguments.end(),
                                 [](const auto& a) { return a.kind == Kind::number; });
    return it == arguments.end() ? nullptr : &*it;
}

std::span<const ParamSpec> param_table() { return kParams; }
std::span<const FamilySpec> family_table() { return kFamilies; }
std::span<const ActionSpec> action_table() { return kActions; }
const ParamSpec& spec(ParamId id) { return kParams[static_cast<std::size_t>(id)]; }
const FamilySpec& spec(FamilyId id) { return kFamilies[static_cast<std::size_t>(id)]; }
const ActionSpec& spec(ActionId id) { return kActions[static_cast<std::size_t>(id)]; }

const ParamSpec* find_param(std::string_view name) {
    const auto place = place_of_name(kParams, name, &ParamSpec::name);
    return place ? &kParams[*place] : nullptr;
}

const FamilySpec* find_family(std::string_view name) {
    const auto place = place_of_name(kFamilies, name, &FamilySpec::name);
    return place ? &kFamilies[*place] : nullptr;
}

const ActionSpec* find_action(std::string_view name) {
    const auto place = place_of_name(kActions, name, &ActionSpec::name);
    return place ? &kActions[*place] : nullptr;
}

std::optional<MemberName> member_name(std::string_view path_tail) {
    const auto slash = path_tail.rfind('/');
    if (slash == std::string_view::npos || slash + 1 == path_tail.size()) return {};
    return MemberName{path_tail.substr(0, slash), path_tail.substr(slash + 1)};
}

std::string join_words(Words words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
        text += words[i];
    }
    return text;
}

std::optional<double> find_word(Words words, std::string_view word) {
    const auto it = std::ranges::find(words, bare_word(word), bare_word);
    if (it == words.end()) return {};
    return static_cast<double>(it - words.begin());
}

}  // namespace fusion
