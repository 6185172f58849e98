// FluidSynth's settings as an owned value, made without touching drivers that fusiond never uses:
// as it comes, FluidSynth starts PortAudio and SDL for its mere list of settings, which opens every
// card and writes lines of its own.
// Thread: one at a time. Errors: none.
#pragma once

#include <memory>
#include <string>
#include <vector>

struct _fluid_hashtable_t;

namespace fusion {

struct FluidSettingsEnd {
    void operator()(_fluid_hashtable_t* settings) const noexcept;
};
using FluidSettings = std::unique_ptr<_fluid_hashtable_t, FluidSettingsEnd>;

[[nodiscard]] FluidSettings make_fluid_settings();
// Of jack, pipewire, pulseaudio and alsa those that this FluidSynth was built with.
[[nodiscard]] const std::vector<std::string>& fluid_drivers();

}  // namespace fusion
