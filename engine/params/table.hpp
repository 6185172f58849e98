// The one parameter table. OSC namespace, OSCQuery tree, configuration keys, controller map,
// scenes, help and reference are made from it; nothing else names a path, a range or a default.
//
// Three kinds of rows: parameters, families (one member for each genre of the bundle, such as
// weight/<genre>), and actions, which have a path and no value that stays. parameter.hpp lays
// parameters and families out flat, for who does not mind which is which.
// Thread: any (constant). Errors: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fusion {

enum class ParamType : std::uint8_t {
    real,     // OSC f
    integer,  // OSC i
    toggle,   // OSC i, 0 or 1
    choice,   // OSC s, one of ParamSpec::words, or its number
};

// What a scene holds. What is of the room and not of the music (who owns the tempo, which port is
// late) stays as it is when a scene is recalled.
enum class Scope : std::uint8_t { music, setup };

// Order is the order of the table.
enum class ParamId : std::uint8_t {
    tempo,
    playing,
    ramp,
    temperature,
    top_p,
    decision,
    coupling,
    guidance,
    inertia,
    form,
    harmony,
    harmony_pull,
    harmony_channel,
    density,
    rests,
    longest_rest,
    seed,
    hold,
    loop_bars,
    gate,
    velocity,
    accent,
    humanise,
    key,
    scale,
    transpose,
    octave,
    lowest,
    highest,
    channel,
    program,
    mute,
    synth_volume,
    synth_reverb,
    synth_programs,
    meter_numerator,
    meter_denominator,
    swing,
    swing_grid,
    sync,
    clock_out,
    offset,
    thru,
    takeover,
    timetags,
    follow_style,
    bass_plays,
    bass_mute,
    bass_level,
    bass_density,
    bass_octave,
    bass_humanise,
    bass_channel,
    bass_program,
    chords_plays,
    chords_mute,
    chords_level,
    chords_density,
    chords_octave,
    chords_humanise,
    chords_channel,
    chords_program,
    drums_plays,
    drums_mute,
    drums_level,
    drums_density,
    drums_humanise,
    drums_channel,
    drums_program,
};
inline constexpr std::size_t kParamCount = 69;

using Words = std::span<const std::string_view>;

struct ParamSpec {
    ParamId id;
    std::string_view name;  // OSC: /fusiond/<name>; configuration: <name> under [parameters]
    ParamType type;
    std::string_view unit;
    double minimum;
    double maximum;
    double initial;
    std::optional<std::uint8_t> cc;  // default controller
    std::string_view doc;            // one line
    Words words{};                   // of a choice: the word of value 0, of value 1, ...
    Scope scope = Scope::music;
};

// One value for each genre: OSC /fusiond/<name>/<genre>.
enum class FamilyId : std::uint8_t {
    weight,
    part,
    part_channel,
    part_program,
    bass_weight,
    chords_weight,
    drums_weight,
};
inline constexpr std::size_t kFamilyCount = 7;

struct FamilySpec {
    FamilyId id;
    std::string_view name;
    ParamType type;
    std::string_view unit;
    double minimum;
    double maximum;
    double initial;
    double initial_step;  // the next genre starts at so much more
    std::optional<std::uint8_t>
        first_cc;  // of the first genre; the next follow, kWeightCcs of them
    std::string_view doc;
    Words words{};
};
inline constexpr std::size_t kWeightCcs = 8;

enum class ActionId : std::uint8_t {
    play,
    stop,
    finish,
    restart,
    panic,
    tap,
    nudge,
    again,
    progression,
    sections,
    scene_save,
    scene_recall,
    scene_delete,
    learn,
    unlearn,
    tape_load,
    tape_play,
    tape_stop,
    tape_seek,
};
inline constexpr std::size_t kActionCount = 19;

// At most one text, then at most one number.
struct ArgumentSpec {
    enum class Kind : std::uint8_t { text, number };
    enum class Need : std::uint8_t { required, optional };
    // What a 0 that comes alone says: that a button was let go, or a number as any other.
    enum class Zero : std::uint8_t { released, counts };
    std::string_view name;
    Kind kind;
    Need need = Need::required;
    std::string_view unit{};  // of a number, as are the next
    double minimum = 0.0;
    double maximum = 0.0;
    Zero zero = Zero::released;
};

struct ActionSpec {
    ActionId id;
    std::string_view name;
    std::string_view doc;
    std::span<const ArgumentSpec> arguments{};

    [[nodiscard]] const ArgumentSpec* text() const;
    [[nodiscard]] const ArgumentSpec* number() const;
};

[[nodiscard]] std::span<const ParamSpec> param_table();
[[nodiscard]] std::span<const FamilySpec> family_table();
[[nodiscard]] std::span<const ActionSpec> action_table();
[[nodiscard]] const ParamSpec& spec(ParamId id);
[[nodiscard]] const FamilySpec& spec(FamilyId id);
[[nodiscard]] const ActionSpec& spec(ActionId id);
// Without regard to case.
[[nodiscard]] const ParamSpec* find_param(std::string_view name);
[[nodiscard]] const FamilySpec* find_family(std::string_view name);
[[nodiscard]] const ActionSpec* find_action(std::string_view name);
// "weight/jazz" and "bass/weight/jazz" in two: the family's name, and whose member it is.
struct MemberName {
    std::string_view family;
    std::string_view genre;
};
// None where there is no slash, or nothing behind the last.
[[nodiscard]] std::optional<MemberName> member_name(std::string_view path_tail);
// "internal, midi or link"
[[nodiscard]] std::string join_words(Words words);
// Without regard to case, blanks, hyphens and underscores.
[[nodiscard]] std::optional<double> find_word(Words words, std::string_view word);

inline constexpr std::string_view kOscRoot = "/fusiond";

}  // namespace fusion
