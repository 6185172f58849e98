// What a configuration file can say, with the defaults of everything it does not. [parameters] and
// the default controller map are made from the parameter table; the rest is here.
// Thread: control, at start. Errors: not_found and io (the file), malformed (all that is wrong in
// it, one "file:line:column: what; hint" a line).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/day_plan.hpp"
#include "config/midi_binding.hpp"
#include "engine/base/result.hpp"
#include "engine/params/table.hpp"

namespace fusion {

enum class OutputKind : std::uint8_t {
    automatic,
    alsa,
    jack,         // native
    rtmidi_jack,  // through RtMidi
    file,
    synth  // the built-in one
};
// Several at once, of which at most one is a port.
class Outputs {
public:
    explicit constexpr Outputs(std::initializer_list<OutputKind> kinds) {
        for (const auto kind : kinds) add(kind);
    }
    constexpr void add(OutputKind kind) { kinds_ |= bit(kind); }
    [[nodiscard]] constexpr bool has(OutputKind kind) const { return (kinds_ & bit(kind)) != 0; }
    // `automatic` is one too.
    [[nodiscard]] std::optional<OutputKind> port() const;
    friend bool operator==(const Outputs&, const Outputs&) = default;

private:
    static constexpr unsigned bit(OutputKind kind) { return 1U << static_cast<unsigned>(kind); }
    unsigned kinds_ = 0;
};
// Through which of its drivers the built-in synth sounds.
enum class SynthDriver : std::uint8_t { automatic, jack, pipewire, pulseaudio, alsa };
enum class DeviceKind : std::uint8_t { automatic, cpu, cuda };

// Controller number to path tail: "tempo", "weight/jazz", or "weight/1" for the bundle's first
// genre.
using CcTargets = std::map<std::uint8_t, std::string>;
[[nodiscard]] CcTargets default_cc_targets();
// A family's values by genre; those not named start at the table's.
using GenreValues = std::map<std::string, double>;
[[nodiscard]] std::array<double, kParamCount> default_parameters();

inline constexpr std::size_t kMostInputs = 4;

struct Config {
    struct Midi {
        Outputs outputs{OutputKind::automatic};
        std::string client = "fusiond";
        std::string port;  // name or pattern of the port to play into; empty: a virtual port
        // Names or patterns to listen to; an empty one: a virtual port; none: no input.
        std::vector<std::string> inputs{""};
        std::string feedback = "off";  // where the controllers' values go back; "": a virtual port
        friend bool operator==(const Midi&, const Midi&) = default;
    };
    struct Osc {
        std::uint16_t port = 9700;
        std::string bind = "127.0.0.1";
        std::vector<std::string> allow;  // networks; none: private ones (network_list.hpp)
        friend bool operator==(const Osc&, const Osc&) = default;
    };
    struct OscQuery {
        bool on = true;
        std::uint16_t port = 9701;
        std::string bind = "127.0.0.1";
        bool advertise = true;             // over Avahi, where others can reach it
        std::vector<std::string> origins;  // whose pages may turn things, beside our own
        std::vector<std::string> allow;    // as in Osc
        std::string token;                 // what others' machines have to know; empty: nothing
        friend bool operator==(const OscQuery&, const OscQuery&) = default;
    };
    struct State {
        std::string path;     // empty: config/state_file.hpp's default place; "off": none is kept
        bool resume = false;  // start with the values that were in force at the end
        friend bool operator==(const State&, const State&) = default;
    };
    struct Clock {
        int priority = 70;
        std::size_t horizon_steps = 16;
        int cpu = -1;             // the processor the clock is bound to; -1: any
        int spin_us = 50;         // how long it waits awake before each deadline
        bool lock_memory = true;  // of the whole daemon
        friend bool operator==(const Clock&, const Clock&) = default;
    };

    struct Recording {
        int hours = 24;          // a file is closed after so long
        int megabytes = 8;       // or so much
        int keep_days = 0;       // older ones of its name are removed; 0: none is for its age
        int keep_megabytes = 0;  // the oldest go where all are more; 0: none does for that
        friend bool operator==(const Recording&, const Recording&) = default;
    };
    struct Jack {
        int margin_us = 2000;  // beside a period: how much before its frame an event is handed over
        friend bool operator==(const Jack&, const Jack&) = default;
    };
    struct Synth {
        bool enabled = true;
        SynthDriver driver = SynthDriver::automatic;
        std::string font;  // empty: the packaged one
        friend bool operator==(const Synth&, const Synth&) = default;
    };
    struct Link {
        bool start_stop = true;  // start and stop with the other peers
        friend bool operator==(const Link&, const Link&) = default;
    };

    // What a command line says of the beginning; it goes over the file and over the values of the
    // last run.
    struct Beginning {
        std::optional<std::string> scene;
        std::optional<GenreValues> weights;  // over the scene's; genres that are not in it are 0
        friend bool operator==(const Beginning&, const Beginning&) = default;
    };

    Beginning beginning;
    Midi midi;
    Jack jack;
    Synth synth;
    Link link;
    Osc osc;
    OscQuery oscquery;
    State state;
    Clock clock;
    Recording recording;
    DayPlan schedule;
    int start_delay_s = 0;    // how long the transport stands at first
    std::string bundle_path;  // empty: where daemon/bundle_place.hpp looks
    DeviceKind device = DeviceKind::automatic;
    std::string file_path;  // a Standard MIDI File of the session; empty: none beside a port
    std::array<double, kParamCount> parameters = default_parameters();
    std::array<GenreValues, kFamilyCount> families{};
    CcTargets cc = default_cc_targets();
    std::vector<MidiBinding> controllers;  // the long form: [[controller]]

    [[nodiscard]] GenreValues& of(FamilyId family) {
        return families[static_cast<std::size_t>(family)];
    }
    [[nodiscard]] const GenreValues& of(FamilyId family) const {
        return families[static_cast<std::size_t>(family)];
    }

    friend bool operator==(const Config&, const Config&) = default;
};

// The section of a family: "weights" for weight.
[[nodiscard]] std::string section_of(const FamilySpec& family);

[[nodiscard]] Result<Config> load_config(const std::filesystem::path& file);
// `name` stands for the file in messages.
[[nodiscard]] Result<Config> parse_config(std::string_view text, std::string_view name);

// The words for `output`, `device` and `driver`, the same on the command line.
// "jack,synth": parted by commas.
[[nodiscard]] Result<Outputs> parse_outputs(std::string_view words);
[[nodiscard]] Result<DeviceKind> parse_device(std::string_view word);
[[nodiscard]] std::string to_string(const Outputs& outputs);
[[nodiscard]] Result<SynthDriver> parse_synth_driver(std::string_view word);
[[nodiscard]] std::string_view to_string(DeviceKind kind);
[[nodiscard]] std::string_view to_string(SynthDriver driver);

}  // namespace fusion
