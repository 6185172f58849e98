// fusionctl against a server of this process, over loopback.
#pragma once

#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "osc/ctl/command_line.hpp"
#include "osc/server.hpp"

namespace fusion {

using ctl::Exit;

// The daemon's side: everything on a thread of its own.
class Daemon {
public:
    explicit Daemon(std::uint16_t port = 0, OscAccess access = {}) {
        for (const auto action : {ActionId::scene_save, ActionId::scene_recall, ActionId::learn})
            actions_.assign(action, [this, action](const ActionCall& call) -> Status {
                if (call.text == "gone") return fail(Error::Code::not_found, "no scene 'gone'");
                const std::scoped_lock lock{mutex_};
                calls_.push_back(fmt::format("{} '{}' {}", spec(action).name, call.text,
                                             call.number ? fmt::format("{}", *call.number) : "-"));
                return {};
            });
        auto opened = OscServer::open(io_, "127.0.0.1", port, "1.2.3", params_, actions_, meters_,
                                      time_, wall_clock_now, std::move(access));
        EXPECT_TRUE(opened) << opened.error().message;
        server_ = std::move(*opened);
        server_->names().add_verb(
            "/fusiond/scene/list", [](const OscMessage&, const OscReply& reply) {
                reply({"/fusiond/scene/list.reply",
                       {std::string{"Strophe 2"}, std::string{"chorus"}, std::string{"ü"}}});
            });
        params_.on_change([this](const ParamSnapshot&) { server_->publish_changes(); });
        turn();
        thread_ = std::thread{[this] { io_.run(); }};
    }
    ~Daemon() {
        io_.stop();
        thread_.join();
    }
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    std::vector<std::string> calls() {
        const std::scoped_lock lock{mutex_};
        return calls_;
    }

private:
    void turn() {
        timer_.expires_after(std::chrono::milliseconds{10});
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (error) return;
            server_->turn();
            turn();
        });
    }

    boost::asio::io_context io_;
    boost::asio::steady_timer timer_{io_};
    MonotonicTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
    ActionDesk actions_{params_};
    EngineMeters meters_;
    std::unique_ptr<OscServer> server_;
    std::mutex mutex_;
    std::vector<std::string> calls_;
    std::thread thread_;
};

class Ctl : public testing::Test {
protected:
    Exit run(
        std::vector<std::string> words,
        const ctl::Commands::Stopped& stopped = [] { return true; }) {
        out_.str("");
        problems_.str("");
        return run_at(port_, std::move(words), {out_, problems_}, stopped);
    }
    static Exit run_at(std::uint16_t port, std::vector<std::string> words,
                       ctl::Commands::Streams streams, const ctl::Commands::Stopped& stopped) {
        // Generous: the machine may be busy, and no test but one waits it out.
        const std::vector<std::string> head{"fusionctl", "--timeout", "30", "--port",
                                            std::to_string(port)};
        if (words.empty() || words[0] != "complete")
            words.insert(words.begin(), head.begin() + 1, head.end());
        std::vector<const char*> argv{"fusionctl"};
        for (const auto& word : words) argv.push_back(word.c_str());
        return ctl::run(static_cast<int>(argv.size()), argv.data(), streams, stopped);
    }
    [[nodiscard]] std::string said() const { return out_.str(); }
    [[nodiscard]] std::string problems() const { return problems_.str(); }
    std::string got(const std::string& path) {
        EXPECT_EQ(run({"get", path}), Exit::ok) << problems();
        return said();
    }

    std::unique_ptr<Daemon> daemon_ = std::make_unique<Daemon>();
    std::uint16_t port_ = daemon_->port();
    std::ostringstream out_, problems_;
};

}  // namespace fusion
