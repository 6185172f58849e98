// A JACK server of the test's own without a sound card, and clients of it that know nothing of
// fusiond: they write down at which frame of the server each message came.
#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/base/semaphore.hpp"

struct _jack_client;
struct _jack_port;

namespace fusion {

class JackServer {
public:
    // Whether a cycle waits for clients that are not done (jackd -S). In a server that does, none
    // is left behind that was not woken in time. But where clients come, go and are connected in
    // the same moment, jackd 1.9.21 then waits for the end of a graph in which nobody was woken
    // (SuspendRefNum under ProcessGraphSyncMaster), two seconds in every cycle: in 3 of 16 runs of
    // two clients that came with the server, in 0 of 20 without.
    enum class Waits : std::uint8_t { for_clients, for_nobody };

    // Two servers of one name are the same to a client: the one that returns is the one that went.
    explicit JackServer(std::string name = "", Waits waits = Waits::for_clients);
    ~JackServer() { stop(); }
    JackServer(const JackServer&) = delete;
    JackServer& operator=(const JackServer&) = delete;

    // Starts jackd and waits until it serves. Empty, or why it cannot: jackd is not installed, the
    // machine has no room for another server, or ThreadSanitizer watches (it does not see the
    // server bring the clients into order, and takes their shared buffers for races).
    std::string start();
    void stop();
    // As a crash ends it.
    void die();
    // The machine's scheduler forgets the server for a while, and remembers.
    void halt();
    void go_on();

private:
    [[nodiscard]] std::string said() const;

    std::string name_;
    Waits waits_;
    pid_t child_ = 0;
    // A file in memory, not a pipe: its driver says each xrun itself, and would wait for ever for
    // somebody to read what a busy machine had it say.
    int output_ = -1;
};

// A client with the ports `in` and `out`.
class JackPeer {
public:
    struct Heard {
        std::uint32_t frame;
        std::array<std::uint8_t, 3> bytes;
    };

    explicit JackPeer(const std::string& name);
    ~JackPeer();
    JackPeer(const JackPeer&) = delete;
    JackPeer& operator=(const JackPeer&) = delete;

    [[nodiscard]] bool connect(const std::string& from, const std::string& to);
    void disconnect(const std::string& from, const std::string& to);
    // Both at once, as a patch bay does it.
    void exchange(const std::string& from, const std::string& old_to, const std::string& new_to);
    void set_period(std::uint32_t frames);
    // The server runs its cycles as fast as its clients can.
    enum class Wheel : bool { ordinary, free };
    void set_wheel(Wheel wheel);

    // One of the next cycles lasts that long for this client; the server's in consequence.
    void oversleep(std::chrono::milliseconds time);

    // Sends each message at its offset in the next period.
    struct Message {
        std::uint32_t offset;
        std::vector<std::uint8_t> bytes;  // of any length: what a client sends, nobody checks
    };
    void send(std::vector<Message> messages);
    // Does not wait until they are sent; the next call of any kind that sends does.
    void begin_to_send(std::vector<Message> messages);
    // Sends notes at one offset of the next period until the buffer takes no more; how many it
    // took.
    std::size_t flood(std::uint32_t offset);

    // What has come so far.
    [[nodiscard]] std::vector<Heard> heard() const;
    // Without what is said again because an xrun may have swallowed it: on a busy machine at any
    // moment.
    [[nodiscard]] std::vector<Heard> heard_once() const;
    // Without fusiond's greeting (controllers 64, 120 and 123) either.
    [[nodiscard]] std::vector<Heard> heard_notes() const;
    // The frame at which what was sent last began.
    [[nodiscard]] std::uint32_t sent_at() const { return sent_at_; }

    // Looks once a cycle; false when it has not come true for ten seconds.
    bool until(const std::function<bool()>& holds);
    // The server has gone through `count` more cycles.
    bool cycles(int count);
    // No cycle has come for 50 ms.
    void until_the_server_stands();

private:
    int run_cycle(std::uint32_t frames) noexcept;
    void begin(int job);
    bool job_is_done();
    bool send_job_and_wait(int job);

    static constexpr std::size_t kMost = 200'000;
    enum Job : int { nothing, messages, as_many_as_fit };

    _jack_client* client_ = nullptr;
    _jack_port* in_ = nullptr;
    _jack_port* out_ = nullptr;
    std::vector<Heard> heard_ = std::vector<Heard>(kMost);
    std::atomic<std::size_t> count_{0};
    std::vector<Message> sending_;
    std::atomic<int> job_{nothing};
    std::uint32_t flood_offset_ = 0;
    std::size_t sent_ = 0;
    std::uint32_t sent_at_ = 0;
    std::atomic<int> oversleeps_{0};  // ms; a number: nothing is read through it
    Semaphore cycle_;
};

}  // namespace fusion
