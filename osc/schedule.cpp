#include "osc/schedule.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "osc/namespace.hpp"
#include "osc/peers.hpp"

namespace fusion {
namespace {

constexpr std::uint64_t kNanosPerSecond = 1'000'000'000;

// All of this machine's addresses have one share.
const boost::asio::ip::address kHere{boost::asio::ip::address_v4::loopback()};

boost::asio::ip::address house_of(const UdpPeer& peer) {
    return is_loopback_address(peer.address()) ? kHere : peer.address();
}

Nanos to_nanos(std::uint64_t ntp) {
    constexpr std::uint64_t kHalf = 1U << 31U;
    const std::uint64_t fraction = ((ntp & 0xFFFF'FFFFU) * kNanosPerSecond + kHalf) >> 32U;
    return Nanos{static_cast<std::int64_t>((ntp >> 32U) * kNanosPerSecond + fraction)};
}

// Roughly what it takes in memory.
std::size_t bytes_of(const OscMessage& message) {
    std::size_t bytes =
        sizeof(OscMessage) + message.path.size() + message.args.size() * sizeof(OscArg);
    for (const auto& arg : message.args)
        if (const auto* text = std::get_if<std::string>(&arg)) bytes += text->size();
    return bytes;
}

}  // namespace

OscTimeTag wall_clock_now() {
    constexpr std::uint64_t kFrom1900To1970 = 2'208'988'800;
    const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
    const auto nanos =
        static_cast<std::uint64_t>(std::chrono::duration_cast<Nanos>(since_1970).count());
    const std::uint64_t seconds = nanos / kNanosPerSecond + kFrom1900To1970;
    return {(seconds << 32U) | (((nanos % kNanosPerSecond) << 32U) / kNanosPerSecond)};
}

Nanos ahead_of(OscTimeTag wall, OscTimeTag tag) {
    constexpr std::uint64_t kReach = std::uint64_t{3600} << 32U;
    const std::uint64_t forward = tag.ntp - wall.ntp;  // goes round where the era ends
    if (forward <= kReach || tag > wall) return to_nanos(forward);
    return -to_nanos(wall.ntp - tag.ntp);
}

OscSchedule::Taken OscSchedule::take(std::vector<TimedOscMessage> packet, const UdpPeer& from,
                                     OscTimeTag wall, TimePoint now) {
    run_due(now);
    Seats more;
    for (const auto& message : packet) {
        const auto ahead = message.when.at_once() ? Nanos{0} : ahead_of(wall, message.when);
        if (ahead > kFarthest)
            return refuse(
                message.path,
                fmt::format("its time tag is {:.1f} s ahead; at most {} s. Do the clocks "
                            "of both machines agree?",
                            std::chrono::duration<double>(ahead).count(),
                            std::chrono::duration_cast<std::chrono::seconds>(kFarthest).count()),
                packet.size());
        if (ahead <= Nanos{0}) continue;
        ++more.messages;
        more.bytes += bytes_of(message);
        if (!has_room_for(more, from))
            return refuse(message.path,
                          fmt::format("{} messages wait for their time already, {} of them of "
                                      "your machine; /clearSched forgets them",
                                      waiting_.size(), taken_by(from).messages),
                          packet.size());
    }
    Taken taken;
    for (auto& message : packet) {
        const auto ahead = message.when.at_once() ? Nanos{0} : ahead_of(wall, message.when);
        if (ahead > Nanos{0}) {
            keep(std::move(message), from, now + ahead);
            continue;
        }
        if (ahead < Nanos{0}) was_late(-ahead);
        taken.now.push_back(std::move(message));
    }
    return taken;
}

bool OscSchedule::has_room_for(Seats more, const UdpPeer& of) const {
    const auto fits = [&](const Seats& taken, std::size_t share) {
        return taken.messages + more.messages <= kMost / share &&
               taken.bytes + more.bytes <= kMostBytes / share;
    };
    if (house_of(of) == kHere) return fits(taken_by(of), 1);
    return fits(taken_by(of), kShareOfOne) && fits(taken_by_network(), 1);
}

OscSchedule::Seats OscSchedule::taken_by(const UdpPeer& peer) const {
    const auto seats = seats_.find(house_of(peer));
    return seats == seats_.end() ? Seats{} : seats->second;
}

OscSchedule::Seats OscSchedule::taken_by_network() const {
    Seats all;
    for (const auto& [address, seats] : seats_) {
        if (address == kHere) continue;
        all.messages += seats.messages;
        all.bytes += seats.bytes;
    }
    return all;
}

void OscSchedule::leave(const UdpPeer& peer, std::size_t bytes) {
    const auto seats = seats_.find(house_of(peer));
    --seats->second.messages;
    seats->second.bytes -= bytes;
    if (seats->second.messages == 0) seats_.erase(seats);
}

void OscSchedule::keep(TimedOscMessage message, const UdpPeer& from, TimePoint due) {
    // The two clocks are not read in the same instant, and one may be slewed: without this, a
    // second datagram for the same time could come out before the first.
    constexpr Nanos kJitter = std::chrono::milliseconds{5};
    const auto end = waiting_.upper_bound(due + kJitter);
    const auto same = std::find_if(waiting_.lower_bound(due - kJitter), end, [&](const auto& it) {
        return it.second.message.when == message.when;
    });
    if (same != end) due = same->first;
    const auto bytes = bytes_of(message);
    auto& seats = seats_[house_of(from)];
    ++seats.messages;
    seats.bytes += bytes;
    waiting_.emplace(due, Waiting{std::move(message), from, bytes});
}

void OscSchedule::run_due(TimePoint now) {
    // Taken out before it is done: it may be /clearSched.
    while (!waiting_.empty() && waiting_.begin()->first <= now) {
        auto first = waiting_.extract(waiting_.begin());
        leave(first.mapped().from, first.mapped().bytes);
        if (const auto behind = now - first.key(); behind > kTolerance) was_late(behind);
        do_(std::move(first.mapped().message), first.mapped().from);
    }
}

void OscSchedule::clear() {
    waiting_.clear();
    seats_.clear();
}

std::optional<TimePoint> OscSchedule::next() const {
    if (waiting_.empty()) return {};
    return waiting_.begin()->first;
}

OscSchedule::Tally OscSchedule::tally() const { return {waiting_.size(), late_, refused_, worst_}; }

Nanos OscSchedule::take_worst() { return std::exchange(untold_, Nanos{0}); }

OscSchedule::Taken OscSchedule::refuse(const std::string& path, const std::string& reason,
                                       std::size_t messages) {
    refused_ += messages;
    return {{},
            osc_fail(path, messages == 1 ? reason
                                         : fmt::format("{}; nothing of the bundle's {} messages "
                                                       "is done",
                                                       reason, messages))};
}

void OscSchedule::was_late(Nanos by) {
    ++late_;
    worst_ = std::max(worst_, by);
    untold_ = std::max(untold_, by);
}

}  // namespace fusion
