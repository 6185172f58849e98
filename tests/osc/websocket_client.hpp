// A WebSocket client on the test's own io_context, by Boost.Beast.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <nlohmann/json.hpp>

#include "osc/message.hpp"
#include "osc/web/websocket_link.hpp"

namespace fusion {

inline std::string words_of(const OscMessage& message) {
    std::string line = message.path;
    for (const auto& arg : message.args) {
        if (const auto* text = std::get_if<std::string>(&arg))
            line += " " + *text;
        else
            line += fmt::format(" {:.4g}", osc_number(arg).value_or(-999.0));
    }
    return line;
}

// What one client hears: OSC messages in words, text as it is, and whether it was closed.
class WebSocketClient {
public:
    enum class Ear : std::uint8_t { open, shut };

    WebSocketClient(boost::asio::io_context& io, std::uint16_t port, Ear ear = Ear::open)
        : stream_{io} {
        stream_.next_layer().connect({boost::asio::ip::make_address("127.0.0.1"), port});
        stream_.async_handshake(response_, fmt::format("localhost:{}", port), "/",
                                [this, ear](const boost::system::error_code& error) {
                                    shaken = true;
                                    closed = static_cast<bool>(error);
                                    if (!error && ear == Ear::open) read();
                                });
    }

    void text(std::string words) { write(WebSocketFrame::Kind::text, std::move(words)); }
    void command(const std::string& name, const std::string& path) {
        text(nlohmann::json{{"COMMAND", name}, {"DATA", path}}.dump());
    }
    void osc(const OscMessage& message) {
        const auto bytes = encode_osc(message);
        write(WebSocketFrame::Kind::binary, {bytes.begin(), bytes.end()});
    }
    void binary(std::string bytes) { write(WebSocketFrame::Kind::binary, std::move(bytes)); }
    void read() {
        stream_.async_read(
            buffer_, [this](const boost::system::error_code& error, std::size_t size) {
                if (error) {
                    closed = true;
                    return;
                }
                const auto* bytes = static_cast<const std::uint8_t*>(buffer_.data().data());
                if (stream_.got_text()) {
                    heard.emplace_back(reinterpret_cast<const char*>(bytes), size);
                } else {
                    const auto messages = decode_osc({bytes, size});
                    ASSERT_TRUE(messages) << messages.error().message;
                    for (const auto& message : *messages) heard.push_back(words_of(message));
                }
                buffer_.consume(buffer_.size());
                read();
            });
    }
    [[nodiscard]] bool all_is_sent() const { return leaving_.empty(); }
    [[nodiscard]] auto& stream() { return stream_; }
    [[nodiscard]] const auto& response() const { return response_; }

    bool shaken = false;
    bool closed = false;
    std::vector<std::string> heard;

private:
    void write(WebSocketFrame::Kind kind, std::string bytes) {
        leaving_.emplace_back(kind, std::move(bytes));
        if (leaving_.size() == 1) write_next();
    }
    void write_next() {
        stream_.binary(leaving_.front().first == WebSocketFrame::Kind::binary);
        stream_.async_write(boost::asio::buffer(leaving_.front().second),
                            [this](const boost::system::error_code&, std::size_t) {
                                leaving_.pop_front();
                                if (!leaving_.empty()) write_next();
                            });
    }

    boost::beast::websocket::stream<boost::asio::ip::tcp::socket> stream_;
    boost::beast::websocket::response_type response_;
    boost::beast::flat_buffer buffer_;
    std::deque<std::pair<WebSocketFrame::Kind, std::string>> leaving_;
};

}  // namespace fusion
