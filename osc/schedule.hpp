// What waits for its time. A time tag is of the sender's wall clock (NTP); it is turned into a
// moment of our own monotonic clock when it arrives, so that a step of the wall clock afterwards
// moves nothing that waits. liblo's queue is not used: it has no bound and follows the wall clock.
//
// Bounded: at most kMost messages of the network, kMostBytes of them, a quarter of that of one
// address, none further than kFarthest ahead; this machine has as much as the network, which others
// cannot use up. A datagram that would go beyond is refused whole. What has passed already is done
// at once and counted as late, and so is what our own thread comes to more than kTolerance after
// its time. Messages of the same time keep the order in which they came, in one datagram or in
// several. Thread: control. Errors: told to the caller, as the /fail for the sender.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "engine/base/units.hpp"
#include "osc/message.hpp"
#include "osc/udp_port.hpp"

namespace fusion {

// The machine's wall clock as a time tag.
[[nodiscard]] OscTimeTag wall_clock_now();

// How far `tag` is ahead of `wall`; below 0: it has passed. Right across the year 2036, when NTP
// begins anew, for what lies within the schedule's reach.
[[nodiscard]] Nanos ahead_of(OscTimeTag wall, OscTimeTag tag);

class OscSchedule {
public:
    static constexpr std::size_t kMost = 4096;
    static constexpr std::size_t kMostBytes = std::size_t{4} << 20U;
    static constexpr std::size_t kShareOfOne = 4;  // other machine: this part of both
    static constexpr Nanos kFarthest = std::chrono::seconds{60};
    static constexpr Nanos kTolerance = std::chrono::milliseconds{5};

    using Doer = std::function<void(TimedOscMessage, const UdpPeer& from)>;
    struct Tally {
        std::size_t waiting = 0;
        std::uint64_t late = 0;
        std::uint64_t refused = 0;  // messages
        Nanos worst{0};             // lateness since the start
    };

    explicit OscSchedule(Doer doer) : do_{std::move(doer)} {}

    // What a datagram has for now, in its order; or, where all of it was refused, what to tell the
    // sender.
    struct Taken {
        std::vector<TimedOscMessage> now;
        std::optional<OscMessage> refusal;
    };
    // Does what is due and keeps what this datagram has for later. `wall` and `now` are the same
    // moment, that in which it came.
    [[nodiscard]] Taken take(std::vector<TimedOscMessage> packet, const UdpPeer& from,
                             OscTimeTag wall, TimePoint now);
    void run_due(TimePoint now);
    // What waits is forgotten.
    void clear();

    [[nodiscard]] std::optional<TimePoint> next() const;
    [[nodiscard]] Tally tally() const;
    // The worst lateness since this was last asked.
    [[nodiscard]] Nanos take_worst();

private:
    struct Waiting {
        TimedOscMessage message;
        UdpPeer from;
        std::size_t bytes;
    };
    struct Seats {
        std::size_t messages = 0;
        std::size_t bytes = 0;
    };
    [[nodiscard]] bool has_room_for(Seats more, const UdpPeer& of) const;
    [[nodiscard]] Seats taken_by(const UdpPeer& peer) const;
    [[nodiscard]] Seats taken_by_network() const;
    void leave(const UdpPeer& peer, std::size_t bytes);
    [[nodiscard]] Taken refuse(const std::string& path, const std::string& reason,
                               std::size_t messages);
    void keep(TimedOscMessage message, const UdpPeer& from, TimePoint due);
    void was_late(Nanos by);

    Doer do_;
    std::multimap<TimePoint, Waiting> waiting_;
    std::map<boost::asio::ip::address, Seats> seats_;  // of those for whom something waits
    std::uint64_t late_ = 0;
    std::uint64_t refused_ = 0;
    Nanos worst_{0};
    Nanos untold_{0};
};

}  // namespace fusion
