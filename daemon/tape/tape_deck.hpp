// The deck: holds a tape and plays it through the clock. It sends the clock what lies a few seconds
// ahead of the play head, so much as there is room for, and knows from the clock where that is.
// Thread: control. Errors: none; without a tape nothing is played.
#pragma once

#include <memory>

#include "daemon/tape/tape.hpp"
#include "engine/realtime/crossing/tape_link.hpp"

namespace fusion {

class TapeDeck {
public:
    // How long the tape goes on when control hangs.
    static constexpr Nanos kAhead{std::chrono::seconds{4}};

    explicit TapeDeck(TapeHand hand) : hand_{std::move(hand)} {}

    // It stands at its beginning; what was in before plays no more.
    void put_in(std::shared_ptr<const Tape> tape);
    [[nodiscard]] const Tape* tape() const { return tape_.get(); }

    // From where it stands; from the beginning where that is the end.
    void play(TimePoint now);
    void stop(TimePoint now);
    // At its end at the latest. What played goes on from there.
    void seek(Ticks to, TimePoint now);

    // To be called several times in kAhead.
    void turn(TimePoint now);

    [[nodiscard]] bool plays() const { return plays_; }
    [[nodiscard]] Nanos place(TimePoint now) const;

private:
    void order(TapeOrder::What what, Nanos from);
    void look();
    void feed(TimePoint now);
    [[nodiscard]] bool push(Nanos at, TapeEvent::Kind kind, const MidiMessage& message = {});

    TapeHand hand_;
    std::shared_ptr<const Tape> tape_;
    std::uint32_t run_ = 0;
    bool plays_ = false;
    Nanos from_{0};  // where the run began; where it stands
    TapeHead head_;
    std::vector<MidiMessage> to_tell_;  // before the first message of the run
    std::size_t told_ = 0;              // of them
    std::size_t next_ = 0;              // of the moments
    Nanos marked_{0};
    bool all_sent_ = false;
};

}  // namespace fusion
