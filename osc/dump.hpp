// /dumpOSC: what comes in, as lines of the log, within a share of what the log may hold
// (engine/base/line_budget.hpp), so that others' lines still find room; the rest is counted and
// told. What is not printable is escaped and a line has an end. Thread: control. Errors: none.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/base/line_budget.hpp"
#include "engine/base/units.hpp"
#include "osc/message.hpp"
#include "osc/udp_port.hpp"

namespace fusion {

class OscDump {
public:
    enum class Mode : std::uint8_t { off, parsed, hex, both };  // SuperCollider's numbers
    static constexpr LineBudget::Share kShare{.burst = 100, .for_errors = 0, .a_second = 3};
    static constexpr std::size_t kLongestLine = 1000;

    using Log = std::function<void(const std::string& line)>;
    explicit OscDump(Log log) : log_{std::move(log)} {}

    void set(Mode mode) { mode_ = mode; }
    [[nodiscard]] Mode mode() const { return mode_; }

    void packet(std::span<const std::uint8_t> bytes,
                const Result<std::vector<TimedOscMessage>>& messages, const UdpPeer& from,
                TimePoint now);
    // Tells what was left out, as soon as there is a line for it.
    void turn(TimePoint now);

private:
    [[nodiscard]] bool has_room(TimePoint now);
    void line(std::string text);

    Log log_;
    Mode mode_ = Mode::off;
    LineBudget budget_{kShare};
    std::uint64_t left_out_ = 0;
    TimePoint tell_at_{};
};

}  // namespace fusion
