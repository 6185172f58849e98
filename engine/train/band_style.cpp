#include "engine/train/band_style.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/music/meter.hpp"

namespace fusion::train {
namespace {

constexpr double kOnTheBeat = 0.08;  // of a beat
constexpr double kEarliest = 0.42, kLatest = 0.75;
constexpr std::size_t kFewestPairs = 16;
// Cells that onsets lie beside the grid, on average, from which on a hand is at work; at random it
// would be .25.
constexpr double kByHand = 0.08;

void collect(const std::vector<SmfNote>& notes, std::uint16_t ticks_per_beat,
             std::vector<double>& seconds) {
    const auto beats_of = [&](SmfTime time) {
        return static_cast<double>(time) / static_cast<double>(ticks_per_beat);
    };
    for (std::size_t first = 0; first < notes.size();) {
        const auto beat = std::floor(beats_of(notes[first].onset) + kOnTheBeat);
        bool begins = false, other = false;
        double second = 0.0;
        std::size_t behind = first;
        for (; behind < notes.size(); ++behind) {
            const double onset = beats_of(notes[behind].onset) - beat;
            if (onset >= 1.0 - kOnTheBeat) break;
            if (onset < kOnTheBeat)
                begins = true;
            else if (onset >= kEarliest && onset <= kLatest &&
                     (second <= 0.0 || std::abs(onset - second) < kOnTheBeat / 2))
                second = onset;
            else
                other = true;
        }
        if (begins && !other && second > 0.0) seconds.push_back(second);
        first = std::max(behind, first + 1);
    }
}

}  // namespace

Result<Voice> lead_voice(const Smf& smf, const IndexEntry* entry) {
    if (entry != nullptr && !entry->lead_track.empty())
        if (auto voice = voice_by_reference(smf, entry->lead_track))
            if (!is_monotone(skyline(voice->notes, smf.ticks_per_beat))) return std::move(*voice);
    return find_melody(smf);
}

double tempo_of(const Smf& smf) {
    std::map<SmfTime, double> changes;
    SmfTime end = 0;
    for (const auto& track : smf.tracks) {
        for (const auto& [at, tempo] : track.tempi) changes[at] = tempo.count();
        end = std::max(end, track.end);
    }
    if (changes.empty()) return 0.0;
    if (changes.size() == 1 && std::abs(changes.begin()->second - 120.0) < 0.01) return 0.0;
    std::map<double, double> time_at;  // in minutes
    double all = 0.0;
    for (auto it = changes.begin(); it != changes.end(); ++it) {
        const auto until =
            std::next(it) == changes.end() ? std::max(end, it->first + 1) : std::next(it)->first;
        const double minutes = static_cast<double>(until - it->first) / it->second;
        time_at[it->second] += minutes;
        all += minutes;
    }
    double passed = 0.0;
    for (const auto& [tempo, minutes] : time_at) {
        passed += minutes;
        if (passed * 2.0 >= all) return tempo;
    }
    return 0.0;
}

Eighths eighths_of(const std::vector<SmfNote>& line, const std::vector<SmfNote>& drums,
                   std::uint16_t ticks_per_beat) {
    std::vector<double> seconds;
    collect(line, ticks_per_beat, seconds);
    collect(drums, ticks_per_beat, seconds);
    if (seconds.size() < kFewestPairs) return {};
    double sum = 0.0, off = 0.0;
    for (const double second : seconds) {
        sum += second;
        const double cells = second * kCellsPerBeat.count();
        off += std::abs(cells - std::round(cells));
    }
    const auto count = static_cast<double>(seconds.size());
    return {sum / count, off / count > kByHand};
}

}  // namespace fusion::train
