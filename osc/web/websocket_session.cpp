#include "osc/web/websocket_session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "engine/base/realtime_contract.hpp"

namespace fusion {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

WebSocketSession::WebSocketSession(beast::tcp_stream stream, const HttpLimits& limits)
    : stream_{std::move(stream)}, buffer_{2 * limits.message_bytes}, patience_{limits.write} {
    // The WebSocket keeps its own time.
    beast::get_lowest_layer(stream_).expires_never();
    websocket::stream_base::timeout patience{};
    patience.handshake_timeout = limits.idle;
    patience.idle_timeout = limits.idle;
    patience.keep_alive_pings = true;
    stream_.set_option(patience);
    stream_.read_message_max(limits.message_bytes);
    error_code ignored;
    peer_ = beast::get_lowest_layer(stream_).socket().remote_endpoint(ignored).address();
    if (peer_.is_v6() && peer_.to_v6().is_v4_mapped())
        peer_ = boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, peer_.to_v6());
}

void WebSocketSession::accept(const Request& request, HttpRoute::TakeSocket taker) {
    stream_.async_accept(
        request, [self = shared_from_this(), taker = std::move(taker)](const error_code& error) {
            if (error || self->state_ == State::ended) return self->end();
            taker(self);
            self->read();
        });
}

void WebSocketSession::read() {
    stream_.async_read(buffer_,
                       [self = shared_from_this()](const error_code& error, std::size_t size) {
                           if (error) return self->end();
                           self->take_message(size);
                       });
}

void WebSocketSession::take_message(std::size_t size) {
    expect_thread(ThreadRole::control);
    const auto* bytes = static_cast<const std::uint8_t*>(buffer_.data().data());
    // Copies: the receiver may close the link, which drops it.
    if (stream_.got_text()) {
        if (const auto text = receiver_.text) text({reinterpret_cast<const char*>(bytes), size});
    } else if (const auto binary = receiver_.binary) {
        binary({bytes, size});
    }
    buffer_.consume(buffer_.size());
    if (state_ == State::ended) return;
    reading_ = Reading::paused;
    read_again();
}

void WebSocketSession::read_again() {
    if (reading_ == Reading::yes || held_ == Held::yes || state_ == State::ended ||
        outbox_.is_half_full())
        return;
    reading_ = Reading::yes;
    read();
}

void WebSocketSession::go_on() {
    held_ = Held::no;
    read_again();
}

void WebSocketSession::send(WebSocketFrame frame) {
    expect_thread(ThreadRole::control);
    if (state_ == State::ended) return;
    outbox_.put(std::move(frame));
    write();
}

void WebSocketSession::send_latest(WebSocketFrame frame) {
    expect_thread(ThreadRole::control);
    if (state_ == State::ended) return;
    outbox_.put_latest(std::move(frame));
    write();
}

void WebSocketSession::write() {
    if (state_ == State::ended) return;
    if (leaving_) {
        // Later: who sends may be going through all its links.
        if (stuck_for() >= patience_)
            boost::asio::post(stream_.get_executor(), [self = shared_from_this()] { self->end(); });
        return;
    }
    leaving_ = outbox_.take();
    if (!leaving_) return;
    leaving_since_ = std::chrono::steady_clock::now();
    stream_.binary(leaving_->kind == WebSocketFrame::Kind::binary);
    stream_.async_write(boost::asio::buffer(leaving_->bytes),
                        [self = shared_from_this()](const error_code& error, std::size_t) {
                            self->leaving_.reset();
                            if (error) return self->end();
                            self->read_again();
                            if (self->held_ == Held::yes && !self->is_full())
                                if (const auto room = self->receiver_.room) room();
                            self->write();
                        });
}

std::chrono::steady_clock::duration WebSocketSession::stuck_for() const {
    return leaving_ ? std::chrono::steady_clock::now() - leaving_since_
                    : std::chrono::steady_clock::duration{0};
}

// Cut, not closed in the protocol's manner: this is for the end of the daemon.
void WebSocketSession::close() { end(); }

void WebSocketSession::end() {
    if (state_ == State::ended) return;
    state_ = State::ended;
    error_code ignored;
    beast::get_lowest_layer(stream_).socket().close(ignored);
    const auto receiver = std::exchange(receiver_, {});
    if (receiver.closed) receiver.closed();
}

}  // namespace fusion
