// The whole daemon in a Link session with LinkHut: tempo and transport go both ways, from OSC to a
// peer's screen and from a peer's key to the status. Skipped where LinkHut is not installed, or no
// two Link programs can meet.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <functional>
#include <thread>

#include <gtest/gtest.h>

#include "daemon/app.hpp"
#include "osc/message.hpp"
#include "tests/daemon/sync/link_rig.hpp"
#include "tests/daemon/synthetic_bundle.hpp"
#include "tests/support/link_hut.hpp"

namespace fusion::test {
namespace {

constexpr std::uint16_t kOscPort = 9700;  // of the private network

// Asks the daemon over its own OSC port, as a client would. (Link's Asio and Boost's cannot stand
// in one source.)
class OscClient {
public:
    OscClient() {
        daemon_.sin_family = AF_INET;
        daemon_.sin_port = htons(kOscPort);
        daemon_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }
    ~OscClient() { ::close(socket_); }
    OscClient(const OscClient&) = delete;
    OscClient& operator=(const OscClient&) = delete;

    void send(const OscMessage& message) {
        const auto bytes = encode_osc(message);
        static_cast<void>(::sendto(socket_, bytes.data(), bytes.size(), 0,
                                   reinterpret_cast<const sockaddr*>(&daemon_), sizeof daemon_));
    }
    // The arguments of /status.reply; empty where none came.
    std::vector<OscArg> status() {
        send({"/status", {}});
        pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
        while (::poll(&waiting, 1, 500) == 1) {
            std::array<std::uint8_t, 2048> bytes{};
            const auto size = ::recv(socket_, bytes.data(), bytes.size(), 0);
            if (size <= 0) break;
            const auto messages = decode_osc({bytes.data(), static_cast<std::size_t>(size)});
            if (messages && !messages->empty() && messages->front().path == "/status.reply")
                return messages->front().args;
        }
        return {};
    }

private:
    int socket_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in daemon_{};
};

class AppLinkTest : public testing::Test {
protected:
    static void SetUpTestSuite() { static_cast<void>(enter_private_network()); }

    void SetUp() override {
        SKIP_WITHOUT_MULTICAST();
        auto started = LinkHut::start();
        if (!started) GTEST_SKIP() << started.error().message;
        hut_ = std::move(*started);
        // It hears no key before its first line.
        ASSERT_TRUE(says([](const LinkHutLine&) { return true; }));
        hut_->press('a');
        hut_->press('s');
        ASSERT_TRUE(
            says([](const LinkHutLine& line) { return line.enabled && line.start_stop_sync; }));
        std::filesystem::create_directories(folder_);
        ASSERT_TRUE(save_bundle(synthetic_bundle(), folder_ / "test.bundle", TensorPrecision::f32));
        Config config;
        config.bundle_path = (folder_ / "test.bundle").string();
        config.file_path = (folder_ / "session.mid").string();
        config.midi.outputs = Outputs{OutputKind::file};
        config.midi.inputs.clear();
        config.osc.port = kOscPort;
        config.oscquery.on = false;
        config.state.path = "off";
        config.clock.lock_memory = false;
        config.parameters[static_cast<std::size_t>(ParamId::sync)] = 2.0;
        auto made = App::make(config, {.length = std::chrono::seconds{20}});
        ASSERT_TRUE(made) << made.error().message;
        app_ = std::move(*made);
        running_ = std::thread{[this] { app_->run(); }};
    }
    void TearDown() override {
        if (running_.joinable()) {
            // As a service manager ends it; the daemon's own loop takes the signal.
            ::kill(::getpid(), SIGTERM);
            running_.join();
        }
        std::filesystem::remove_all(folder_);
    }
    [[nodiscard]] bool says(const std::function<bool(const LinkHutLine&)>& holds) {
        return eventually([&] {
            for (const auto& line : hut_->read(std::chrono::milliseconds{20}))
                if (holds(line)) return true;
            return false;
        });
    }
    [[nodiscard]] bool status(const std::function<bool(const std::vector<OscArg>&)>& holds) {
        return eventually([&] {
            static_cast<void>(hut_->read(Nanos{0}));
            const auto args = osc_.status();
            return args.size() > 12 && holds(args);
        });
    }

    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("fusiond_app_link_" + std::to_string(::getpid()));
    std::unique_ptr<LinkHut> hut_;
    std::unique_ptr<App> app_;
    std::thread running_;
    OscClient osc_;
};

TEST_F(AppLinkTest, TempoAndTransportGoBothWays) {
    ASSERT_TRUE(says([](const LinkHutLine& line) { return line.peers == 1; }));
    osc_.send({"/fusiond/tempo", {93.0F}});
    EXPECT_TRUE(says([](const LinkHutLine& line) { return line.tempo == 93.0; }));
    hut_->press('e');
    EXPECT_TRUE(status([](const auto& args) {
        return std::abs(std::get<float>(args[1]) - 94.0F) < 0.01F &&
               std::get<std::string>(args[10]) == "link" &&
               std::get<std::string>(args[11]) == "locked";
    }));
    const auto plays = [](std::int32_t wanted) {
        return [wanted](const auto& args) { return std::get<std::int32_t>(args[0]) == wanted; };
    };
    osc_.send({"/fusiond/stop", {}});
    EXPECT_TRUE(status(plays(0)));
    // Its key toggles: it must have heard of the stop.
    EXPECT_TRUE(says([](const LinkHutLine& line) { return !line.playing; }));
    hut_->press(' ');
    EXPECT_TRUE(status(plays(1)));
    osc_.send({"/fusiond/stop", {}});
    EXPECT_TRUE(says([](const LinkHutLine& line) { return !line.playing; }));
    osc_.send({"/fusiond/play", {}});
    EXPECT_TRUE(says([](const LinkHutLine& line) { return line.playing; }));
}

}  // namespace
}  // namespace fusion::test
