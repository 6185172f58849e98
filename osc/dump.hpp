// /dumpOSC: what comes in, as lines of the log. At most kLinesASecond of them, so that a flood
// costs no time; the rest is counted and told when the second is over. The log holds fewer in the
// long run (engine/base/line_budget.hpp) and says what it left out. What is not printable is
// escaped and a line has an end. Thread: control. Errors: none.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/base/units.hpp"
#include "osc/message.hpp"
#include "osc/udp_port.hpp"

namespace fusion {

class OscDump {
public:
    enum class Mode : std::uint8_t { off, parsed, hex, both };  // SuperCollider's numbers
    static constexpr std::size_t kLinesASecond = 200;
    static constexpr std::size_t kLongestLine = 1000;

    using Log = std::function<void(const std::string& line)>;
    explicit OscDump(Log log) : log_{std::move(log)} {}

    void set(Mode mode) { mode_ = mode; }
    [[nodiscard]] Mode mode() const { return mode_; }

    void packet(std::span<const std::uint8_t> bytes,
                const Result<std::vector<TimedOscMessage>>& messages, const UdpPeer& from,
                TimePoint now);
    // Tells what was left out, once its second is over.
    void turn(TimePoint now);

private:
    void line(std::string text, TimePoint now);

    Log log_;
    Mode mode_ = Mode::off;
    TimePoint second_ends_{};
    std::size_t lines_ = 0;
    std::uint64_t left_out_ = 0;
};

}  // namespace fusion
