// Keeps the beats of the band ahead of the play head, beside the steps of the line: what
// engine/plan/band_plan.hpp says of each, in the words of the clock. Where a knob changed them, the
// beats from the play head on are made and sent again, the next two at once, before anything else;
// so they are there sooner than the line's next step. All is planned from the parameters and the
// chords and nothing from what was played, so there is nothing to be rolled back.
// Thread: inference. Errors: a full queue is tried again.
#pragma once

#include <cstdint>

#include "engine/base/semaphore.hpp"
#include "engine/base/spsc_queue.hpp"
#include "engine/params/band_params.hpp"
#include "engine/plan/band_plan.hpp"
#include "engine/realtime/crossing/band_link.hpp"
#include "engine/realtime/crossing/line_link.hpp"
#include "engine/realtime/line/line_harmony.hpp"

namespace fusion {

class BandLine {
public:
    static constexpr std::uint32_t kBeatsAhead = 8;
    static constexpr std::uint32_t kBeatsAtOnce = 2;

    // `wake_clock` is woken when beats have been sent, and outlives it.
    BandLine(Producer<BandMessage> beats, Semaphore& wake_clock)
        : beats_{std::move(beats)}, wake_clock_{wake_clock} {}

    // The parameters, and the chords with them, as they are from now on.
    void look(const ParamSnapshot& params, const LineSettings& settings,
              const HandHarmony& harmony);
    // The line begins anew.
    void begin(std::uint32_t epoch);

    enum class Next : std::uint8_t { wait, more_to_do, look_again };
    // Makes what is most wanted. `head` is the play head of this epoch.
    Next advance(const PlayHead& head, const HandHarmony& harmony, HarmonyPlan& chords,
                 const LineSettings& settings);

private:
    // All that a beat is made from.
    struct View {
        BandAsk ask;
        GenreWeights weights;
        PitchSettings pitch;
        HarmonySource harmony = HarmonySource::plan;
        std::uint64_t harmony_serial = 0;
        std::uint64_t form_serial = 0;
        Bpm tempo{0.0};  // only while a hand is to drag
        bool is_silent = true;
        friend bool operator==(const View&, const View&) = default;
    };
    [[nodiscard]] static View view_of(const ParamSnapshot& params, const LineSettings& settings);
    [[nodiscard]] BandMessage message_of(std::uint32_t beat, const HandHarmony& harmony,
                                         HarmonyPlan& chords, const LineSettings& settings) const;

    Producer<BandMessage> beats_;
    Semaphore& wake_clock_;
    BandPlan plan_;
    HarmonyBook book_;
    View view_;
    std::uint64_t revision_ = 0;
    std::uint64_t serial_ = 0;
    std::uint32_t epoch_ = 0;
    std::uint32_t next_beat_ = 0;
    bool is_new_ = true;  // what the clock has is of another view
};

}  // namespace fusion
