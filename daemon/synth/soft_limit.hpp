// Keeps a signal within full scale without a click: below the knee it passes as it is, above it is
// bent towards 1 and never reaches it. Rejected: a limiter with look-ahead, which bends less; it
// costs its time ahead in latency, and one line seldom comes near the knee.
// Thread: any. Realtime: yes. Errors: none.
#pragma once

#include "engine/base/realtime_contract.hpp"

namespace fusion {

inline constexpr float kLimitKnee = 0.7F;  // -3 dB of full scale

[[nodiscard]] FUSION_RT constexpr float soft_limited(float sample) noexcept {
    constexpr float kRoom = 1.0F - kLimitKnee;
    constexpr float kCeiling = 0.98F;  // of the room: a float rounds what comes close to 1 up to it
    const float size = sample < 0.0F ? -sample : sample;
    if (!(size > kLimitKnee)) return sample;
    const float over = (size - kLimitKnee) / kRoom;
    const float bent = kLimitKnee + kRoom * kCeiling * (over / (1.0F + over));
    return sample < 0.0F ? -bent : bent;
}

}  // namespace fusion
