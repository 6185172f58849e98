#include "engine/corpus/smf_time.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace fusion {
namespace {

constexpr double kUsualBpm = 120.0;  // the standard's, where a file names none
// Beyond these a tempo is a slip, and would take the times out of their range: 2^49 ticks of a file
// stay below 2^59 of ours.
constexpr double kSlowestBpm = 1.0;
constexpr double kFastestBpm = 1000.0;

// Frames a second: the high byte counts down from zero. 29 is 30 with frames dropped.
std::optional<double> frame_rate(std::uint16_t division) {
    switch (256 - (division >> 8U)) {
        case 24: return 24.0;
        case 25: return 25.0;
        case 29: return 30000.0 / 1001.0;
        case 30: return 30.0;
        default: return std::nullopt;
    }
}

std::vector<SmfTempo> tempi_of(const Smf& smf, std::size_t track) {
    std::vector<SmfTempo> all;
    for (std::size_t t = 0; t < smf.tracks.size(); ++t)
        if (smf.format != 2 || t == track)
            all.insert(all.end(), smf.tracks[t].tempi.begin(), smf.tracks[t].tempi.end());
    std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.at < b.at; });
    return all;
}

// From a file's ticks, so many a second, to ours.
class Beats {
public:
    Beats(const std::vector<SmfTempo>& tempi, double per_second) : per_second_{per_second} {
        stretches_.push_back({0, 0.0, ours(kUsualBpm)});
        for (const auto& [at, tempo] : tempi) {
            const auto& last = stretches_.back();
            stretches_.push_back({at, last.to(at), ours(tempo.count())});
        }
    }

    [[nodiscard]] SmfTime operator()(SmfTime at) const {
        const auto after = std::upper_bound(
            stretches_.begin(), stretches_.end(), at,
            [](SmfTime value, const Stretch& stretch) { return value < stretch.from; });
        return std::llround(std::prev(after)->to(at));
    }

private:
    struct Stretch {
        SmfTime from;
        double begins;  // in ours
        double rate;    // of ours for one of the file's
        [[nodiscard]] double to(SmfTime at) const {
            return begins + rate * static_cast<double>(at - from);
        }
    };

    [[nodiscard]] double ours(double bpm) const {
        return std::clamp(bpm, kSlowestBpm, kFastestBpm) / 60.0 *
               static_cast<double>(kTicksPerBeat.count()) / per_second_;
    }

    double per_second_;
    std::vector<Stretch> stretches_;
};

void move_times(SmfTrack& track, const Beats& beats) {
    const auto move = [&](auto& list) {
        for (auto& each : list) each.at = beats(each.at);
    };
    move(track.messages);
    move(track.meters);
    move(track.tempi);
    move(track.signatures);
    move(track.markers);
    track.end = beats(track.end);
}

void from_frames(Smf& smf, double per_second) {
    smf.ticks_per_beat = static_cast<std::uint16_t>(kTicksPerBeat.count());
    const Beats together{tempi_of(smf, 0), per_second};
    for (std::size_t t = 0; t < smf.tracks.size(); ++t)
        move_times(smf.tracks[t], smf.format == 2 ? Beats{tempi_of(smf, t), per_second} : together);
}

// From one onset to the next, track by track, sorted.
std::vector<SmfTime> gaps_between_notes(const Smf& smf) {
    std::vector<SmfTime> gaps;
    for (const auto& track : smf.tracks) {
        std::optional<SmfTime> before;
        for (const auto& [at, message] : track.messages) {
            if (!message.is_note_on() || at == before) continue;
            if (before) gaps.push_back(at - *before);
            before = at;
        }
    }
    std::sort(gaps.begin(), gaps.end());
    return gaps;
}

// The number of ticks a beat at which the notes are music: half of them a sixteenth to two beats
// apart, and of such numbers the one whose grid they sit on best; in doubt the more usual one. The
// number that stands there, read without its sign, is tried too: 55440 divides well, and a program
// that writes it means it.
std::uint16_t likely_division(const Smf& smf, std::uint16_t stands_there) {
    constexpr std::uint16_t kUsual = 480;
    const auto gaps = gaps_between_notes(smf);
    if (gaps.empty()) return kUsual;
    const auto typical = gaps[gaps.size() / 2];
    std::uint16_t best = kUsual;
    std::ptrdiff_t most = -1;
    for (const auto division : std::to_array<std::uint16_t>(
             {stands_there, kUsual, 960, 384, 192, 120, 240, 96, 1024, 1920, 48, 24})) {
        if (typical * 4 < division || typical > SmfTime{2} * division) continue;
        const auto on_grid = std::count_if(gaps.begin(), gaps.end(), [&](SmfTime gap) {
            return gap * kCellsPerBeat.count() % division == 0;
        });
        if (on_grid <= most) continue;
        best = division;
        most = on_grid;
    }
    return best;
}

}  // namespace

void settle_beats(Smf& smf, std::uint16_t division, mend::Mends& mends) {
    const bool in_frames = (division & 0x8000U) != 0;
    const auto per_frame = division & 0xFFU;
    const auto rate = in_frames && per_frame != 0 ? frame_rate(division) : std::nullopt;
    if (rate) {
        const auto tempi = tempi_of(smf, 0);
        mends.add(mend::kFrames, "{:.4g} frames of {}, beats at {:.4g} BPM", *rate, per_frame,
                  tempi.empty() ? kUsualBpm : tempi.front().tempo.count());
        return from_frames(smf, *rate * per_frame);
    }
    smf.ticks_per_beat = division;
    if (!in_frames && division != 0) return;
    smf.ticks_per_beat = likely_division(smf, division);
    mends.add(mend::kDivision, "{:02X} {:02X} at byte 12, taken as {} a beat", division >> 8U,
              per_frame, smf.ticks_per_beat);
}

}  // namespace fusion
