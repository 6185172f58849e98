#include "daemon/synth/sound_render.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "daemon/synth/block_player.hpp"

namespace fusion {
namespace {

constexpr std::size_t kBlock = 1024;
constexpr std::size_t kQueue = 1024;
constexpr float kHeard = 0.0003F;  // -70 dB: below it the tail is over

class SoundRun {
public:
    SoundRun(const Score& score, Instrument& instrument, SampleRate rate, const SoundOutlet& outlet)
        : score_{score},
          grid_{score.begins, rate},
          outlet_{outlet},
          player_{queue_.out, instrument, counters_} {}

    Result<RenderedSound> run() {
        const auto end = grid_.frame_at(score_.ends);
        while (at_ < end) {
            if (auto done = block(end); !done) return tl::unexpected{done.error()};
            if (outlet_.progress)
                outlet_.progress(static_cast<double>(at_.count()) /
                                 static_cast<double>(end.count()));
        }
        const auto last = end + (grid_.frame_at(score_.begins + kLongestTail));
        for (bool heard = true; heard && at_ < last;) {
            const auto rung = block(last);
            if (!rung) return tl::unexpected{rung.error()};
            heard = *rung > kHeard;
        }
        return RenderedSound{at_, peak_};
    }

private:
    // Up to `end`, or to where the settings change; its loudest sample.
    Result<float> block(Frames end) {
        while (setting_ < score_.settings.size() &&
               grid_.frame_at(score_.settings[setting_].first) <= at_)
            player_.obey(score_.settings[setting_++].second);
        auto until = std::min(end, at_ + Frames{kBlock});
        if (setting_ < score_.settings.size())
            until = std::min(until, grid_.frame_at(score_.settings[setting_].first));
        const auto ends = grid_.time_of(until);
        while (sent_ < score_.messages.size() && score_.messages[sent_].deadline < ends &&
               queue_.in.try_push(score_.messages[sent_]))
            ++sent_;
        const auto count = static_cast<std::size_t>((until - at_).count());
        left_.fill(0.0F);
        right_.fill(0.0F);
        player_.render({grid_.time_of(at_), grid_.rate(), std::span{left_}.first(count),
                        std::span{right_}.first(count)});
        at_ = until;
        return write(count);
    }

    Result<float> write(std::size_t count) {
        float loudest = 0.0F;
        for (std::size_t i = 0; i < count; ++i) {
            both_[2 * i] = left_[i];
            both_[2 * i + 1] = right_[i];
            loudest = std::max({loudest, std::abs(left_[i]), std::abs(right_[i])});
        }
        peak_ = std::max(peak_, loudest);
        if (auto written = outlet_.write(std::span{both_}.first(2 * count)); !written)
            return tl::unexpected{written.error()};
        return loudest;
    }

    const Score& score_;
    FrameGrid grid_;
    const SoundOutlet& outlet_;
    SpscQueue<TimedMessage> queue_{kQueue};
    BlockCounters counters_;
    BlockPlayer player_;
    std::array<float, kBlock> left_{}, right_{};
    std::array<float, 2 * kBlock> both_{};
    Frames at_{0};
    std::size_t sent_ = 0;
    std::size_t setting_ = 0;
    float peak_ = 0.0F;
};

}  // namespace

Result<RenderedSound> render_sound(const Score& score, Instrument& instrument, SampleRate rate,
                                   const SoundOutlet& outlet) {
    return SoundRun{score, instrument, rate, outlet}.run();
}

}  // namespace fusion
