// A port that is never given up: one that cannot be opened now is waited for and opened when it
// can, however long that takes, while the music goes on in time. (The ports below mend what is lost
// after that.)
//
// Opening a port, mending it and closing it ask JACK or ALSA, and a server that has stopped does
// not answer: jack_client_open waits for it without end. So all that happens on a thread of its
// own, the keeper, and control, which calls this, waits for nothing: it is told how things stood
// when the keeper last looked. A keeper that is not back when the program ends is left behind.
//
// It looks four times a second while a port is missed and was there (or began to be missed) less
// than ten seconds ago, later once a second: a look at a server that is not there is one connect()
// that fails.
//
// Thread: as in midi_port.hpp. Errors: none; what cannot be opened is told in the log, once for
// each reason.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/midi/midi_port.hpp"
#include "engine/base/result.hpp"

namespace fusion {

class PatientPort final : public MidiPort, private MidiSink {
public:
    // Called by the keeper's thread, over and over until it gives a port.
    using Open = std::function<Result<std::unique_ptr<MidiPort>>()>;
    enum class Plays : std::uint8_t { no, yes };  // whether the port has an output

    // Looks once, and waits for that at most kFirstLook, so that who starts the program hears at
    // once what it plays into. `what`: in words, that is waited for.
    PatientPort(std::string what, Plays plays, Open open);
    ~PatientPort() override;
    PatientPort(const PatientPort&) = delete;
    PatientPort& operator=(const PatientPort&) = delete;

    static constexpr Nanos kFirstLook{std::chrono::milliseconds{1500}};
    static constexpr Nanos kPatience{std::chrono::milliseconds{1500}};

    // It has been opened, and may have been lost since.
    [[nodiscard]] bool is_open() const noexcept;
    // close() did not wait for the keeper. Whoever owns what the port was given ends the process
    // without taking that down.
    [[nodiscard]] bool left_a_thread() const noexcept;

    [[nodiscard]] MidiSink& sink() override { return *this; }
    void thru(Thru thru) override;
    bool feed_back(const MidiMessage& message) noexcept override;
    [[nodiscard]] std::uint32_t feedback_connections() const noexcept override;
    [[nodiscard]] std::uint32_t output_connections() const noexcept override;
    [[nodiscard]] bool listens() const noexcept override;
    [[nodiscard]] bool plays() const noexcept override;
    [[nodiscard]] std::uint32_t input_losses() const noexcept override;
    // Waits for nothing.
    void watch() override { look_after(); }
    void look_after() override;
    // Waits for the keeper to close the port, so long as it gets on.
    void close() override;
    [[nodiscard]] std::string describe() const override;
    [[nodiscard]] std::string describe_input() const override;
    [[nodiscard]] std::string describe_feedback() const override;
    [[nodiscard]] std::string how_to_connect() const override;
    [[nodiscard]] PortCounters counters() const noexcept override;

private:
    struct Keeper;

    FUSION_RT bool send(const TimedMessage& message) noexcept override;
    FUSION_RT Nanos lead() const noexcept override;
    [[nodiscard]] MidiPort* port() const noexcept;

    std::shared_ptr<Keeper> keeper_;  // its thread's too
    TimePoint looked_{};
    TimePoint missed_since_{};
    bool is_missed_ = false;
    bool is_left_ = false;
};

}  // namespace fusion
