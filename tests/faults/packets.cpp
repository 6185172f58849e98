// What packets can do to others: how many bytes go to an address that never answered, how long
// another client's /sync waits behind the worst that one can send, and how many lines a flood
// leaves in the log.
//
//   faults_packets [SECONDS]   of the flood; 60 when not said
//
// The OSC and web servers stand in this program as they do in the daemon, on a thread of their own.
// Ends with 1 where more than three bytes went out for one, or more than 600 lines in a minute
// came. Where it runs for a minute, also where a /sync waited for more than 20 ms: shorter, it is a
// test, and on a shared machine a test asserts no times.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/websocket.hpp>

#include "engine/base/log.hpp"
#include "engine/base/time_source.hpp"
#include "osc/oscquery_server.hpp"
#include "osc/server.hpp"
#include "tests/osc/osc_bytes.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::udp;
using Clock = std::chrono::steady_clock;

const auto kHere = boost::asio::ip::make_address("127.0.0.1");

// Both servers, turned as the daemon turns them.
class Stage {
public:
    explicit Stage(OscAccess access) : thread_{[this, &access] { run(std::move(access)); }} {
        while (!ready_) std::this_thread::sleep_for(1ms);
    }
    ~Stage() {
        boost::asio::post(io_, [this] { io_.stop(); });
        thread_.join();
    }
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    [[nodiscard]] UdpPeer osc() const { return {kHere, osc_port_}; }
    [[nodiscard]] std::uint16_t web_port() const { return web_port_; }
    void publish_beats(int count) {
        boost::asio::post(io_, [this, count] {
            PlayedEvent event;
            for (int i = 0; i < count; ++i) osc_->publish(event);
        });
    }

private:
    void run(OscAccess access) {
        set_thread_role(ThreadRole::control);
        actions_.assign(ActionId::learn, [](const ActionCall& call) -> Status {
            log::info("learning {}", call.text);
            return {};
        });
        // As long as the daemon's takes.
        actions_.assign(ActionId::scene_save, [](const ActionCall&) -> Status {
            for (const auto until = Clock::now() + 100us; Clock::now() < until;) {
            }
            return {};
        });
        auto osc = OscServer::open(io_, "127.0.0.1", 0, "fault", params_, actions_, meters_, time_,
                                   wall_clock_now, std::move(access));
        if (!osc) std::abort();
        osc_ = std::move(*osc);
        auto web = OscQueryServer::open(io_, "127.0.0.1", 0, {"fault", "fault", "127.0.0.1", 9700},
                                        params_, osc_->names());
        if (!web) std::abort();
        web_ = std::move(*web);
        osc_port_ = osc_->port();
        web_port_ = web_->port();
        params_.on_change([this](const ParamSnapshot&) {
            osc_->publish_changes();
            web_->publish_changes();
        });
        turn();
        ready_ = true;
        io_.run();
        web_.reset();
        osc_.reset();
    }
    void turn() {
        osc_->turn();
        web_->turn();
        timer_.expires_after(10ms);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) turn();
        });
    }

    boost::asio::io_context io_{1};
    boost::asio::steady_timer timer_{io_};
    MonotonicTime time_;
    ParamStore params_{{"classical", "jazz", "pop", "folk"}, time_};
    ActionDesk actions_{params_};
    EngineMeters meters_;
    std::unique_ptr<OscServer> osc_;
    std::unique_ptr<OscQueryServer> web_;
    std::uint16_t osc_port_ = 0;
    std::uint16_t web_port_ = 0;
    std::atomic<bool> ready_{false};
    std::thread thread_;
};

