// Whether a JACK server runs, and the moment it goes away: RtMidi's JACK tells neither, and its
// output spins for ever on the ring of a server that is gone. (The native client of
// jack_client.hpp hears of the end itself.)
//
// When libjack (jackd2's) opens a client after its server has gone, it first deletes all clients of
// the old server that this program still has, whoever holds them: closing one of those afterwards
// is a crash. So what opens a client takes a place first, and none is given while the server is
// known to be lost and somebody has not given his back.
// Thread: control, or the synth's keeper; lost(), tell_jack_lost() and jack_is_lost() any.
// Errors: none.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "daemon/midi/frame_time.hpp"

struct _jack_client;

namespace fusion {

// Of this program's environment, for those parts of libjack that ask nothing else: once, before
// there is another thread, for whoever reads the environment meanwhile reads what is being moved.
void forbid_jack_to_start_servers();

// Among this program's clients of JACK; given back when it goes.
class JackPlace {
public:
    // None: clients of a server that is gone are still open.
    [[nodiscard]] static std::optional<JackPlace> take();
    ~JackPlace();
    JackPlace(JackPlace&& other) noexcept : held_{std::exchange(other.held_, false)} {}
    JackPlace& operator=(JackPlace&&) = delete;
    JackPlace(const JackPlace&) = delete;
    JackPlace& operator=(const JackPlace&) = delete;

    // A client has it now, until close_jack_client().
    void keep() && noexcept { held_ = false; }

private:
    JackPlace() = default;
    bool held_ = true;
};
// The server that the clients are of has gone: what JACK calls back to say so says it here too.
void tell_jack_lost() noexcept;
// Until the last client is closed.
[[nodiscard]] bool jack_is_lost() noexcept;

// Never starts one.
[[nodiscard]] bool jack_runs();
// None when no server runs.
[[nodiscard]] std::optional<SampleRate> jack_sample_rate();

// A client of the server that runs, null when there is none; libjack's own lines stay away. The
// server gives it another name where this one is taken. It has a place, and is closed by
// close_jack_client().
[[nodiscard]] _jack_client* open_jack_client(const std::string& name);
void close_jack_client(_jack_client* client);

// Hears of the end of whatever serves the ports.
class ServerWatch {
public:
    virtual ~ServerWatch() = default;
    [[nodiscard]] virtual bool lost() const noexcept = 0;
};

// A client of its own that hears of the JACK server's end.
class JackWatch final : public ServerWatch {
public:
    // Null when no server runs.
    static std::unique_ptr<JackWatch> open(const std::string& client);
    ~JackWatch() override;
    JackWatch(const JackWatch&) = delete;
    JackWatch& operator=(const JackWatch&) = delete;

    [[nodiscard]] bool lost() const noexcept override {
        return lost_.load(std::memory_order_relaxed);
    }

private:
    JackWatch() = default;
    _jack_client* client_ = nullptr;
    std::atomic<bool> lost_{false};
};

}  // namespace fusion
