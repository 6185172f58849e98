#include "engine/realtime/line/line_settings.hpp"

#include <cmath>

namespace fusion {

LineSettings LineSettings::of(const ParamSnapshot& params, const HandHarmony& harmony) {
    const auto real = [&](ParamId id) { return static_cast<float>(params.real(id)); };
    const auto whole = [&](ParamId id) { return static_cast<int>(params.integer(id)); };
    LineSettings settings;
    settings.weights = params.weights;
    settings.sampling = {.temperature = real(ParamId::temperature),
                         .top_p = real(ParamId::top_p),
                         .decision = real(ParamId::decision),
                         .coupling = real(ParamId::coupling),
                         .guidance = real(ParamId::guidance),
                         .inertia = real(ParamId::inertia),
                         .form = real(ParamId::form),
                         .density = real(ParamId::density),
                         .rests = real(ParamId::rests),
                         .seed = static_cast<std::uint64_t>(params.integer(ParamId::seed))};
    settings.meter = params.meter();
    settings.longest_rest = Ticks{std::llround(params.real(ParamId::longest_rest) *
                                               static_cast<double>(kTicksPerBeat.count()))};
    settings.pitch = {.scale = static_cast<Scale>(whole(ParamId::scale)),
                      .key = whole(ParamId::key),
                      .transpose = whole(ParamId::transpose),
                      .octave = whole(ParamId::octave),
                      .lowest = whole(ParamId::lowest),
                      .highest = whole(ParamId::highest)};
    settings.gate = params.real(ParamId::gate);
    settings.velocity = params.real(ParamId::velocity);
    settings.accent = params.real(ParamId::accent);
    settings.humanise = params.real(ParamId::humanise);
    if (settings.humanise > 0.0) settings.human_tempo = Bpm{params.real(ParamId::tempo)};
    if (params.on(ParamId::hold)) settings.held_bars = whole(ParamId::loop_bars);
    settings.agains = params.agains;
    settings.finish_at = params.finish_at;
    const auto source = static_cast<HarmonySource>(whole(ParamId::harmony));
    settings.harmony_pull = real(ParamId::harmony_pull);
    settings.form_serial = harmony.form_serial;
    if (harmony.speaks(source)) {
        settings.harmony = source;
        settings.harmony_serial = harmony.serial;
    }
    return settings;
}

}  // namespace fusion
