// The bytes of one WebSocket: Boost.Beast on the control thread's io_context. Keeps itself alive
// while the socket is open.
//
// Messages come whole, of one frame or of fragments, up to a bound; one that is longer, is no UTF-8
// where it says text, or breaks the protocol closes this socket and no other. While half of the
// outbox is full nothing more is read, so that who asks without listening waits in TCP. A peer that
// answers no ping for the idle time is gone, and so is one that has not taken a message in the time
// for writing when another is to follow it.
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
    [[nodiscard]] bool is_full() const override { return outbox_.is_half_full(); }
    void hold() override { held_ = Held::yes; }
    void go_on() override;
    void close() override;
    [[nodiscard]] boost::asio::ip::address peer() const override { return peer_; }
    // For how long it has taken nothing of what waits for it.
    [[nodiscard]] std::chrono::steady_clock::duration stuck_for() const;
    [[nodiscard]] bool has_ended() const { return state_ == State::ended; }

private:
    void read();
    void read_again();
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
    enum class Held : std::uint8_t { no, yes };
    Held held_ = Held::no;
    boost::asio::ip::address peer_;
    std::chrono::milliseconds patience_;  // with who takes nothing
    std::chrono::steady_clock::time_point leaving_since_{};
    enum class State : std::uint8_t { open, ended };
    State state_ = State::open;
};

}  // namespace fusion
