// Which program each channel is to have, and whether its receiver has been told.
//
// A program is sent when it changes, when whoever it belongs to changes channels, when somebody
// with a program comes to a channel that was last told another one, at a start of the transport,
// after a panic, and where somebody new listens, since the receiver may know nothing. It goes out
// at once, so that it is there before the next note; what the port has no room for is offered again
// at every turn. A channel has one program: the fused line's where that has one, else that of the
// first genre whose part plays there. 0 sends nothing. Thread: clock. Realtime: yes. Errors: none.
#pragma once

#include <array>
#include <cstdint>

#include "engine/params/snapshot.hpp"
#include "engine/realtime/clock/note_output.hpp"

namespace fusion {

class ClockPrograms {
public:
    // Nothing is sent before the first start or change.
    explicit ClockPrograms(const ParamSnapshot& params) {
        look(params);
        due_ = 0;
    }

    FUSION_RT void look(const ParamSnapshot& params) noexcept;
    // The receiver may know nothing: every program is due once more.
    FUSION_RT void again() noexcept;
    // The transport stands: what has not been sent waits for the start.
    FUSION_RT void rest() noexcept { due_ = 0; }
    FUSION_RT void send(NoteOutput& output, TimePoint now) noexcept {
        if (due_ != 0) send_due(output, now);
    }

private:
    static constexpr std::size_t kChannels = 16;
    static constexpr std::size_t kVoices = 1 + kMaxGenres;  // the line, then the parts
    // 1 to 16 and 0 to 128, as in the snapshot; channel 0: has not been seen playing.
    struct Asked {
        std::uint8_t channel = 0;
        std::uint8_t program = 0;
        friend bool operator==(const Asked&, const Asked&) = default;
    };

    FUSION_RT void send_due(NoteOutput& output, TimePoint now) noexcept;

    std::array<Asked, kVoices> asked_{};
    std::array<std::uint8_t, kChannels> wanted_{};  // 0: none
    std::array<std::uint8_t, kChannels> sent_{};    // 0: not known
    std::uint32_t due_ = 0;                         // bit c: channel c
};

}  // namespace fusion
