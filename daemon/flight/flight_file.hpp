// A flight that was written, read back: what a session has no words for (flight_log.hpp), and the
// text that a session is read from. A tail that a crash tore off is left out, and told.
// Thread: any. Errors: parse_flight() malformed (no flight, another version), with what to do.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/flight/flight_note.hpp"
#include "engine/base/result.hpp"
#include "engine/realtime/crossing/told_step.hpp"

namespace fusion {

struct Flight final : StepTeller {
    std::string build, bundle, genres, begun;
    std::string session;            // as parse_session() reads it
    std::vector<FlightNote> notes;  // of the line, in the order that they were played
    std::size_t fillers = 0;        // notes that filled holes of the line
    std::map<std::pair<std::uint32_t, std::uint32_t>, ToldStep> told;  // by line and step
    std::set<std::pair<std::uint32_t, std::uint32_t>> late;  // steps that came too late to sound
    std::string cut;    // where and why the controls are no longer all here; empty: they are
    bool torn = false;  // the end of the file is not there

    // How many of its steps bundle and changes do not explain.
    [[nodiscard]] std::size_t unexplained() const { return told.size(); }
    [[nodiscard]] ToldStep at(std::uint32_t line, std::uint32_t index) const override {
        const auto found = told.find({line, index});
        return found == told.end() ? ToldStep{} : found->second;
    }
};

// `name` is what messages call the file.
[[nodiscard]] Result<Flight> parse_flight(std::string_view text, std::string_view name);

}  // namespace fusion
