// One WebSocket as who talks over it sees it: frames in, frames out. The bytes are
// websocket_session.hpp's.
// Thread: control. Errors: a link that breaks says `closed`; sending into it then does nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>

namespace fusion {

struct WebSocketFrame {
    enum class Kind : std::uint8_t { text, binary };
    Kind kind = Kind::binary;
    std::vector<std::uint8_t> bytes;
    // What it says something about: an OSC path. Of frames about the same, the last one matters
    // most. Empty: about nothing, an answer.
    std::string about;
};

class WebSocketLink {
public:
    struct Receiver {
        std::function<void(std::string_view)> text;
        std::function<void(std::span<const std::uint8_t>)> binary;
        std::function<void()> closed;  // once, whoever closed it
        std::function<void()> room{};  // it is held, and was full, and is so no more
    };

    WebSocketLink() = default;
    virtual ~WebSocketLink() = default;
    WebSocketLink(const WebSocketLink&) = delete;
    WebSocketLink& operator=(const WebSocketLink&) = delete;

    virtual void receive(Receiver receiver) = 0;
    // In its turn.
    virtual void send(WebSocketFrame frame) = 0;
    // In the place of one about the same that still waits, if there is one.
    virtual void send_latest(WebSocketFrame frame) = 0;
    // So much waits to leave that nothing more should be answered now.
    [[nodiscard]] virtual bool is_full() const = 0;
    // Nothing more is read until go_on(): what came has yet to be done.
    virtual void hold() = 0;
    virtual void go_on() = 0;
    virtual void close() = 0;
    [[nodiscard]] virtual boost::asio::ip::address peer() const = 0;
};

}  // namespace fusion
