// Whether a JACK server runs, and the moment it goes away: RtMidi's JACK tells neither, and its
// output spins for ever on the ring of a server that is gone. (The native client of
// jack_client.hpp hears of the end itself.)
// Thread: control; lost() any. Errors: none.
#pragma once

#include <atomic>
#include <memory>
#include <string>

struct _jack_client;

namespace fusion {

// Never starts one.
[[nodiscard]] bool jack_runs();

// A client of the server that runs, null when there is none; libjack's own lines stay away. The
// server gives it another name where this one is taken.
[[nodiscard]] _jack_client* open_jack_client(const std::string& name);

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
