#include "osc/server.hpp"

#include "engine/base/log.hpp"
#include "engine/base/realtime_contract.hpp"

namespace fusion {
namespace {

struct Moment {
    OscTimeTag wall;
    TimePoint now;
};

// Both clocks at once. Who was interrupted between reading one and the other reads again.
Moment both_clocks(const TimeSource& time, const OscServer::WallClock& wall) {
    constexpr Nanos kTogether = std::chrono::microseconds{100};
    Moment moment;
    for (int attempt = 0; attempt < 3; ++attempt) {
        const auto before = time.now();
        moment.wall = wall();
        moment.now = time.now();
        if (moment.now - before < kTogether) break;
    }
    return moment;
}

FairWork::Source source_of(const UdpPeer& peer) { return {peer.address(), peer.port()}; }

}  // namespace

Result<std::unique_ptr<OscServer>> OscServer::open(boost::asio::io_context& io,
                                                   const std::string& address, std::uint16_t port,
                                                   std::string version, ParamStore& params,
                                                   ActionDesk& actions, const EngineMeters& meters,
                                                   TimeSource& time, WallClock wall,
                                                   OscAccess access) {
    auto udp = UdpPort::open(io, address, port);
    if (!udp) return tl::unexpected{udp.error()};
    return std::unique_ptr<OscServer>{new OscServer{io, std::move(*udp), std::move(version), params,
                                                    actions, meters, time, std::move(wall),
                                                    std::move(access)}};
}

OscServer::OscServer(boost::asio::io_context& io, std::unique_ptr<UdpPort> udp, std::string version,
                     ParamStore& params, ActionDesk& actions, const EngineMeters& meters,
                     TimeSource& time, WallClock wall, OscAccess access)
    : udp_{std::move(udp)},
      version_{std::move(version)},
      params_{params},
      meters_{meters},
      time_{time},
      wall_{std::move(wall)},
      names_{params, actions},
      peers_{std::move(access)},
      streams_{*udp_, names_, params, time, peers_},
      schedule_{[this](TimedOscMessage message, const UdpPeer& from) {
          perform_soon(std::move(message), from);
      }},
      dump_{[](const std::string& line) { log::info("{}", line); }},
      work_{io},
      timer_{io} {
    add_verbs();
    udp_->receive([this](std::span<const std::uint8_t> packet, const UdpPeer& peer) {
        receive(packet, peer);
    });
}

OscServer::~OscServer() { udp_->close(); }

// One datagram: its bytes until its turn comes, then its messages.
struct OscServer::Arrival {
    std::vector<std::uint8_t> bytes;
    UdpPeer peer;
    Moment came;
    std::vector<TimedOscMessage> messages{};
    std::size_t next = 0;
    enum class State : std::uint8_t { bytes, messages };
    State state = State::bytes;

