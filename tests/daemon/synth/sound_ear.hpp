// A client of a JACK server that hears a MIDI port and a sound, and writes both down by the
// server's own frames, with when it was woken for each cycle.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/base/semaphore.hpp"
#include "engine/base/units.hpp"
#include "engine/music/midi_message.hpp"

struct _jack_client;
struct _jack_port;

namespace fusion {

class SoundEar {
public:
    struct Heard {
        std::uint32_t frame;
        MidiMessage message;
    };
    struct Cycle {
        std::uint32_t frame;
        std::size_t sample;  // its first, in samples()
        TimePoint woken;
    };

    explicit SoundEar(const std::string& name);  // ports `midi` and `sound`
    ~SoundEar();
    SoundEar(const SoundEar&) = delete;
    SoundEar& operator=(const SoundEar&) = delete;

    [[nodiscard]] bool connect(const std::string& from, const std::string& to);
    void disconnect(const std::string& from, const std::string& to);
    // Looks once a cycle; false when it has not come true in 20 s.
    [[nodiscard]] bool until(const std::function<bool()>& holds);
    // The server has gone through so many more cycles.
    [[nodiscard]] bool cycles(std::size_t count);

    // So far.
    [[nodiscard]] std::vector<Heard> notes() const;  // note-ons
    [[nodiscard]] std::vector<Cycle> all_cycles() const;
    // Since `frame`, which was heard: the loudest sample.
    [[nodiscard]] float loudest_since(std::uint32_t frame) const;
    // From `frame` on, the first sample that is louder; none within `within` frames.
    [[nodiscard]] std::int64_t first_sound(std::uint32_t frame, float louder_than,
                                           std::uint32_t within) const;
    [[nodiscard]] std::uint32_t frame_now() const;

private:
    int run_cycle(std::uint32_t frames) noexcept;
    [[nodiscard]] std::int64_t place_of(std::uint32_t frame) const;

    static constexpr std::size_t kMostSamples = 60 * 48000, kMostCycles = 200'000,
                                 kMostNotes = 10'000;

    _jack_client* client_ = nullptr;
    _jack_port* midi_ = nullptr;
    _jack_port* sound_ = nullptr;
    std::vector<float> samples_ = std::vector<float>(kMostSamples);
    std::vector<Cycle> cycles_ = std::vector<Cycle>(kMostCycles);
    std::vector<Heard> heard_ = std::vector<Heard>(kMostNotes);
    // Each released by the cycle that filled what lies before it.
    std::atomic<std::size_t> sample_count_{0}, cycle_count_{0}, heard_count_{0};
    Semaphore cycle_;
};

}  // namespace fusion
