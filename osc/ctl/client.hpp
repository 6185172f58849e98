// Somebody who asks a fusiond over UDP and waits for its answer. One on another machine is shown
// that its answers arrive, whenever it asks (osc/peers.hpp). Thread: the program's own, which
// waits. Errors: not_found (no such host), unavailable (no answer; says what to look at).
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "osc/message.hpp"

namespace fusion {

class OscClient {
public:
    using Clock = std::chrono::steady_clock;
    using Millis = std::chrono::milliseconds;

    // Whether it says hello before the first question: to its own machine it need not.
    enum class Hello : std::uint8_t { to_other_machines, always };
    static Result<OscClient> open(const std::string& host, std::uint16_t port,
                                  Hello hello = Hello::to_other_machines);
    OscClient(OscClient&&) noexcept;
    OscClient& operator=(OscClient&&) noexcept;
    ~OscClient();

    // In one datagram, so that they stay in order.
    Status send(std::span<const OscMessage> messages);
    // The next message, or none by then or when a signal came.
    Result<std::optional<OscMessage>> receive(Clock::time_point until);
    // Sends, and collects what is answered until all is done. `timeout`: of silence.
    Result<std::vector<OscMessage>> ask(std::vector<OscMessage> messages, Millis timeout);

    // "127.0.0.1:9700"
    [[nodiscard]] const std::string& where() const { return where_; }

private:
    struct Socket;
    OscClient(std::unique_ptr<Socket> socket, std::string where);
    [[nodiscard]] tl::unexpected<Error> refused() const;
    // With what is about the hello.
    Result<std::optional<OscMessage>> receive_any(Clock::time_point until);
    Status say_hello(Millis timeout);

    std::unique_ptr<Socket> socket_;
    std::string where_;
    std::deque<OscMessage> heard_;
    std::int32_t mark_ = 0;
    bool says_hello_ = false;
};

}  // namespace fusion
