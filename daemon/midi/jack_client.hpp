// A client of the JACK server with MIDI ports: `out`, `in` and `in_2` to `in_4`, and `feedback`.
// libjack without its pointers and callbacks. One object is one life; after the server is lost
// another is opened. Thread: control; what JackListener gets comes on JACK's. Errors: open() says
// not_found (no server) or unavailable.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/midi/frame_time.hpp"
#include "daemon/midi/jack_receivers.hpp"
#include "daemon/midi/jack_xruns.hpp"
#include "daemon/midi/midi_port.hpp"
#include "engine/base/result.hpp"

struct _jack_client;
struct _jack_port;

namespace fusion {

struct JackCycle {
    FrameTime::Cycle cycle;
    void* out;           // JACK's buffer, cleared; null without an output
    int receivers;       // connected to `out`; some cycles may pass until they hear anything
    bool out_has_first;  // one of them, where there was none, since the cycle before
    bool has_xrun;       // since the cycle before JACK has told of one that may have cost a cycle
    std::array<void*, kMostInputs> ins;  // null where there is no such input
    void* feedback;                      // cleared; null without one
    bool feedback_has_another;           // somebody was connected to it since the cycle before
};

// `in`, `in_2`, ...
[[nodiscard]] std::string jack_input_name(std::size_t input);

class JackListener {
public:
    // Thread: JACK's, each period. Realtime: yes.
    FUSION_RT virtual void cycle(const JackCycle& cycle) noexcept = 0;
    // Thread: JACK's; from now on cycles may be as long as this.
    virtual void period_becomes(Nanos length) noexcept = 0;
    // Thread: any of JACK's. Somebody who was connected to an input has gone.
    virtual void input_lost() noexcept {}
    // Thread: any of JACK's. No cycle comes any more.
    virtual void server_lost() noexcept = 0;

protected:
    ~JackListener() = default;
};

class JackClient {
public:
    // Ports where `names` has some. Nothing is called before activate(); the listener outlives
    // this.
    static Result<std::unique_ptr<JackClient>> open(const std::string& client,
                                                    const PortNames& names, JackListener& listener);
    // Waits for the cycle that runs.
    ~JackClient();
    JackClient(const JackClient&) = delete;
    JackClient& operator=(const JackClient&) = delete;

    Status activate();

    // Connects a port of ours with the one that `wanted` names, or with all that fit where it is a
    // pattern with * or ?; gives those that are connected now.
    std::vector<std::string> connect_output(std::string_view wanted);
    std::vector<std::string> connect_input(std::size_t input, std::string_view wanted);
    std::vector<std::string> connect_feedback(std::string_view wanted);

    // To be called each second or so: finds what JACK has not told of.
    void count_receivers() noexcept;

    // The client's name as the server gave it.
    [[nodiscard]] std::string name() const;
    [[nodiscard]] bool lost() const noexcept { return lost_.load(std::memory_order_relaxed); }
    // Whether ports came or went since this was last asked.
    [[nodiscard]] bool ports_changed() noexcept {
        return ports_changed_.exchange(false, std::memory_order_relaxed);
    }

private:
    explicit JackClient(JackListener& listener) : listener_{listener} {}
    Status register_ports(const PortNames& names);
    void listen();
    int run_cycle(std::uint32_t frames) noexcept;
    void port_connects(std::uint32_t from, std::uint32_t to, int connected) noexcept;
    void tell_xrun() noexcept;
    void tell_period(std::uint32_t frames) noexcept;
    std::vector<std::string> connect_from(_jack_port* port, std::string_view wanted);
    [[nodiscard]] std::vector<std::string> ports_that_match(std::string_view wanted,
                                                            unsigned long flags) const;

    JackListener& listener_;
    _jack_client* client_ = nullptr;
    _jack_port* out_ = nullptr;
    std::array<_jack_port*, kMostInputs> ins_{};
    _jack_port* feedback_ = nullptr;
    // Flags and a number: nothing is read through them.
    std::atomic<bool> lost_{false};
    std::atomic<bool> ports_changed_{false};
    std::atomic<std::uint32_t> rate_{0};
    JackXruns xruns_;
    JackReceivers out_receivers_;
    JackReceivers feedback_receivers_;
    bool active_ = false;
};

}  // namespace fusion
