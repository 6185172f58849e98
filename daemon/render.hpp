// `fusiond render`: the same engine under simulated time, into a Standard MIDI File. Same bundle
// and arguments, same bytes. Thread: any one. Errors: as exit codes.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "daemon/exit_code.hpp"
#include "engine/model/bundle.hpp"
#include "engine/params/store.hpp"
#include "engine/realtime/engine.hpp"

namespace fusion {

// `--at BAR PATH-TAIL VALUE`. Bars count from 0: `--at 16` changes after sixteen bars.
struct BarChange {
    std::int64_t bar = 0;
    std::string path;  // "tempo", "weight/jazz", an action
    double value = 0.0;
};

// From the words of the command line: `weight jazz=0`, `weight/jazz 0`, `tempo 90`, `panic 1`.
[[nodiscard]] Result<BarChange> parse_change(std::int64_t bar, const std::string& path,
                                             const std::string& value);

struct RenderOptions {
    std::int64_t bars = 16;
    std::vector<BarChange> changes;
    std::filesystem::path out;
};

struct Rendered {
    std::vector<std::uint8_t> bytes;
    Ticks length{0};
    std::size_t notes = 0;
};

// `params` are set already. `fallback` may be null.
[[nodiscard]] Result<Rendered> render(Generator& generator, Generator* fallback, ParamStore& params,
                                      SimulatedTime& time, const RenderOptions& options,
                                      const std::function<void(double)>& progress = {});

// The whole command: bundle, generators, music, file.
[[nodiscard]] Started<void> run_render(const Config& config, const RenderOptions& options);

}  // namespace fusion
