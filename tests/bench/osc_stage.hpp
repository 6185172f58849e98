// The daemon's control thread as a benchmark has it: an OSC server over a store and an engine that
// plays into nothing, turned as the daemon turns it. And a client of it.
// Thread: as each class says.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "engine/realtime/engine.hpp"
#include "osc/server.hpp"

namespace fusion::bench {

// Takes everything; counts how late each scheduled message is, in the phase that is on.
class LatenessSink final : public MidiSink {
public:
    enum class Phase : std::uint8_t { none, idle, flood };

    explicit LatenessSink(const TimeSource& time) : time_{time} {}
    void count(Phase phase) { phase_.store(phase, std::memory_order_relaxed); }
    [[nodiscard]] const Histogram& lateness(Phase phase) const {
        return lateness_[static_cast<std::size_t>(phase)];
    }
    [[nodiscard]] bool send(const TimedMessage& message) noexcept override {
        const auto late = time_.now() - message.deadline;
        if (!message.at_once)
            lateness_[static_cast<std::size_t>(phase_.load(std::memory_order_relaxed))].record(
                std::chrono::duration_cast<Micros>(late));
        return true;
    }
    [[nodiscard]] Nanos lead() const noexcept override { return Nanos{0}; }

private:
    const TimeSource& time_;
    std::atomic<Phase> phase_{Phase::none};
    std::array<Histogram, 3> lateness_;
};

class OscStage {
public:
    // Plays from start() on. Errors: those of OscServer::open.
    static Result<std::unique_ptr<OscStage>> make(std::unique_ptr<Generator> neural,
                                                  std::unique_ptr<Generator> fallback,
                                                  int priority);
    ~OscStage();
    OscStage(const OscStage&) = delete;
    OscStage& operator=(const OscStage&) = delete;

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    [[nodiscard]] const EngineMeters& meters() const { return engine_->meters(); }
    [[nodiscard]] std::string rights() const { return describe(engine_->clock_grant()); }
    [[nodiscard]] LatenessSink& sink() { return sink_; }
    // What there is to be set; constant.
    [[nodiscard]] std::span<const Parameter> parameters() const { return params_.parameters(); }

private:
    OscStage(std::vector<std::string> genres) : params_{std::move(genres), time_} {}
    void turn();

    MonotonicTime time_;
    ParamStore params_;
    ActionDesk actions_{params_};
    LatenessSink sink_{time_};
    boost::asio::io_context io_{1};
    boost::asio::steady_timer timer_{io_};
    std::unique_ptr<Engine> engine_;
    std::unique_ptr<OscServer> server_;
    std::thread thread_;
};

class OscClient {
public:
    explicit OscClient(std::uint16_t port);
    void send(const OscMessage& message);
    // The value that `path` has, as the server answers; none when it does not within a second.
    [[nodiscard]] std::optional<OscArg> ask(const std::string& path);

private:
    boost::asio::io_context io_;
    boost::asio::ip::udp::endpoint server_;
    boost::asio::ip::udp::socket socket_;
};

}  // namespace fusion::bench
