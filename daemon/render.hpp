// `fusiond render`: the same engine under simulated time, into a Standard MIDI File and, through
// the built-in synth, into files of sound. Same bundle and arguments, same bytes of MIDI.
// Thread: any one. Errors: as exit codes.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "config/config.hpp"
#include "config/scenes.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/session_log.hpp"
#include "daemon/synth/sound_file.hpp"
#include "daemon/synth/sound_render.hpp"
#include "engine/model/bundle.hpp"
#include "engine/params/store.hpp"
#include "engine/realtime/engine.hpp"

namespace fusion {

struct RenderOptions {
    std::int64_t bars = 16;
    std::vector<SessionChange> changes;  // in any order
    std::filesystem::path out;           // a MIDI file; empty: none
    std::vector<SoundTarget> sounds{};
    std::vector<Scene> scenes{};    // that the changes may recall, beside those of fusiond
    HarmonyBook book{};             // of the bundle
    std::optional<Ticks> length{};  // goes over `bars`
    // Where it is played once more: what is known of its steps, and who hears what the clock does.
    const StepTeller* told = nullptr;
    std::function<void(const PlayedEvent&)> heard{};
};

struct Rendered {
    std::vector<std::uint8_t> bytes;
    Ticks length{0};
    std::size_t notes = 0;
    Score score;  // the same for the synth
};

// `params` are set already. `fallback` may be null.
[[nodiscard]] Result<Rendered> render(Generator& generator, Generator* fallback, ParamStore& params,
                                      SimulatedTime& time, const RenderOptions& options,
                                      const std::function<void(double)>& progress = {});

// The whole command: bundle, saved scenes, generators, music, file. `options` without scenes.
[[nodiscard]] Started<void> run_render(const Config& config, RenderOptions options);

}  // namespace fusion
