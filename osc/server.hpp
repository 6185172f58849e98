// The OSC server: the namespace over one UDP port, SuperCollider's manners, and the streams.
//
//   /status        -> /status.reply  i playing, f tempo in force, s rung, i lateness p99 µs,
//                                    i underruns, i realtime clock (1 or 0), i steps ready,
//                                    i steps played, i steps too late to play,
//                                    i memory locked (1 or 0), s sync, s what came of it
//                                    (sync_source.hpp), f song position in beats, then s per genre
//                                    of the bundle
//   /fusiond/help [s path]  -> /fusiond/help.reply for each (catalogue.hpp)
//   /version       -> /version.reply s name, s version
//   /sync i        -> /synced i
//   /notify 1|0    -> /done s        begins or ends the streams
//   /fusiond/subscribe [i seconds]   the same, 0 ends; 60 s after the last packet when not said
//   streams: /fusiond/note i pitch, i velocity, i channel, f beats, s rung
//            /fusiond/beat i number, i beat of the bar
//            /fusiond/<parameter>, /fusiond/weight/<genre> when they change
// Thread: control. Errors: open() says unavailable or malformed; later ones go to the sender.
#pragma once

#include <memory>
#include <string>

#include "engine/base/time_source.hpp"
#include "engine/realtime/engine.hpp"
#include "osc/namespace.hpp"
#include "osc/subscribers.hpp"
#include "osc/udp_port.hpp"

namespace fusion {

[[nodiscard]] std::string_view rung_name(Rung rung);

class OscServer {
public:
    // All references outlive the server.
    static Result<std::unique_ptr<OscServer>> open(boost::asio::io_context& io,
                                                   const std::string& address, std::uint16_t port,
                                                   std::string version, ParamStore& params,
                                                   const EngineMeters& meters, TimeSource& time);
    ~OscServer();
    OscServer(const OscServer&) = delete;
    OscServer& operator=(const OscServer&) = delete;

    // To the subscribers.
    void publish(const PlayedEvent& event);
    void publish_changes();

    [[nodiscard]] std::uint16_t port() const { return udp_->port(); }
    [[nodiscard]] std::uint64_t malformed() const { return malformed_; }

private:
    OscServer(std::unique_ptr<UdpPort> udp, std::string version, ParamStore& params,
              const EngineMeters& meters, TimeSource& time);
    void add_verbs();
    void receive(std::span<const std::uint8_t> packet, const UdpPeer& peer);
    void refuse(const Error& error, const UdpPeer& peer);
    void subscribe(const OscMessage& message, const OscReply& reply);
    void help(const OscMessage& message, const OscReply& reply);
    [[nodiscard]] OscMessage status() const;
    void stream(const OscMessage& message);

    std::unique_ptr<UdpPort> udp_;
    std::string version_;
    ParamStore& params_;
    const EngineMeters& meters_;
    TimeSource& time_;
    OscNamespace namespace_;
    Subscribers subscribers_;
    UdpPeer sender_;  // of the packet that is being looked at
    ParamSnapshot told_;
    std::uint64_t malformed_ = 0;
    TimePoint next_complaint_{};
};

}  // namespace fusion
