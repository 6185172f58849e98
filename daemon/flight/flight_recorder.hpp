// Writes the log of a flight as it goes: from what the parameters became and from what the clock
// tells of what it played, on the control thread, which hears of both.
//
// A change stands at the place of the first step that it reached. For what the line is made from
// that is the first committed step whose revision is as new; for what the clock obeys it is the
// turn in which the clock says so, moved between the steps around it, since it plays what is due in
// that turn already by the new values. Of several changes that reached the same step the last
// counts. While the transport stands a beat passes, however long it is.
//
// What bundle and changes do not explain is noted beside the step (flight_log.hpp). What cannot be
// noted cuts the flight: the log is full, another bundle came, events were lost. The next time that
// the line begins anew a log that was cut, or is half full, begins anew too.
// Thread: control. Errors: none; a flight that is cut says so.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/flight/flight_log.hpp"
#include "daemon/flight/flight_values.hpp"
#include "engine/params/store.hpp"
#include "engine/realtime/crossing/harmony_link.hpp"
#include "engine/realtime/crossing/played_event.hpp"

namespace fusion {

class FlightRecorder {
public:
    struct Origin {
        std::string build;
        std::string bundle;       // its print and its place
        Rung top = Rung::neural;  // the highest rung that there is
    };
    // Begins with the values of now: before the first note, and before any change that is to be
    // told by changed(). All outlive it.
    FlightRecorder(FlightLog& log, const ParamStore& params, const HarmonyTeller& harmony,
                   Origin origin);

    // For ParamStore::on_change().
    void changed(const ParamSnapshot& now);
    void played(const PlayedEvent& event);
    // So many events were lost on their way here, all in all.
    void lost(std::uint64_t events);
    // What plays from now on is another bundle's.
    void bundle_changed(std::string bundle);

    [[nodiscard]] bool is_cut() const { return is_cut_; }

private:
    struct Said {
        ParamSnapshot values;
        std::string progression, held, sections;
    };
    static constexpr std::size_t kMostPending = 512;
    static constexpr Ticks kStanding{kTicksPerBeat};
    static constexpr Ticks kNowhere{-1};

    [[nodiscard]] Said now(const ParamSnapshot& values) const;
    [[nodiscard]] const Said* newest_up_to(std::uint64_t revision) const;
    void begin_log(const Said& said);
    void say_harmony(const Said& said, Ticks place);
    void say(Ticks place, const std::string& what);
    void remark(const std::string& what);
    void cut(const std::string& why);

    void obeyed(const PlayedEvent& event);
    void started(const PlayedEvent& event);
    void stopped(const PlayedEvent& event);
    void step(const PlayedEvent& event);
    void begin_line(std::uint32_t epoch, Ticks at);
    void say_of_clock(Ticks place);
    void say_of_line(std::uint64_t revision, Ticks place);
    void forget_said();
    // The first place that is none of a step that was played.
    [[nodiscard]] Ticks free_from(Ticks at) const { return std::max(at, last_heard_ + Ticks{1}); }
    [[nodiscard]] Ticks recorded(Ticks of_line) const { return of_line + stood_; }

    FlightLog& log_;
    const HarmonyTeller& harmony_;
    Origin origin_;
    std::vector<std::string> genres_;
    FlightValues values_;
    std::deque<Said> pending_;  // oldest first; the first is what was said, or older than all below
    std::string progression_, held_, sections_;  // as said
    std::uint64_t line_revision_ = 0;            // up to here said of the line,
    std::uint64_t clock_revision_ = 0;           // of the clock,
    std::uint64_t panics_ = 0, agains_ = 0;
    std::optional<std::uint64_t> clock_obeys_;  // and not said yet
    Ticks clock_place_{0};

    std::uint32_t epoch_ = 0;  // as the clock counts
    std::uint32_t line_ = 0;   // as the flight does
    std::uint32_t next_index_ = 0;
    Ticks next_start_{0};
    Ticks last_heard_{-1};
    Ticks stood_{0};  // how far the line's ticks lie behind the flight's
    Ticks ends_{0};   // of the flight

    bool plays_ = true;  // as said
    bool runs_ = false;
    Ticks position_{0};        // of the line, while it stands
    Ticks goes_on_{0};         // of the flight: where it would go on
    Ticks finish_ = kNowhere;  // as said
    bool is_cut_ = false;
    bool is_full_ = false;
    std::uint64_t lost_ = 0;
};

}  // namespace fusion
