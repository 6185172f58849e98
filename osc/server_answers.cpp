// What goes back to whom, and how much of it (peers.hpp).
#include <algorithm>

#include "osc/server.hpp"

namespace fusion {

void OscServer::answer(const OscMessage& answer, const UdpPeer& to) {
    const auto bytes = encode_osc(answer);
    if (peers_.take(to, bytes.size(), time_.now()))
        udp_->send(bytes, to);
    else
        ++withheld_;
}

void OscServer::answer_shortly(const std::vector<OscMessage>& answers, std::size_t bytes_in,
                               const UdpPeer& to) {
    const auto now = time_.now();
    if (peers_.hears_us(to, now)) {
        for (const auto& one : answers) answer(one, to);
        return;
    }
    if (answers.empty()) return;
    std::vector<std::vector<std::uint8_t>> packets;
    std::size_t bytes_out = 0;
    for (const auto& one : answers) bytes_out += packets.emplace_back(encode_osc(one)).size();
    if (bytes_out > OscPeers::kOutOverIn * bytes_in) {
        ++withheld_;
        packets = {encode_osc(peers_.hello(to, now))};
        if (packets[0].size() > OscPeers::kOutOverIn * bytes_in) return;
    }
    for (const auto& packet : packets) udp_->send(packet, to);
}

// A stream is what a forged packet would like best: it begins when the peer has answered.
void OscServer::subscribe(const OscMessage& message, const OscReply& reply) {
    const auto now = time_.now();
    if (peers_.hears_us(sender_, now)) return streams_.subscribe(message, sender_, reply);
    constexpr std::size_t kMostWaiting = 32;
    constexpr std::size_t kMostArgs = 16;
    if (message.args.size() > kMostArgs) return reply(osc_fail(message.path, "too many arguments"));
    std::erase_if(would_listen_, [&](const auto& one) { return one.first == sender_; });
    if (would_listen_.size() == kMostWaiting) would_listen_.pop_front();
    would_listen_.emplace_back(sender_, TimedOscMessage{message, {}, 0});
    reply(peers_.hello(sender_, now));
}

void OscServer::take_hello(const OscMessage& message, const OscReply& reply) {
    const auto now = time_.now();
    if (message.args.empty()) return reply(peers_.hello(sender_, now));
    const auto cookie = osc_text(message.args[0]);
    // An old or a strange one is not answered: two daemons would say hello for ever.
    if (!cookie || !peers_.prove(sender_, *cookie, now)) return;
    reply({"/done", {message.path}});
    const auto wish = std::find_if(would_listen_.begin(), would_listen_.end(),
                                   [&](const auto& one) { return one.first == sender_; });
    if (wish == would_listen_.end()) return;
    const auto wanted = std::move(wish->second);
    would_listen_.erase(wish);
    streams_.subscribe(wanted, sender_, reply);
}

void OscServer::ask_listeners() {
    const auto now = time_.now();
    streams_.each_listener([&](const UdpPeer& from) {
        if (peers_.should_ask(from, now)) udp_->send(encode_osc(peers_.hello(from, now)), from);
    });
}

}  // namespace fusion
