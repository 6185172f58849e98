#include "daemon/synth/fluid_settings.hpp"

#include <array>

#include <fluidsynth.h>

#include "daemon/synth/fluid_log.hpp"

namespace fusion {
namespace {

constexpr std::array kDrivers{"jack", "pipewire", "pulseaudio", "alsa"};

// It refuses a list with one that it was not built with, so each is asked for alone first.
std::vector<std::string> register_drivers() {
    route_fluid_log();
    std::vector<std::string> there;
    std::vector<const char*> names;
    for (const auto* name : kDrivers) {
        std::array<const char*, 2> one{name, nullptr};
        if (fluid_audio_driver_register(one.data()) != FLUID_OK) continue;
        there.emplace_back(name);
        names.push_back(name);
    }
    names.push_back(nullptr);
    fluid_audio_driver_register(names.data());
    return there;
}

}  // namespace

void FluidSettingsEnd::operator()(_fluid_hashtable_t* settings) const noexcept {
    delete_fluid_settings(settings);
}

const std::vector<std::string>& fluid_drivers() {
    static const std::vector<std::string> drivers = register_drivers();
    return drivers;
}

FluidSettings make_fluid_settings() {
    static_cast<void>(fluid_drivers());
    return FluidSettings{new_fluid_settings()};
}

}  // namespace fusion
