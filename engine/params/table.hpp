// The one parameter table. OSC namespace, configuration keys, CC map, help and reference are made
// from it; nothing else names a path, a range or a default.
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

// Order is the order of the table. Genre weights are a family of their own (one per genre of the
// bundle): their common row is kGenreWeightSpec.
enum class ParamId : std::uint8_t {
    tempo,
    playing,
    ramp,
    temperature,
    top_p,
    decision,
    coupling,
    guidance,
    longest_rest,
    seed,
    gate,
    velocity,
    transpose,
    channel,
    meter_numerator,
    meter_denominator,
    swing,
    swing_grid,
    sync,
    clock_out,
    offset,
    thru,
};
inline constexpr std::size_t kParamCount = 22;

struct ParamSpec {
    ParamId id;
    std::string_view name;  // OSC: /fusiond/<name>; configuration: <name> under [parameters]
    ParamType type;
    std::string_view unit;
    double minimum;
    double maximum;
    double initial;
    std::optional<std::uint8_t> cc;             // default controller
    std::string_view doc;                       // one line
    std::span<const std::string_view> words{};  // of a choice: the word of value 0, of value 1, ...
};

// Actions have a path and no value that stays; some take an argument.
enum class ActionId : std::uint8_t { play, stop, restart, panic, tap, nudge };
struct ActionSpec {
    struct Argument {
        std::string_view unit;
        double minimum;
        double maximum;
    };
    ActionId id;
    std::string_view name;
    std::string_view doc;
    std::optional<Argument> argument{};
};

[[nodiscard]] std::span<const ParamSpec> param_table();
[[nodiscard]] std::span<const ActionSpec> action_table();
[[nodiscard]] const ParamSpec& spec(ParamId id);
[[nodiscard]] const ParamSpec* find_param(std::string_view name);
[[nodiscard]] const ActionSpec* find_action(std::string_view name);
// "internal, midi or link"
[[nodiscard]] std::string words_of(const ParamSpec& row);
[[nodiscard]] std::optional<double> find_word(const ParamSpec& row, std::string_view word);

// /fusiond/weight/<genre>: 0 to 10. The default CC of genre g is kFirstWeightCc + g, for g < 8.
struct GenreWeightSpec {
    std::string_view family = "weight";
    double minimum = 0.0;
    double maximum = 10.0;
    double initial = 5.0;
    std::string_view unit = "weight";
    std::string_view doc = "How much of this genre is in the blend; all zero is a rest.";
};
inline constexpr GenreWeightSpec kGenreWeightSpec{};
inline constexpr std::uint8_t kFirstWeightCc = 20;
inline constexpr std::size_t kWeightCcs = 8;

inline constexpr std::string_view kOscRoot = "/fusiond";

}  // namespace fusion
