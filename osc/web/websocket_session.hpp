// The bytes of one WebSocket: Boost.Beast on the control thread's io_context. Keeps itself alive
// while the socket is open.
//
// Messages come whole, of one frame or of fragments, up to a bound; one that is longer, is no UTF-8
// where it says text, or breaks the protocol closes this socket and no other. While half of the
// outbox is full nothing more is read, so that who asks without listening waits in TCP. A peer that
// answers no ping for the idle time is gone.
// Thread: control. Errors: the link closes.
#pragma once

#include <memory>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "osc/web/http_server.hpp"
#include "osc/web/websocket_outbox.hpp"

namespace fusion {

class WebSocketSession final : public WebSocketLink,
                               public std::enable_shared_from_this<WebSocketSession> {
public:
    using Request = boost::beast::http::request<boost::beast::http::empty_body>;

    WebSocketSession(boost::beast::tcp_stream stream, const HttpLimits& limits);

    // Answers the request for the upgrade and hands the link to `taker` when that is done.
    void accept(const Request& request, HttpRoute::TakeSocket taker);

    void receive(Receiver receiver) override { receiver_ = std::move(receiver); }
    void send(WebSocketFrame frame) override;
    void send_latest(WebSocketFrame frame) override;
    void close() override;

private:
    void read();
    void take_message(std::size_t size);
    void write();
    void end();

    boost::beast::websocket::stream<boost::beast::tcp_stream> stream_;
    boost::beast::flat_buffer buffer_;
    Receiver receiver_;
    WebSocketOutbox outbox_;
    std::optional<WebSocketFrame> leaving_;
    enum class Reading : std::uint8_t { yes, paused };
    Reading reading_ = Reading::yes;
    enum class State : std::uint8_t { open, ended };
    State state_ = State::open;
};

}  // namespace fusion
