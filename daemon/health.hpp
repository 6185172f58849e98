// How the music is, for programs that watch: /healthz says in one word and in reasons whether it
// can be heard, /metrics every counter there is, in Prometheus' text format.
//
// Red (503) is: the clock does not turn; no output, nobody at it, or it refuses; the transport
// runs, unmuted and with weights, and the engine has been silent for longer than the line may rest.
// Stopped or muted by hand is not red: it was asked for. Thread: control. Errors: none.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/histogram_window.hpp"
#include "engine/params/store.hpp"
#include "engine/realtime/crossing/meters.hpp"
#include "osc/web/http_server.hpp"

namespace fusion {

// What the daemon alone knows; counts are since its start.
struct HealthFacts {
    bool has_output = false;
    bool is_heard = false;  // somebody is connected, the synth sounds, or a file is written
    std::string version;
    std::vector<std::pair<std::string, std::uint64_t>> counters{};  // "midi_unsent", ...
};

class Health {
public:
    using Facts = std::function<HealthFacts()>;

    // All outlive it.
    Health(const EngineMeters& meters, const ParamStore& params, Facts facts)
        : meters_{meters}, params_{params}, facts_{std::move(facts)}, lateness_{meters.lateness} {}

    // Each second or so.
    void look(TimePoint now);
    // Why no note can be heard now; none: it can, or was asked not to be.
    [[nodiscard]] const std::vector<std::string>& reasons() const { return reasons_; }

    [[nodiscard]] HttpAnswer healthz() const;
    [[nodiscard]] HttpAnswer metrics() const;

private:
    [[nodiscard]] bool should_sound() const;
    [[nodiscard]] Nanos longest_silence() const;

    const EngineMeters& meters_;
    const ParamStore& params_;
    Facts facts_;
    HistogramWindow lateness_;
    std::vector<std::string> reasons_{"it has not begun to play"};
    std::optional<TimePoint> begun_;
    TimePoint now_{};
    TimePoint beat_at_{};  // the clock's last turn
    std::uint64_t beat_ = 0;
    TimePoint note_at_{};  // the last note, or since when there may be one
    std::uint64_t notes_ = 0;
    std::uint64_t refused_ = 0;
    Nanos unheard_{0};  // in all
};

}  // namespace fusion
