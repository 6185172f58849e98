#include "engine/model/habits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace fusion {
namespace {

constexpr int kWidest = 24;  // semitones; wider intervals count as that wide
constexpr std::size_t kIntervals = 2 * kWidest + 1;
// Pitch classes, and the rest.
constexpr std::size_t kPitchClasses = 13;

std::size_t interval_of(int from, int to) {
    return static_cast<std::size_t>(std::clamp(to - from, -kWidest, kWidest) + kWidest);
}

// Counts that grow older, and what they make of each class when mixed with what is known less well.
class Counts {
public:
    explicit Counts(std::size_t classes) : count_(classes, 0.0F) {}
    void add(std::size_t which, float weight) {
        count_[which] += weight;
        sum_ += weight;
    }
    // `less_sure` counts like so many events.
    [[nodiscard]] float share(std::size_t which, float less_sure) const {
        return (count_[which] + kTrust * less_sure) / (sum_ + kTrust);
    }
    [[nodiscard]] float share(std::size_t which) const {
        return share(which, 1.0F / static_cast<float>(count_.size()));
    }
    [[nodiscard]] std::size_t size() const { return count_.size(); }

private:
    static constexpr float kTrust = 2.0F;
    std::vector<float> count_;
    float sum_ = 0.0F;
};

// Beside any other of as many.
float beside(float share, std::size_t classes) {
    return std::log(share * static_cast<float>(classes));
}

std::array<float, LineMemory::kReach + 1> weights_by_age() {
    std::array<float, LineMemory::kReach + 1> weights{};
    for (std::size_t age = 0; age < weights.size(); ++age)
        weights[age] = static_cast<float>(std::exp2(-static_cast<double>(age) / kHalfLife));
    return weights;
}

}  // namespace

Habits no_habits(const EventClasses& classes) {
    return {std::vector<float>(kToneHabits * classes.tones.size(), 0.0F),
            std::vector<float>(kLengthHabits * classes.lengths.size(), 0.0F)};
}

Habits habits_of(const LineMemory& memory, const EventClasses& classes, std::uint8_t position,
                 MeterClass meter) {
    static const auto weights = weights_by_age();
    Habits habits = no_habits(classes);
    const auto entries = memory.entries();
    if (entries.empty()) return habits;
    const auto may = memory.alike();
    const std::size_t tones = classes.tones.size(), lengths = classes.lengths.size();
    const auto bar = static_cast<std::size_t>(usual_bar(meter));

    Counts tone(tones), pitch_class(kPitchClasses), after_tone(tones), interval(kIntervals);
    Counts length(lengths), after_length(lengths), at_place(lengths);
    std::array<float, 64> onsets{};  // by place in the bar, in bars
    float bars = 0.0F;
    const auto& last = entries.back();
    std::optional<int> last_note;
    const std::size_t first = entries.size() - std::min(entries.size(), LineMemory::kReach);
    for (std::size_t i = first; i < entries.size(); ++i) {
        const auto& entry = entries[i];
        const std::size_t of_tone = classes.tone_of[entry.event];
        const std::size_t of_length = classes.length_of[entry.event];
        if (may[i] != 0) {
            const float weight = weights[entries.size() - 1 - i];
            tone.add(of_tone, weight);
            pitch_class.add(entry.pitch < 0 ? 12 : static_cast<std::size_t>(entry.pitch % 12),
                            weight);
            length.add(of_length, weight);
            if (entry.position == position) at_place.add(of_length, weight);
            if (i > first && classes.tone_of[entries[i - 1].event] == classes.tone_of[last.event])
                after_tone.add(of_tone, weight);
            if (i > first && entries[i - 1].length == last.length)
                after_length.add(of_length, weight);
            if (entry.pitch >= 0 && last_note)
                interval.add(interval_of(*last_note, entry.pitch), weight);
            onsets[entry.position] += weight;
            bars += weight * static_cast<float>(entry.length) / static_cast<float>(bar);
        }
        if (entry.pitch >= 0) last_note = entry.pitch;
    }

    const auto row = [](std::vector<float>& of, auto habit, std::size_t width) {
        return of.data() + static_cast<std::size_t>(habit) * width;
    };
    for (std::size_t t = 0; t < tones; ++t) {
        const auto& pitch = classes.tones[t];
        const float alone = tone.share(t);
        row(habits.tones, ToneHabit::tone, tones)[t] = beside(alone, tones);
        row(habits.tones, ToneHabit::pitch_class, tones)[t] =
            beside(pitch_class.share(pitch ? pitch->count() % 12U : 12U), kPitchClasses);
        row(habits.tones, ToneHabit::after_tone, tones)[t] =
            beside(after_tone.share(t, alone), tones);
        if (pitch && last_note)
            row(habits.tones, ToneHabit::interval, tones)[t] =
                beside(interval.share(interval_of(*last_note, pitch->count())), kIntervals);
    }
    for (std::size_t d = 0; d < lengths; ++d) {
        const float alone = length.share(d);
        row(habits.lengths, LengthHabit::length, lengths)[d] = beside(alone, lengths);
        row(habits.lengths, LengthHabit::after_length, lengths)[d] =
            beside(after_length.share(d, alone), lengths);
        row(habits.lengths, LengthHabit::at_place, lengths)[d] =
            beside(at_place.share(d, alone), lengths);
        const auto place =
            (position + static_cast<std::size_t>(classes.lengths[d].count())) % bar % onsets.size();
        constexpr float kFewBars = 1.0F, kUsual = 0.25F;
        row(habits.lengths, LengthHabit::onset, lengths)[d] =
            std::log((onsets[place] + kFewBars * kUsual) / (bars + kFewBars) / kUsual);
    }
    return habits;
}

}  // namespace fusion
