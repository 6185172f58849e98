// What a flight is written from, as text that is ready at every moment: the controls since the line
// began, the last notes, and how long it all is. Memory is fixed and touched at the start: 1 MiB of
// controls (some 40,000), and 12,288 notes: ten minutes of twenty a second, an hour of one line.
//
// The file is a session (daemon/session_log.hpp), so that it is played by whatever plays sessions;
// what a session has no words for stands in remarks:
//
//   # fusiond flight 1
//   # build 0.9.0 6f1c...                    which program played
//   # bundle 13719896-1a2b3c4d /path         which networks
//   :0 seed 7                                the values that it began with, ...
//   :26.5 weight/jazz 8 0.25                 and each change at the first step that it reached
//   #! placed 0 1234 61440                   line, step, tick: it went on here after an underrun
//   #! fell 0 1234 56                        line, step, event: the fallback made it
//   #! astray 0 1234 56                      it followed another step than the one that was played
//   #! late 0 1234 56                        it came too late to sound
//   #! cut 63.5 why                          from this beat on the controls are not all here
//   #= 0 1234 0 61440 1 60 96 880            a note: line, step, voice, tick, channel, pitch,
//   #~ ...                                   velocity, ticks; and one that filled a hole
//   :64 end
//
// A signal handler writes it (flight_rescue.hpp), so pieces() is what a handler may call: a line
// counts when it stands there whole, and the note that is the next to be written over is left out.
// Thread: one (control); pieces() any, at any moment. Errors: control() says that it is full.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fusion {

inline constexpr std::string_view kFlightMagic = "# fusiond flight ";
inline constexpr int kFlightVersion = 1;

class FlightLog {
public:
    static constexpr std::size_t kControlBytes = std::size_t{1} << 20;
    static constexpr std::size_t kNotes = 12288;
    static constexpr std::size_t kNoteBytes = 64;
    // What is always left for the word that it is full.
    static constexpr std::size_t kLastWord = 256;

    explicit FlightLog(std::size_t control_bytes = kControlBytes);

    // All anew, with these lines in front. Notes of before are gone.
    void begin(std::string_view lines);
    // A line without its end. False: there is no room; nothing was written.
    bool control(std::string_view line);
    // The same, into what is left for it.
    void last_word(std::string_view line);
    void note(std::string_view line);
    // Replaces the last line.
    void end(std::string_view line);

    [[nodiscard]] std::size_t controls_used() const {
        return control_size_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::size_t control_room() const { return controls_.size(); }

    // In the order of the file. Async-signal-safe.
    static constexpr std::size_t kPieces = 4;
    [[nodiscard]] std::array<std::string_view, kPieces> pieces() const noexcept;
    // A copy, for who writes it at leisure.
    [[nodiscard]] std::string text() const;

private:
    void append(std::string_view line);

    std::vector<char> controls_;
    std::atomic<std::size_t> control_size_{0};
    std::vector<char> notes_;
    std::atomic<std::size_t> notes_written_{0};
    std::array<std::array<char, kNoteBytes>, 2> ends_{};
    std::atomic<std::size_t> ends_written_{0};  // ends_[(n - 1) % 2] is the newest
};

}  // namespace fusion
