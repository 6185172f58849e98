#include "engine/realtime/line/line_controls.hpp"

#include <cmath>

namespace fusion {

LineControls LineControls::of(const ParamSnapshot& params) {
    const auto real = [&](ParamId id) { return static_cast<float>(params.real(id)); };
    const auto whole = [&](ParamId id) { return static_cast<int>(params.integer(id)); };
    LineControls controls;
    controls.weights = params.weights;
    controls.sampling = {.temperature = real(ParamId::temperature),
                         .top_p = real(ParamId::top_p),
                         .decision = real(ParamId::decision),
                         .coupling = real(ParamId::coupling),
                         .guidance = real(ParamId::guidance),
                         .density = real(ParamId::density),
                         .rests = real(ParamId::rests),
                         .seed = static_cast<std::uint64_t>(params.integer(ParamId::seed))};
    controls.meter = params.meter();
    controls.longest_rest = Ticks{std::llround(params.real(ParamId::longest_rest) *
                                               static_cast<double>(kTicksPerBeat.count()))};
    controls.pitch = {.scale = static_cast<Scale>(whole(ParamId::scale)),
                      .key = whole(ParamId::key),
                      .transpose = whole(ParamId::transpose),
                      .octave = whole(ParamId::octave),
                      .lowest = whole(ParamId::lowest),
                      .highest = whole(ParamId::highest)};
    controls.gate = params.real(ParamId::gate);
    controls.velocity = params.real(ParamId::velocity);
    controls.accent = params.real(ParamId::accent);
    controls.humanise = params.real(ParamId::humanise);
    if (controls.humanise > 0.0) controls.human_tempo = Bpm{params.real(ParamId::tempo)};
    if (params.on(ParamId::hold)) controls.held_bars = whole(ParamId::loop_bars);
    controls.agains = params.agains;
    return controls;
}

}  // namespace fusion
