// Who listens to a JACK bench: a process of its own with two plain JACK clients that know nothing
// of fusiond. One writes down at which frame of the server each message came to its port `in`. The
// other sends a numbered message (a pitch bend on channel 16) from its port `out` ten times a
// second, and writes down at which frame: a mark, by which the listening side of fusiond can tell
// which of the server's frames is which of its own.
// What is written lies in memory that both processes map.
// Thread: any one. Errors: start() says io, or unavailable with what the other process said.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "engine/base/result.hpp"
#include "engine/base/units.hpp"
#include "engine/music/midi_message.hpp"

namespace fusion::bench {

struct Heard {
    std::uint32_t frame;  // the server's; wraps
    MidiMessage message;
};
struct Mark {
    std::uint32_t frame;   // likewise
    TimePoint woken;       // the thread that sent it, for the frame that its period began with
    std::uint32_t offset;  // from that
};

// Sends and sees marks; the number of the mark is its place among the marks.
inline constexpr std::uint8_t kMarkStatus = 0xEF;
constexpr std::uint32_t mark_number(const MidiMessage& message) {
    return message.bytes()[1] | static_cast<std::uint32_t>(message.bytes()[2] << 7U);
}
inline constexpr std::uint32_t kMarkNumbers = 1U << 14U;

enum class Roll : int { as_it_is, from_zero, stop };

class JackEar {
public:
    static constexpr const char* kIn = "bench ear:in";
    static constexpr const char* kOut = "bench mouth:out";

    // Executes this program anew (run_as_ear): to be called before any thread is started, with
    // JACK_DEFAULT_SERVER set.
    static Result<std::unique_ptr<JackEar>> start();
    ~JackEar();  // ends the process
    JackEar(const JackEar&) = delete;
    JackEar& operator=(const JackEar&) = delete;

    [[nodiscard]] std::span<const Heard> heard() const;
    [[nodiscard]] std::span<const Mark> marks() const;
    [[nodiscard]] std::uint64_t xruns() const;
    // SCHED_FIFO priority of its JACK threads; 0: none.
    [[nodiscard]] int priority() const;
    // JACK's transport.
    void transport(Roll roll);

    struct Shared;

private:
    JackEar(Shared* shared, pid_t process) : shared_{shared}, process_{process} {}

    Shared* shared_;
    pid_t process_;
};

// To be called first in main(): where this process is to be the ear, its exit status.
[[nodiscard]] std::optional<int> run_as_ear(int argc, char** argv);

}  // namespace fusion::bench
