// What the JACK benches play on: a JACK server of their own without a sound card, the listening
// process (jack_ear.hpp), and the daemon's own parts in front of it as the daemon puts them
// together: FrameTime, the native port, the engine with a line that is fast and needs no network.
// Between the engine and the port, every message is written down with the frame that it is due at.
//
// Which of the server's frames that is, the marks tell: the port stamps what comes in with
// FrameTime's grid, and the ear knows at which frame of the server it was sent.
//
// Thread: any one. Errors: open() says what is missing or what the server said.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "daemon/midi/jack_midi.hpp"
#include "engine/base/histogram.hpp"
#include "engine/realtime/engine.hpp"
#include "tests/bench/jack_ear.hpp"

namespace fusion::bench {

// jackd on the dummy driver at 48 kHz, real-time where this user may have it.
class OwnServer {
public:
    static constexpr SampleRate kRate{48'000};

    // Forks: to be called before any thread is started. Sets JACK_DEFAULT_SERVER.
    static Result<std::unique_ptr<OwnServer>> start(Frames period);
    ~OwnServer();  // ends it
    OwnServer(const OwnServer&) = delete;
    OwnServer& operator=(const OwnServer&) = delete;

    [[nodiscard]] const std::string& command() const { return command_; }

private:
    OwnServer(std::string command, pid_t process, int output)
        : command_{std::move(command)}, process_{process}, output_{output} {}
    [[nodiscard]] std::string said() const;

    std::string command_;
    pid_t process_;
    int output_;  // a file in memory
};

// Passes messages on, and writes down what they are and when they are due.
class ScheduleLog final : public MidiSink {
public:
    struct Entry {
        MidiMessage message;
        TimePoint due;  // on a frame
        Nanos ahead;    // of its moment when the clock handed it over
    };

    ScheduleLog(MidiSink& sink, const FrameTime& time) : sink_{sink}, time_{time} {}

    [[nodiscard]] FUSION_RT bool send(const TimedMessage& message) noexcept override;
    [[nodiscard]] FUSION_RT Nanos lead() const noexcept override { return sink_.lead(); }

    [[nodiscard]] std::span<const Entry> entries() const;

private:
    static constexpr std::size_t kMost = 1U << 20U;

    MidiSink& sink_;
    const FrameTime& time_;
    std::vector<Entry> entries_ = std::vector<Entry>(kMost);
    std::atomic<std::size_t> count_{0};
};

class JackStage {
public:
    struct Options {
        Frames period{128};
        Micros margin = JackMidiOptions{}.margin;
    };

    // Forks: before any thread is started. The ear is connected, its marks come; nothing plays yet.
    static Result<std::unique_ptr<JackStage>> open(const Options& options);
    JackStage(const JackStage&) = delete;
    JackStage& operator=(const JackStage&) = delete;

    // The engine begins; `params` may be set before and after.
    void play();
    // Lets time pass, and does what the daemon's control thread would.
    void tend(Nanos how_long);
    // Ends the engine, with a panic.
    void stop();
    // SIGINT or SIGTERM came: tend() returns at once, and the bench ends what it has started.
    [[nodiscard]] static bool interrupted();

    [[nodiscard]] ParamStore& params() { return params_; }
    [[nodiscard]] FrameTime& time() { return time_; }
    [[nodiscard]] MidiInbox& inbox() { return *inbox_; }
    [[nodiscard]] JackMidi& port() { return *port_; }
    [[nodiscard]] JackEar& ear() { return *ear_; }
    [[nodiscard]] const EngineMeters& meters() const { return engine_->meters(); }
    [[nodiscard]] const OwnServer& server() const { return *server_; }
    [[nodiscard]] Nanos lead() const { return log_->lead(); }

    // What the engine has sent, and what has been heard since play().
    [[nodiscard]] std::span<const ScheduleLog::Entry> sent() const { return log_->entries(); }
    [[nodiscard]] std::span<const Heard> heard() const {
        return ear_->heard().subspan(heard_before_);
    }

    // A frame of the server without its wrapping, counted from the first mark.
    [[nodiscard]] std::int64_t server_frame(std::uint32_t frame) const;
    // The frame of the server that a moment on a frame of FrameTime's grid is, as the newest mark
    // tells that was sent at `near` or before.
    [[nodiscard]] std::int64_t server_frame(TimePoint on_a_frame, std::int64_t near) const;
    // How often that changed: the server stood still, or its frames jumped.
    [[nodiscard]] std::size_t remappings() const;
    // How much later than FrameTime has it each of the ear's marks began: its period's wake-up.
    [[nodiscard]] Histogram::Summary woken_after() const;

private:
    struct Landmark {
        std::int64_t server;  // frame, counted from the first mark
        TimePoint time;       // of that frame, by FrameTime
    };

    JackStage() = default;
    void see_mark(const TimedMessage& message);
    [[nodiscard]] std::int64_t apart(const Landmark& mark) const;

    std::unique_ptr<OwnServer> server_;
    std::unique_ptr<JackEar> ear_;
    MonotonicTime monotonic_;
    FrameTime time_{monotonic_};
    boost::asio::io_context io_;
    std::unique_ptr<MidiInbox> inbox_;
    std::unique_ptr<JackMidi> port_;
    std::unique_ptr<ScheduleLog> log_;
    ParamStore params_{{"fast"}, time_};
    std::unique_ptr<Engine> engine_;
    std::vector<Landmark> landmarks_;
    Histogram woken_after_;
    std::size_t heard_before_ = 0;
};

}  // namespace fusion::bench