class Client {
public:
    explicit Client(const Stage& stage) : to_{stage.osc()} {
        socket_.bind({kHere, 0});
        socket_.non_blocking(true);
    }
    void send(const Bytes& bytes) { socket_.send_to(boost::asio::buffer(bytes), to_); }
    // Bytes that came until nothing has for a while.
    std::size_t drain(Clock::duration quiet) {
        std::size_t all = 0;
        for (auto until = Clock::now() + quiet; Clock::now() < until;) {
            if (const auto size = receive(); size > 0) {
                all += size;
                until = Clock::now() + quiet;
            } else {
                std::this_thread::sleep_for(100us);
            }
        }
        return all;
    }
    // How long /sync takes to be answered.
    std::chrono::duration<double, std::milli> sync() {
        const auto bytes = encode_osc({"/sync", {++syncs_}});
        const auto answer = encode_osc({"/synced", {syncs_}});
        const auto asked = Clock::now();
        send(bytes);
        while (receive() != answer.size() || !std::equal(answer.begin(), answer.end(), in_.begin()))
            if (Clock::now() - asked > 10s) break;
        return Clock::now() - asked;
    }

private:
    std::size_t receive() {
        boost::system::error_code error;
        const auto size = socket_.receive(boost::asio::buffer(in_), 0, error);
        return error ? 0 : size;
    }
    boost::asio::io_context io_;
    udp::socket socket_{io_, udp::v4()};
    UdpPeer to_;
    std::array<std::uint8_t, 65536> in_{};
    std::int32_t syncs_ = 0;
};

// Some 60 kB of one message.
Bytes much_of(const Bytes& message, OscTimeTag when = {}) {
    auto bytes = bundle_head(when);
    while (bytes.size() + message.size() + 4 < 60'000) {
        const auto size = word(static_cast<std::uint32_t>(message.size()));
        bytes.insert(bytes.end(), size.begin(), size.end());
        bytes.insert(bytes.end(), message.begin(), message.end());
    }
    return bytes;
}

// --- Bytes out over bytes in. ---

double reflection() {
    Stage stage{{.lets_in = {}, .is_own = [](const auto&) { return false; }}};
    Client forged{stage};
    double worst = 0;
    const std::vector<std::pair<std::string, Bytes>> packets{
        {"help", padded("/fusiond/help")},
        {"every value", padded("/*/*")},
        {"status", padded("/status")},
        {"an unknown path", padded("/fusiond/tmpo")},
        {"the shortest path", padded("/a")},
        {"a subscription", encode_osc({"/fusiond/subscribe", {86400}})},
        {"3000 questions", much_of(padded("/fusiond/help"))},
        {"an hour ahead", bundle_of({padded("/status")}, {~std::uint64_t{0}})}};
    for (const auto& [name, packet] : packets) {
        forged.send(packet);
        stage.publish_beats(1000);
        const auto out = forged.drain(200ms);
        const double ratio = static_cast<double>(out) / static_cast<double>(packet.size());
        fmt::print("  {:<22} {:>6} bytes in {:>8} out  {:.2f}\n", name, packet.size(), out, ratio);
        worst = std::max(worst, ratio);
    }
    return worst;
}

// --- Another client's /sync. ---

// A binary frame of a client, with a mask of zeros.
Bytes frame_of(const Bytes& bytes) {
    const auto size = bytes.size();  // less than 65536
    return Bytes{0x82, 0xFE, static_cast<std::uint8_t>(size >> 8U),
                 static_cast<std::uint8_t>(size)} +
           word(0) + bytes;
}