    [[nodiscard]] FairWork::Left left() const {
        return next < messages.size() ? FairWork::Left::more : FairWork::Left::nothing;
    }
};

void OscServer::receive(std::span<const std::uint8_t> packet, const UdpPeer& peer) {
    expect_thread(ThreadRole::control);
    if (!peers_.lets_in(peer)) {
        return turn_away(peer);
    }
    streams_.heard_from(peer);
    const auto came = both_clocks(time_, wall_);
    run_due();
    const bool idle = work_.idle();
    auto arrival = std::make_shared<Arrival>(Arrival{{packet.begin(), packet.end()}, peer, came});
    if (!work_.add(source_of(peer), packet.size(), [this, arrival] { return go_on(*arrival); }))
        return no_room_for(peer);
    if (idle) work_.work();
}

FairWork::Left OscServer::go_on(Arrival& arrival) {
    constexpr std::size_t kLarge = 4096;  // to read it is a piece of its own
    if (arrival.state == Arrival::State::bytes) {
        arrival.state = Arrival::State::messages;
        begin(arrival);
        if (arrival.bytes.size() >= kLarge) return arrival.left();
    }
    if (arrival.next < arrival.messages.size())
        perform(arrival.messages[arrival.next++], arrival.peer);
    return arrival.left();
}

void OscServer::begin(Arrival& arrival) {
    auto messages = decode_osc(arrival.bytes);
    dump_.packet(arrival.bytes, messages, arrival.peer, time_.now());
    if (!messages) return refuse(messages.error(), arrival.bytes, arrival.peer);
    constexpr std::int64_t kImmediate = 1;  // of the words schedule, immediate
    if (params_.current().integer(ParamId::timetags) == kImmediate)
        for (auto& message : *messages) message.when = {};
    auto taken =
        schedule_.take(std::move(*messages), arrival.peer, arrival.came.wall, arrival.came.now);
    arrival.messages = std::move(taken.now);
    if (taken.refusal && !is_osc_answer(std::get<std::string>(taken.refusal->args[0])))
        answer_shortly({*taken.refusal}, arrival.bytes.size(), arrival.peer);
    wait_for_next();
}

// Counted always, logged once a second at most: a flood must not fill the journal.
void OscServer::refuse(const Error& error, std::span<const std::uint8_t> packet,
                       const UdpPeer& peer) {
    ++malformed_;
    if (const auto path = osc_path_of(packet); !path.empty() && !is_osc_answer(path))
        answer_shortly({osc_fail(path, error.message)}, packet.size(), peer);
    if (time_.now() < next_complaint_) return;
    next_complaint_ = time_.now() + std::chrono::seconds{1};
    log::warning("OSC from {}: {}; left out ({} so far)", peer.address().to_string(), error.message,
                 malformed_);
}

// Told now and then: who wonders why nothing happens looks there.
void OscServer::turn_away(const UdpPeer& peer) {
    ++turned_away_;
    if (time_.now() < next_turned_away_) return;
    next_turned_away_ = time_.now() + std::chrono::minutes{1};
    log::warning("OSC from {}: not let in; [osc] allow says who is ({} packets so far)",
                 peer.address().to_string(), turned_away_);
}

void OscServer::no_room_for(const UdpPeer& peer) {
    if (time_.now() < next_no_room_) return;
    next_no_room_ = time_.now() + std::chrono::seconds{1};
    log::warning("OSC from {}: more than can be done waits already; left out ({} packets so far)",
                 peer.address().to_string(), work_.refused());
}

void OscServer::perform(const TimedOscMessage& message, const UdpPeer& from) {
    sender_ = from;
    if (peers_.hears_us(from, time_.now()))
        return names_.handle(message, [&](const OscMessage& said) { answer(said, from); });
    std::vector<OscMessage> answers;
    names_.handle(message, [&](const OscMessage& said) { answers.push_back(said); });
    answer_shortly(answers, message.bytes, from);
}

// What was due may be forgotten yet: by a /clearSched of the same time.
void OscServer::perform_soon(TimedOscMessage message, const UdpPeer& from) {
    work_.add_bounded(source_of(from), [this, from, cleared = cleared_, due = std::move(message)] {
        if (cleared == cleared_) perform(due, from);
        return FairWork::Left::nothing;
    });
}

void OscServer::run_due() {
    expect_thread(ThreadRole::control);
    const bool idle = work_.idle();
    schedule_.run_due(time_.now());
    if (idle) work_.work();
    wait_for_next();
}

void OscServer::wait_for_next() {
    const auto next = schedule_.next();
    if (next == waits_for_) return;
    waits_for_ = next;
    if (!next) {
        timer_.cancel();
        return;
    }
    timer_.expires_after(*next - time_.now());
    timer_.async_wait(
        [this, alive = std::weak_ptr{alive_}](const boost::system::error_code& error) {
            if (error || alive.expired()) return;
            waits_for_.reset();
            run_due();
        });
}

void OscServer::turn() {
    expect_thread(ThreadRole::control);
    run_due();
    streams_.turn();
    ask_listeners();
    const auto now = time_.now();
    dump_.turn(now);
    if (now < next_late_) return;
    const auto worst = schedule_.take_worst();
    if (worst == Nanos{0}) return;
    next_late_ = now + std::chrono::seconds{1};
    streams_.publish_late(worst);
}

}  // namespace fusion
