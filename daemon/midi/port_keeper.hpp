// Keeps one of our ports plugged in: what MidiOut and MidiIn share. It opens the port, virtual or
// into the other side's that matches what is wanted; misses it when the other side is no longer
// among the system's ports, or the server went; and plugs it in again when that is back.
//
// In the minute after a loss each look_after() looks, for somebody stands at the cable; later only
// each fourth second does, since a look opens a client of the system. Lost and back are told once
// each, and so is each reason for which a port that is there cannot be opened.
//
// Thread: control. Errors: open(); what happens later is told and mended.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/midi/midi_system.hpp"
#include "engine/base/log.hpp"
#include "engine/base/time_source.hpp"

namespace fusion {

// A port of ours, as its keeper plugs it in and pulls it out.
class Plug {
public:
    // The name of the other side; empty for a virtual port, which is what an empty `wanted` asks
    // for. not_found: there is no such port.
    [[nodiscard]] virtual Result<std::string> plug_in(const std::string& wanted) = 0;
    virtual void pull_out() = 0;

protected:
    ~Plug() = default;
};

class PortKeeper {
public:
    struct Port {
        std::string_view what;  // in words, to begin a line of the log with
        std::string client;
        std::string_view name;  // of the port in the client
        std::string wanted;     // empty: a virtual port
        PortSide others;        // which of the system's ports it is plugged into
    };
    using Tell = std::function<void(log::Level, std::string_view)>;

    // The references outlive it.
    PortKeeper(Port port, const MidiSystem& system, const TimeSource& time, Plug& plug,
               Tell tell = log::write)
        : port_{std::move(port)},
          system_{system},
          time_{time},
          plug_{plug},
          tell_{std::move(tell)} {}

    // A named port that is not there yet is no error: it is waited for.
    [[nodiscard]] Status open();
    // To be called each second or so.
    void look_after();
    // The port has been closed: it is looked after no more.
    void close();

    [[nodiscard]] std::string describe() const;
    // Thread: any.
    [[nodiscard]] bool is_connected() const noexcept {
        return connected_.load(std::memory_order_relaxed);
    }

private:
    [[nodiscard]] Status connect();
    [[nodiscard]] bool still_there() const;
    void forget_lost_server();
    void lose();
    void look_for();

    Port port_;
    const MidiSystem& system_;
    const TimeSource& time_;
    Plug& plug_;
    Tell tell_;

    std::atomic<bool> connected_{false};  // a flag: nothing is read through it
    std::string other_;                   // the name of the other side
    std::unique_ptr<ServerWatch> watch_;
    TimePoint missed_since_{};
    TimePoint next_look_{};
    std::string told_reason_;
};

}  // namespace fusion