double waits(int rounds) {
    Stage stage{{}};
    Client greedy{stage};
    Client other{stage};
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket socket{io};
    socket.connect({kHere, stage.web_port()});
    {
        boost::beast::websocket::stream<boost::asio::ip::tcp::socket&> handshake{socket};
        handshake.handshake(fmt::format("127.0.0.1:{}", stage.web_port()), "/");
    }
    std::vector<boost::asio::ip::tcp::socket> browsers;
    for (int i = 0; i < 48; ++i) browsers.emplace_back(io).connect({kHere, stage.web_port()});
    // What it answers is thrown away, or it would wait for us.
    std::vector<std::thread> readers;
    const auto throw_away = [&](boost::asio::ip::tcp::socket& from) {
        readers.emplace_back([&from] {
            std::array<char, 65536> some{};
            boost::system::error_code error;
            while (!error) from.read_some(boost::asio::buffer(some), error);
        });
    };
    throw_away(socket);
    for (auto& one : browsers) throw_away(one);
    const auto scene = encode_osc({"/fusiond/scene/save", {std::string{"x"}}});
    const std::vector<std::pair<std::string, std::function<void()>>> attacks{
        {"nothing", [] {}},
        {"3000 x /fusiond/help", [&] { greedy.send(much_of(padded("/fusiond/help"))); }},
        {"5000 x /*/*", [&] { greedy.send(much_of(padded("/*/*"))); }},
        {"1700 x scene/save", [&] { greedy.send(much_of(scene)); }},
        {"a WebSocket frame",
         [&] {
             boost::asio::write(socket, boost::asio::buffer(frame_of(much_of(padded("/*/*")))));
         }},
        {"48 times the whole tree",
         [&] {
             // One address's connections, each with ten requests one behind the other.
             std::string asked;
             for (int i = 0; i < 10; ++i) asked += "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
             for (auto& one : browsers) {
                 boost::system::error_code ignored;
                 boost::asio::write(one, boost::asio::buffer(asked), ignored);
             }
         }},
        {"4096 due messages", [&] {
             const auto when = seconds_after(wall_clock_now(), 0.05);
             const std::vector<Bytes> messages(1024, padded("/fusiond/help"));
             for (int i = 0; i < 4; ++i) greedy.send(bundle_of(messages, when));
         }}};
    double worst = 0;
    for (const auto& [name, attack] : attacks) {
        std::vector<double> all;
        for (int round = 0; round < rounds; ++round) {
            attack();
            const auto until = Clock::now() + 300ms;
            while (Clock::now() < until) {
                all.push_back(other.sync().count());
                std::this_thread::sleep_for(2ms);
            }
            greedy.drain(20ms);
        }
        std::sort(all.begin(), all.end());
        fmt::print("  behind {:<22} p50 {:>7.2f} ms  p99 {:>7.2f} ms  worst {:>7.2f} ms\n", name,
                   all[all.size() / 2], all[all.size() * 99 / 100], all.back());
        worst = std::max(worst, all.back());
    }
    boost::system::error_code ignored;
    socket.shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
    for (auto& one : browsers) one.shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
    for (auto& reader : readers) reader.join();
    return worst;
}

// --- Lines in the log. ---

std::size_t lines(std::chrono::seconds time) {
    std::array<char, 32> name{"/tmp/faults_packets_XXXXXX"};
    const int log = ::mkstemp(name.data());
    const int stderr_was = ::dup(STDERR_FILENO);
    ::dup2(log, STDERR_FILENO);
    {
        Stage stage{{}};
        Client noisy{stage};
        noisy.send(encode_osc({"/dumpOSC", {3}}));
        const std::vector<Bytes> packets{
            encode_osc({"/fusiond/learn", {std::string{"tempo"}}}), Bytes{'x', 'y', 'z', 0},
            encode_osc({"/fusiond/tempo", {1, 2, 3}}), much_of(padded("/fusiond/nonsense")),
            encode_osc({"/fusiond/scene/save", {std::string(500, 'x')}})};
        for (const auto until = Clock::now() + time; Clock::now() < until;) {
            for (const auto& packet : packets) noisy.send(packet);
            std::this_thread::sleep_for(500us);
        }
    }
    ::dup2(stderr_was, STDERR_FILENO);
    ::close(stderr_was);
    ::close(log);
    std::ifstream in{name.data()};
    std::size_t count = 0;
    for (std::string line; std::getline(in, line);) ++count;
    ::unlink(name.data());
    return count;
}

int run(std::chrono::seconds time) {
    const bool whole = time >= 60s;
    fmt::print("To an address that never answered, and that may be forged:\n");
    const double ratio = reflection();
    fmt::print("Another client's /sync:\n");
    const double wait = waits(whole ? 10 : 2);
    const auto count = lines(time);
    fmt::print(
        "packets: bytes out over bytes in {:.2f} (at most 3); /sync waited {:.1f} ms at most "
        "(20); {} lines of log in {} s of flood (600 a minute)\n",
        ratio, wait, count, time.count());
    const bool good = ratio <= 3.0 && count <= 600 && (!whole || wait <= 20.0);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace fusion

int main(int count, char** words) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    return fusion::run(std::chrono::seconds{count > 1 ? std::atoi(words[1]) : 60});
}
