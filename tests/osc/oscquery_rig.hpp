// An OSCQuery server and its clients: Beast's own WebSocket client, and bytes by hand where a
// client would not send them.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "engine/base/time_source.hpp"
#include "osc/oscquery_server.hpp"
#include "tests/osc/websocket_client.hpp"
#include "tests/support/eventually.hpp"

namespace fusion {

class OscQueryServing : public testing::Test {
protected:
    using Client = WebSocketClient;

    void SetUp() override { open(); }
    void open(HttpLimits limits = {}) {
        auto opened =
            OscQueryServer::open(io_, "127.0.0.1", 0, {"fusiond on test", "1.2.3", "0.0.0.0", 9700},
                                 params_, names_, limits);
        ASSERT_TRUE(opened) << opened.error().message;
        server_ = std::move(*opened);
    }
    // Sockets must not outlive what they are called back through.
    ~OscQueryServing() override {
        server_.reset();
        for (auto& client : clients_) client.stream().next_layer().close();
        io_.restart();
        io_.run_for(std::chrono::seconds{1});
    }

    template <class Condition>
    void until(Condition&& condition) {
        ASSERT_TRUE(test::eventually(condition, [this] {
            io_.restart();
            io_.run_for(std::chrono::milliseconds{1});
            if (server_ != nullptr) server_->turn();
        }));
    }

    Client& connect(Client::Ear ear = Client::Ear::open) {
        clients_.emplace_back(io_, server_->port(), ear);
        auto& client = clients_.back();
        until([&] { return client.shaken; });
        return client;
    }

    // All that a client said so far is done and all that it is to hear has come: /sync keeps the
    // order, and what a turn sends goes ahead of it.
    void settle(Client& client) {
        until([&] { return client.all_is_sent(); });
        io_.restart();
        io_.run_for(std::chrono::milliseconds{2});
        server_->turn();
        const auto mark = fmt::format("/synced {}", ++syncs_);
        client.osc({"/sync", {syncs_}});
        until([&] {
            return client.closed || (!client.heard.empty() && client.heard.back() == mark);
        });
        if (!client.closed) client.heard.pop_back();
    }

    auto get(const std::string& target, const std::string& accept = {}) {
        namespace http = boost::beast::http;
        boost::asio::ip::tcp::socket socket{io_};
        socket.connect({boost::asio::ip::make_address("127.0.0.1"), server_->port()});
        http::request<http::empty_body> request{http::verb::get, target, 11};
        request.set(http::field::host, "localhost");
        if (!accept.empty()) request.set(http::field::accept, accept);
        http::write(socket, request);
        http::response<http::string_body> response;
        boost::beast::flat_buffer buffer;
        bool done = false;
        http::async_read(socket, buffer, response,
                         [&](const boost::system::error_code& error, std::size_t) {
                             EXPECT_FALSE(error) << error.message();
                             done = true;
                         });
        until([&] { return done; });
        return response;
    }

    boost::asio::io_context io_;
    SimulatedTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
    ActionDesk actions_{params_};
    OscNamespace names_{params_, actions_};
    std::unique_ptr<OscQueryServer> server_;
    std::deque<Client> clients_;
    std::int32_t syncs_ = 0;

    OscQueryServing() {
        names_.add_verb("/sync", [](const OscMessage& message, const OscReply& reply) {
            reply({"/synced", message.args});
        });
        params_.on_change([this](const ParamSnapshot&) {
            if (server_ != nullptr) server_->publish_changes();
        });
    }
};

}  // namespace fusion
