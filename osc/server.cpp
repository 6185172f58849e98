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

}  // namespace

Result<std::unique_ptr<OscServer>> OscServer::open(boost::asio::io_context& io,
                                                   const std::string& address, std::uint16_t port,
                                                   std::string version, ParamStore& params,
                                                   ActionDesk& actions, const EngineMeters& meters,
                                                   TimeSource& time, WallClock wall) {
    auto udp = UdpPort::open(io, address, port);
    if (!udp) return tl::unexpected{udp.error()};
    return std::unique_ptr<OscServer>{new OscServer{io, std::move(*udp), std::move(version), params,
                                                    actions, meters, time, std::move(wall)}};
}

OscServer::OscServer(boost::asio::io_context& io, std::unique_ptr<UdpPort> udp, std::string version,
                     ParamStore& params, ActionDesk& actions, const EngineMeters& meters,
                     TimeSource& time, WallClock wall)
    : udp_{std::move(udp)},
      version_{std::move(version)},
      params_{params},
      meters_{meters},
      time_{time},
      wall_{std::move(wall)},
      names_{params, actions},
      streams_{*udp_, names_, params, time},
      schedule_{[this](const OscMessage& message, const UdpPeer& from) { perform(message, from); }},
      dump_{[](const std::string& line) { log::info("{}", line); }},
      timer_{io} {
    add_verbs();
    udp_->receive([this](std::span<const std::uint8_t> packet, const UdpPeer& peer) {
        receive(packet, peer);
    });
}

OscServer::~OscServer() { udp_->close(); }

void OscServer::receive(std::span<const std::uint8_t> packet, const UdpPeer& peer) {
    expect_thread(ThreadRole::control);
    streams_.heard_from(peer);
    auto messages = decode_osc(packet);
    dump_.packet(packet, messages, peer, time_.now());
    if (!messages) return refuse(messages.error(), packet, peer);
    constexpr std::int64_t kImmediate = 1;  // of the words schedule, immediate
    if (params_.current().integer(ParamId::timetags) == kImmediate)
        for (auto& message : *messages) message.when = {};
    const auto [wall, now] = both_clocks(time_, wall_);
    if (const auto refused = schedule_.take(*messages, peer, wall, now))
        if (!is_osc_answer(std::get<std::string>(refused->args[0])))
            udp_->send(encode_osc(*refused), peer);
    wait_for_next();
}

// Counted always, logged once a second at most: a flood must not fill the journal.
void OscServer::refuse(const Error& error, std::span<const std::uint8_t> packet,
                       const UdpPeer& peer) {
    ++malformed_;
    if (const auto path = osc_path_of(packet); !path.empty() && !is_osc_answer(path))
        udp_->send(encode_osc(osc_fail(path, error.message)), peer);
    if (time_.now() < next_complaint_) return;
    next_complaint_ = time_.now() + std::chrono::seconds{1};
    log::warning("OSC from {}: {}; left out ({} so far)", peer.address().to_string(), error.message,
                 malformed_);
}

void OscServer::perform(const OscMessage& message, const UdpPeer& from) {
    sender_ = from;
    names_.handle(message, [&](const OscMessage& answer) { udp_->send(encode_osc(answer), from); });
}

void OscServer::run_due() {
    expect_thread(ThreadRole::control);
    schedule_.run_due(time_.now());
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
    const auto now = time_.now();
    dump_.turn(now);
    if (now < next_late_) return;
    const auto worst = schedule_.take_worst();
    if (worst == Nanos{0}) return;
    next_late_ = now + std::chrono::seconds{1};
    streams_.publish_late(worst);
}

}  // namespace fusion
