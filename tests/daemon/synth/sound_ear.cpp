#include "tests/daemon/synth/sound_ear.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <jack/jack.h>
#include <jack/midiport.h>

#include "daemon/midi/jack_server.hpp"

namespace fusion {

using namespace std::chrono_literals;

SoundEar::SoundEar(const std::string& name) : client_{open_jack_client(name)} {
    if (client_ == nullptr) return;
    midi_ = jack_port_register(client_, "midi", JACK_DEFAULT_MIDI_TYPE, JackPortIsInput, 0);
    sound_ = jack_port_register(client_, "sound", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
    jack_set_process_callback(
        client_,
        [](jack_nframes_t frames, void* self) {
            return static_cast<SoundEar*>(self)->run_cycle(frames);
        },
        this);
    jack_activate(client_);
}

SoundEar::~SoundEar() {
    if (client_ != nullptr) close_jack_client(client_);
}

bool SoundEar::connect(const std::string& from, const std::string& to) {
    return client_ != nullptr && jack_connect(client_, from.c_str(), to.c_str()) == 0 && cycles(8);
}

void SoundEar::disconnect(const std::string& from, const std::string& to) {
    jack_disconnect(client_, from.c_str(), to.c_str());
}

bool SoundEar::until(const std::function<bool()>& holds) {
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > give_up) return false;
        cycle_.wait_for(100ms);
    }
    return true;
}

bool SoundEar::cycles(std::size_t count) {
    const auto before = cycle_count_.load(std::memory_order_acquire);
    return until(
        [&] { return cycle_count_.load(std::memory_order_acquire) >= before + count + 1; });
}

std::vector<SoundEar::Heard> SoundEar::notes() const {
    const auto count = heard_count_.load(std::memory_order_acquire);  // partner: run_cycle()
    return {heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(count)};
}

std::vector<SoundEar::Cycle> SoundEar::all_cycles() const {
    const auto count = cycle_count_.load(std::memory_order_acquire);  // partner: run_cycle()
    return {cycles_.begin(), cycles_.begin() + static_cast<std::ptrdiff_t>(count)};
}

std::uint32_t SoundEar::frame_now() const {
    const auto count = cycle_count_.load(std::memory_order_acquire);
    return count == 0 ? 0 : cycles_[count - 1].frame;
}

// A cycle that was lost has no samples: what lies after it is found by its own frame.
std::int64_t SoundEar::place_of(std::uint32_t frame) const {
    const auto all = all_cycles();
    const auto after = std::upper_bound(
        all.begin(), all.end(), frame,
        [](std::uint32_t wanted, const Cycle& cycle) { return wanted < cycle.frame; });
    if (after == all.begin()) return 0;
    const auto& cycle = *std::prev(after);
    return static_cast<std::int64_t>(cycle.sample) + (frame - cycle.frame);
}

float SoundEar::loudest_since(std::uint32_t frame) const {
    const auto count = sample_count_.load(std::memory_order_acquire);  // partner: run_cycle()
    float loudest = 0.0F;
    for (auto i = static_cast<std::size_t>(place_of(frame)); i < count; ++i)
        loudest = std::max(loudest, std::abs(samples_[i]));
    return loudest;
}

std::int64_t SoundEar::first_sound(std::uint32_t frame, float louder_than,
                                   std::uint32_t within) const {
    const auto count = sample_count_.load(std::memory_order_acquire);  // partner: run_cycle()
    const auto from = static_cast<std::size_t>(place_of(frame));
    for (std::size_t i = from; i < std::min(count, from + within); ++i)
        if (std::abs(samples_[i]) > louder_than)
            return static_cast<std::int64_t>(frame) + static_cast<std::int64_t>(i - from);
    return -1;
}

int SoundEar::run_cycle(std::uint32_t frames) noexcept {
    const auto woken = std::chrono::steady_clock::now();
    const auto first = jack_last_frame_time(client_);
    void* midi = jack_port_get_buffer(midi_, frames);
    auto heard = heard_count_.load(std::memory_order_relaxed);
    for (std::uint32_t i = 0; i < jack_midi_get_event_count(midi); ++i) {
        jack_midi_event_t event{};
        jack_midi_event_get(&event, midi, i);
        const auto message = MidiMessage::from({event.buffer, event.size});
        if (message && message->is_note_on() && heard < kMostNotes)
            heard_[heard++] = {first + event.time, *message};
    }
    heard_count_.store(heard, std::memory_order_release);
    const auto* sound = static_cast<const float*>(jack_port_get_buffer(sound_, frames));
    const auto samples = sample_count_.load(std::memory_order_relaxed);
    const auto cycles = cycle_count_.load(std::memory_order_relaxed);
    if (samples + frames > kMostSamples || cycles == kMostCycles) return 0;
    std::copy_n(sound, frames, samples_.begin() + static_cast<std::ptrdiff_t>(samples));
    cycles_[cycles] = {first, samples, woken};
    sample_count_.store(samples + frames, std::memory_order_release);
    cycle_count_.store(cycles + 1, std::memory_order_release);
    cycle_.post();
    return 0;
}

}  // namespace fusion
