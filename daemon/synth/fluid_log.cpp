#include "daemon/synth/fluid_log.hpp"

#include <utility>

#include <fluidsynth.h>

#include "engine/base/log.hpp"
#include "engine/base/realtime_contract.hpp"

namespace fusion {
namespace {

// FluidSynth calls back on the thread that called it.
thread_local std::string last_complaint;

void hear(int, const char* text, void*) {
    if (thread_role() == ThreadRole::jack || text == nullptr) return;
    last_complaint = text;
    log::debug("fluidsynth: {}", text);
}

void pass_over(int, const char*, void*) {}

}  // namespace

void route_fluid_log() {
    for (const int level : {FLUID_PANIC, FLUID_ERR, FLUID_WARN})
        fluid_set_log_function(level, hear, nullptr);
    for (const int level : {FLUID_INFO, FLUID_DBG})
        fluid_set_log_function(level, pass_over, nullptr);
}

std::string take_fluid_complaint() { return std::exchange(last_complaint, {}); }

}  // namespace fusion
