// The flight recorder of a run: what it hears, and when a flight is written. On request
// (/fusiond/flight, SIGUSR1), when the program crashes or the watchdog ends it, and after an
// underrun: three seconds later, so that one sees how the line went on, and not again within ten
// minutes.
// Thread: control. Errors: told in the log, and to who asked.
#pragma once

#include <optional>
#include <string>

#include "daemon/flight/flight_folder.hpp"
#include "daemon/flight/flight_recorder.hpp"
#include "daemon/flight/flight_rescue.hpp"
#include "engine/realtime/crossing/meters.hpp"
#include "osc/namespace.hpp"

namespace fusion {

class FlightDesk {
public:
    static constexpr Nanos kAfterUnderrun{std::chrono::seconds{3}};
    static constexpr Nanos kUnderrunsApart{std::chrono::minutes{10}};

    // As FlightRecorder begins. An empty `folder`: nothing is written. All outlive it.
    FlightDesk(std::filesystem::path folder, ParamStore& params, const HarmonyTeller& harmony,
               FlightRecorder::Origin origin);

    // /fusiond/flight [i begin] -> /fusiond/flight.reply i the how many-th, s begun, written or
    // refused, s the file, or why not. 0 only asks.
    void add_verb(OscNamespace& names);
    // From now on a crash writes one. After all others that handle those signals.
    void watch_for_crashes();
    // No longer; before those others go.
    void look_away() { rescue_.reset(); }

    void played(const PlayedEvent& event) { recorder_.played(event); }
    void bundle_changed(std::string bundle) { recorder_.bundle_changed(std::move(bundle)); }
    void request();
    // Each second or so.
    void look_after(const EngineMeters& meters, TimePoint now);

private:
    struct Outcome {
        enum class State : std::uint8_t { none, begun, written, refused };
        std::int32_t number = 0;
        State state = State::none;
        std::string what;
    };
    void write(const std::string& why);
    void hear_of_it();

    FlightLog log_;
    FlightRecorder recorder_;
    FlightFolder folder_;
    std::optional<FlightRescue> rescue_;
    Outcome last_;
    bool again_ = false;  // asked for while one is being written
    std::uint64_t underruns_ = 0;
    std::optional<TimePoint> due_;   // after an underrun
    std::optional<TimePoint> next_;  // no sooner
    bool cut_told_ = false;
};

// Where flights go: beside the state, where that is `state`; nowhere where there is none.
[[nodiscard]] std::filesystem::path flight_folder(const std::filesystem::path& state);

}  // namespace fusion
