#include "tests/bench/osc_stage.hpp"

#include <poll.h>

namespace fusion::bench {

namespace asio = boost::asio;
using asio::ip::udp;
using namespace std::chrono_literals;

Result<std::unique_ptr<OscStage>> OscStage::make(std::unique_ptr<Generator> neural,
                                                 std::unique_ptr<Generator> fallback,
                                                 int priority) {
    const auto names = neural->genres();
    std::unique_ptr<OscStage> stage{new OscStage{{names.begin(), names.end()}}};
    auto& params = stage->params_;
    static_cast<void>(params.set(ParamId::tempo, 240.0));
    static_cast<void>(params.set(ParamId::ramp, 0.0));
    stage->engine_ = std::make_unique<Engine>(
        std::move(neural), std::move(fallback), params, stage->sink_, stage->time_,
        EngineOptions{.clock_priority = priority, .clock_spin = Micros{50}});
    auto server = OscServer::open(stage->io_, "127.0.0.1", 0, "bench", params, stage->actions_,
                                  stage->engine_->meters(), stage->time_);
    if (!server) return tl::unexpected{server.error()};
    stage->server_ = std::move(*server);
    params.on_change(
        [server = stage->server_.get()](const ParamSnapshot&) { server->publish_changes(); });
    stage->engine_->start();
    while (!stage->meters().ready.load()) std::this_thread::sleep_for(1ms);
    stage->turn();
    stage->thread_ = std::thread{[&io = stage->io_] { io.run(); }};
    return stage;
}

OscStage::~OscStage() {
    asio::post(io_, [this] { io_.stop(); });
    if (thread_.joinable()) thread_.join();
    if (engine_) engine_->stop();
}

void OscStage::turn() {
    PlayedEvent event;
    while (engine_->played().try_pop(event)) server_->publish(event);
    server_->turn();
    timer_.expires_after(10ms);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) turn();
    });
}

OscClient::OscClient(std::uint16_t port)
    : server_{asio::ip::address_v4::loopback(), port}, socket_{io_, udp::v4()} {
    socket_.non_blocking(true);
}

void OscClient::send(const OscMessage& message) {
    boost::system::error_code lost;  // as UDP loses: the last values are asked for at the end
    socket_.send_to(asio::buffer(encode_osc(message)), server_, 0, lost);
}

std::optional<OscArg> OscClient::ask(const std::string& path) {
    send({path, {}});
    std::array<std::uint8_t, 2048> buffer{};
    const auto end = std::chrono::steady_clock::now() + 1s;
    while (std::chrono::steady_clock::now() < end) {
        pollfd wait{socket_.native_handle(), POLLIN, 0};
        if (::poll(&wait, 1, 1000) <= 0) continue;
        udp::endpoint from;
        boost::system::error_code error;
        const auto size = socket_.receive_from(asio::buffer(buffer), from, 0, error);
        if (error) continue;
        const auto messages = decode_osc(std::span{buffer}.first(size));
        if (!messages) continue;
        for (const auto& message : *messages)
            if (message.path == path && !message.args.empty()) return message.args[0];
    }
    return {};
}

}  // namespace fusion::bench
