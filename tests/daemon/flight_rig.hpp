// A line as it is played live, under simulated time and with a flight recorder: the planner and the
// clock take their turns as chance has it, hands turn what they like between them.
#pragma once

#include <memory>
#include <random>
#include <vector>

#include "daemon/flight/flight_recorder.hpp"
#include "daemon/hands/finish_desk.hpp"
#include "daemon/hands/harmony_desk.hpp"
#include "tests/sessions/session_bundle.hpp"

namespace fusion::test {

class FlownLine {
public:
    struct Options {
        std::uint32_t chance = 1;
        Nanos lead{0};
        std::size_t control_bytes = FlightLog::kControlBytes;
        // Of a hundred turns of the clock, before how many the planner does a piece of its work: it
        // is behind the hands then, and sometimes behind the clock. From 100 on it is never.
        unsigned planner_turns = 100;
    };
    explicit FlownLine(Options options);
    ~FlownLine();
    FlownLine(const FlownLine&) = delete;
    FlownLine& operator=(const FlownLine&) = delete;

    void run_for(Nanos span);
    [[nodiscard]] unsigned pick(unsigned below) { return static_cast<unsigned>(chance_() % below); }
    [[nodiscard]] bool runs() const;

private:
    [[nodiscard]] Ticks head() const;
    void hear();

    Options options_;
    std::mt19937 chance_;
    Bundle bundle_ = session_bundle();

public:
    SimulatedTime time;
    ParamStore params{bundle_.genres, time};
    ActionDesk actions{params};
    HarmonyDesk harmony{params};
    FinishDesk finish{params, [this] { return head(); }};
    bool planner_held = false;
    FlightLog log{options_.control_bytes};
    std::unique_ptr<FlightRecorder> recorder;

private:
    struct Engine;
    std::unique_ptr<Engine> engine_;
};

}  // namespace fusion::test
