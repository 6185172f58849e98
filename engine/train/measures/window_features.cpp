#include "engine/train/measures/window_features.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>

#include "engine/train/measures/key_clarity.hpp"

namespace fusion::train {
namespace {

constexpr std::size_t kClasses = 12;
constexpr std::array<bool, kClasses> kDiatonic{true,  false, true,  false, true,  true,
                                               false, true,  false, true,  false, true};
int bar_cells(MeterClass meter) {
    switch (meter) {
        case MeterClass::quadruple: return 48;
        case MeterClass::triple:
        case MeterClass::compound: return 36;
        case MeterClass::other: break;
    }
    return 60;
}

double mean(const std::vector<double>& values) {
    double sum = 0.0;
    for (const double value : values) sum += value;
    return values.empty() ? 0.0 : sum / static_cast<double>(values.size());
}

double deviation(const std::vector<double>& values) {
    const double middle = mean(values);
    double sum = 0.0;
    for (const double value : values) sum += (value - middle) * (value - middle);
    return values.empty() ? 0.0 : std::sqrt(sum / static_cast<double>(values.size()));
}

template <class Map>
double entropy(const Map& counts) {
    double all = 0.0, sum = 0.0;
    for (const auto& [what, count] : counts) all += count;
    for (const auto& [what, count] : counts) sum -= count / all * std::log2(count / all);
    return sum;
}

// Collects values under their names; the names are those of the first stretch, as of all.
class Sheet {
public:
    void put(std::string_view name, double value) {
        names.push_back(name);
        values.push_back(std::isfinite(value) ? value : 0.0);
    }
    std::vector<std::string_view> names;
    std::vector<double> values;
};

class Hearing {
public:
    explicit Hearing(const NoteLine& stretch) : line_{stretch}, n_{stretch.size()} {
        assert(n_ >= 2);
        bar_ = bar_cells(line_.notes.front().meter);
        for (std::size_t i = 0; i < n_; ++i) pitch_.push_back(line_.notes[i].pitch.count());
        for (std::size_t i = 0; i + 1 < n_; ++i) {
            interval_.push_back(pitch_[i + 1] - pitch_[i]);
            gap_.push_back(line_.interonset(i).count());
        }
        for (const LineNote& note : line_.notes) heard_[note.pitch.count() % kClasses] += 1.0;
        key_ = clearest_key(heard_);
    }

    Sheet all() {
        registers();
        intervals();
        tonality();
        lengths();
        metre();
        returns();
        bars();
        phrase_ends();
        return std::move(sheet_);
    }

private:
    template <class Of, class Holds>
    static double share(const Of& values, Holds holds) {
        double count = 0.0;
        for (const auto& value : values) count += holds(value) ? 1.0 : 0.0;
        return values.empty() ? 0.0 : count / static_cast<double>(values.size());
    }

    void registers() {
        const std::vector<double> pitches(pitch_.begin(), pitch_.end());
        const auto [low, high] = std::minmax_element(pitch_.begin(), pitch_.end());
        sheet_.put("range", *high - *low);
        sheet_.put("pitch_deviation", deviation(pitches));
        sheet_.put("pitch_mean", mean(pitches));
        std::vector<double> quarters;
        for (std::size_t q = 0; q < 4; ++q)
            quarters.push_back(
                mean({pitches.begin() + static_cast<std::ptrdiff_t>(q * n_ / 4),
                      pitches.begin() + static_cast<std::ptrdiff_t>((q + 1) * n_ / 4)}));
        sheet_.put("drift", deviation(quarters));
        sheet_.put("pitches",
                   static_cast<double>(std::set<int>(pitch_.begin(), pitch_.end()).size()));
    }

    void intervals() {
        const auto between = [this](int least, int most) {
            return share(interval_,
                         [=](int i) { return std::abs(i) >= least && std::abs(i) <= most; });
        };
        std::vector<double> sizes;
        for (const int i : interval_) sizes.push_back(std::abs(i));
        sheet_.put("interval_mean", mean(sizes));
        sheet_.put("interval_deviation", deviation(sizes));
        sheet_.put("repeated_notes", between(0, 0));
        sheet_.put("steps", between(1, 2));
        sheet_.put("thirds", between(3, 4));
        sheet_.put("leaps_5_to_7", between(5, 7));
        sheet_.put("leaps_8_to_11", between(8, 11));
        sheet_.put("leaps_12_up", between(12, 127));
        double leaps = 0.0, answered = 0.0, again = 0.0, turns = 0.0;
        for (std::size_t i = 0; i + 1 < interval_.size(); ++i) {
            const int now = interval_[i], next = interval_[i + 1];
            if (now * next < 0) turns += 1.0;
            if (std::abs(now) < 5) continue;
            leaps += 1.0;
            if (std::abs(next) <= 2 && now * next < 0) answered += 1.0;
            if (std::abs(next) >= 5) again += 1.0;
        }
        sheet_.put("leaps_answered", leaps > 0.0 ? answered / leaps : 0.5);
        sheet_.put("leaps_after_leaps", leaps > 0.0 ? again / leaps : 0.0);
        sheet_.put("turns", turns / static_cast<double>(n_));
        std::map<int, double> kinds;
        for (const int i : interval_) kinds[i] += 1.0;
        sheet_.put("interval_entropy", entropy(kinds));
    }

    void tonality() {
        double best = 0.0;
        for (std::size_t tonic = 0; tonic < kClasses; ++tonic) {
            double in = 0.0;
            for (std::size_t c = 0; c < kClasses; ++c)
                if (kDiatonic[c]) in += heard_[(c + tonic) % kClasses];
            best = std::max(best, in);
        }
        double home = 0.0;
        for (std::size_t c = 0; c < kClasses; ++c)
            if (kDiatonic[c]) home += heard_[c];
        sheet_.put("out_of_key", 1.0 - best / static_cast<double>(n_));
        sheet_.put("out_of_home", 1.0 - home / static_cast<double>(n_));
        sheet_.put("key_clarity", key_.clarity);
        sheet_.put("key_beyond_next", key_.beyond_next);
        std::map<std::size_t, double> classes;
        std::array<PitchClassCounts, 2> halves{};
        for (std::size_t i = 0; i < n_; ++i) {
            const std::size_t c = static_cast<std::size_t>(pitch_[i]) % kClasses;
            classes[c] += 1.0;
            halves[2 * i / n_][c] += 2.0 / static_cast<double>(n_);
        }
        sheet_.put("class_entropy", entropy(classes));
        double apart = 0.0;
        for (std::size_t c = 0; c < kClasses; ++c) apart += std::abs(halves[0][c] - halves[1][c]);
        sheet_.put("class_change", apart / 2.0);
        double chromatic = 0.0;
        for (std::size_t i = 0; i + 1 < interval_.size(); ++i)
            if (std::abs(interval_[i]) == 1 && interval_[i] == interval_[i + 1]) chromatic += 1.0;
        sheet_.put("chromatic_runs", chromatic / static_cast<double>(n_));
    }

    void lengths() {
        std::map<int, double> kinds;
        std::vector<double> logs;
        for (const int gap : gap_) {
            kinds[gap] += 1.0;
            logs.push_back(std::log2(std::max(1, gap)));
        }
        sheet_.put("length_kinds", static_cast<double>(kinds.size()));
        sheet_.put("length_entropy", entropy(kinds));
        sheet_.put("length_mean", mean(logs));
        sheet_.put("length_deviation", deviation(logs));
        const auto of = [this](int least, int most) {
            return share(gap_, [=](int gap) { return gap >= least && gap <= most; });
        };
        sheet_.put("lengths_below_3", of(0, 2));
        sheet_.put("lengths_3", of(3, 3));
        sheet_.put("lengths_4", of(4, 4));
        sheet_.put("lengths_5", of(5, 5));
        sheet_.put("lengths_6", of(6, 6));
        sheet_.put("lengths_7_to_8", of(7, 8));
        sheet_.put("lengths_9", of(9, 9));
        sheet_.put("lengths_10_to_11", of(10, 11));
        sheet_.put("lengths_12", of(12, 12));
        sheet_.put("lengths_13_to_17", of(13, 17));
        sheet_.put("lengths_18", of(18, 18));
        sheet_.put("lengths_24", of(24, 24));
        sheet_.put("lengths_36", of(36, 36));
        sheet_.put("lengths_48_up", of(48, 1 << 20));
        double changes = 0.0;
        for (std::size_t i = 0; i + 1 < gap_.size(); ++i)
            if (gap_[i] != gap_[i + 1]) changes += 1.0;
        sheet_.put("length_changes", changes / static_cast<double>(n_));
        double silence = 0.0, rests = 0.0, longest = 0.0, all = 0.0;
        for (std::size_t i = 0; i + 1 < n_; ++i) {
            const double quiet = gap_[i] - line_.notes[i].duration.count();
            all += gap_[i];
            silence += quiet;
            if (quiet > 0.0) rests += 1.0;
            longest = std::max(longest, quiet);
        }
        sheet_.put("silence", all > 0.0 ? silence / all : 0.0);
        sheet_.put("rests", rests / static_cast<double>(n_));
        sheet_.put("longest_silence", longest);
    }

    void metre() {
        const auto at = [this](auto holds) {
            return share(line_.notes,
                         [&](const LineNote& note) { return holds(note.position % 12); });
        };
        sheet_.put("on_the_beat", at([](int place) { return place == 0; }));
        sheet_.put("on_the_half", at([](int place) { return place == 6; }));
        sheet_.put("sixteenths", at([](int place) { return place % 6 == 3; }));
        sheet_.put("triplets", at([](int place) { return place == 4 || place == 8; }));
        sheet_.put("other_places", at([](int place) { return place % 3 != 0 && place % 4 != 0; }));
        sheet_.put("downbeats",
                   share(line_.notes, [](const LineNote& note) { return note.position == 0; }));
        double over = 0.0;
        for (std::size_t i = 0; i + 1 < n_; ++i) {
            const int place = line_.notes[i].position % 12;
            if (place != 0 && place + gap_[i] > 12) over += 1.0;
        }
        sheet_.put("syncopated", over / static_cast<double>(n_));
        std::map<int, double> places;
        for (const LineNote& note : line_.notes) places[note.position] += 1.0;
        sheet_.put("place_entropy", entropy(places));
    }

    // The share of figures of `length` notes that were there before, and how long ago the last one
    // began (mean over those, in octaves of beats).
    template <class Of>
    void figures(std::string_view name, std::string_view ago, std::size_t length, Of of) {
        std::map<std::vector<int>, std::size_t> seen;
        double back = 0.0, count = 0.0, distance = 0.0;
        for (std::size_t i = 0; i + length <= n_; ++i) {
            std::vector<int> figure;
            for (std::size_t k = i; k < i + length; ++k) of(k, k - i, figure);
            const auto [at, is_new] = seen.try_emplace(std::move(figure), i);
            count += 1.0;
            if (is_new) continue;
            back += 1.0;
            const double cells = (line_.notes[i].onset - line_.notes[at->second].onset).count();
            distance += std::log2(std::max(1.0, cells / 12.0));
            at->second = i;
        }
        sheet_.put(name, count > 0.0 ? back / count : 0.0);
        if (!ago.empty()) sheet_.put(ago, back > 0.0 ? distance / back : 0.0);
    }

    void returns() {
        const auto pitches = [this](std::size_t k, std::size_t, std::vector<int>& to) {
            to.push_back(pitch_[k]);
        };
        const auto steps = [this](std::size_t k, std::size_t place, std::vector<int>& to) {
            if (place > 0) to.push_back(interval_[k - 1]);
        };
        const auto rhythm = [this](std::size_t k, std::size_t place, std::vector<int>& to) {
            if (place > 0) to.push_back(gap_[k - 1]);
        };
        const auto both = [&](std::size_t k, std::size_t place, std::vector<int>& to) {
            steps(k, place, to);
            rhythm(k, place, to);
        };
        const auto contour = [this](std::size_t k, std::size_t place, std::vector<int>& to) {
            if (place > 0) to.push_back(interval_[k - 1] > 0 ? 1 : (interval_[k - 1] < 0 ? -1 : 0));
        };
        figures("pitches_3_return", "pitches_3_ago", 3, pitches);
        figures("pitches_5_return", "", 5, pitches);
        figures("steps_4_return", "", 4, steps);
        figures("figures_3_return", "figures_3_ago", 3, both);
        figures("figures_5_return", "figures_5_ago", 5, both);
        figures("figures_8_return", "", 8, both);
        figures("rhythms_3_return", "", 3, rhythm);
        figures("rhythms_5_return", "rhythms_5_ago", 5, rhythm);
        figures("rhythms_9_return", "", 9, rhythm);
        figures("contours_6_return", "", 6, contour);
    }

    void bars() {
        std::map<int, std::vector<std::pair<int, int>>> by_bar;
        std::map<int, int> at;  // onset to pitch
        for (std::size_t i = 0; i < n_; ++i) {
            const int start = line_.bar_start(i).count();
            by_bar[start].emplace_back(line_.notes[i].onset.count() - start, pitch_[i]);
            at[line_.notes[i].onset.count()] = pitch_[i];
        }
        std::vector<double> notes;
        notes.reserve(by_bar.size());
        for (const auto& [start, in_bar] : by_bar)
            notes.push_back(static_cast<double>(in_bar.size()));
        sheet_.put("notes_a_bar", mean(notes));
        sheet_.put("notes_a_bar_deviation", deviation(notes));
        constexpr std::array<int, 5> kBack{1, 2, 4, 8, 16};
        constexpr std::array<std::string_view, 5> kSame{"same_1_bar_ago", "same_2_bars_ago",
                                                        "same_4_bars_ago", "same_8_bars_ago",
                                                        "same_16_bars_ago"};
        constexpr std::array<std::string_view, 5> kPlace{"onset_1_bar_ago", "onset_2_bars_ago",
                                                         "onset_4_bars_ago", "onset_8_bars_ago",
                                                         "onset_16_bars_ago"};
        for (std::size_t lag = 0; lag < kBack.size(); ++lag) {
            double looked = 0.0, same = 0.0, place = 0.0;
            for (std::size_t i = 0; i < n_; ++i) {
                const int then = line_.notes[i].onset.count() - kBack[lag] * bar_;
                if (then < line_.notes.front().onset.count()) continue;
                looked += 1.0;
                const auto found = at.find(then);
                if (found == at.end()) continue;
                place += 1.0;
                if (found->second == pitch_[i]) same += 1.0;
            }
            sheet_.put(kSame[lag], looked > 0.0 ? same / looked : 0.0);
            sheet_.put(kPlace[lag], looked > 0.0 ? place / looked : 0.0);
        }
        double run = 1.0, longest = 1.0;
        for (auto it = by_bar.begin(); it != by_bar.end(); ++it) {
            const auto next = std::next(it);
            if (next == by_bar.end()) break;
            run = next->first - it->first == bar_ && next->second == it->second ? run + 1.0 : 1.0;
            longest = std::max(longest, run);
        }
        sheet_.put("same_bars_in_a_row", longest);
    }

    // A phrase ends on a note that is much longer than its neighbours, rests after it included.
    void phrase_ends() {
        std::vector<int> sorted = gap_;
        std::nth_element(sorted.begin(),
                         sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2),
                         sorted.end());
        const int long_from = std::max(12, 2 * sorted[sorted.size() / 2] + 1);
        double ends = 0.0, home = 0.0, on_beat = 0.0, into = 0.0, to_bar = 0.0;
        std::vector<double> apart;
        std::size_t last = 0;
        for (std::size_t i = 1; i + 1 < n_; ++i) {
            if (gap_[i] < long_from) continue;
            ends += 1.0;
            const std::size_t c =
                (static_cast<std::size_t>(pitch_[i]) + kClasses - key_.tonic) % kClasses;
            home += c == 0 || c == 7 ? 1.0 : 0.0;
            on_beat += line_.notes[i].position % 12 == 0 ? 1.0 : 0.0;
            to_bar += line_.notes[i + 1].position == 0 ? 1.0 : 0.0;
            into += std::abs(interval_[i - 1]);
            if (last > 0)
                apart.push_back((line_.notes[i].onset - line_.notes[last].onset).count() / 12.0);
            last = i;
        }
        const double each = std::max(1.0, ends);
        sheet_.put("phrase_ends", ends / static_cast<double>(n_));
        sheet_.put("ends_at_home", ends > 0.0 ? home / each : 0.4);
        sheet_.put("ends_on_the_beat", ends > 0.0 ? on_beat / each : 0.5);
        sheet_.put("ends_at_the_bar", ends > 0.0 ? to_bar / each : 0.5);
        sheet_.put("interval_into_ends", ends > 0.0 ? into / each : 2.0);
        sheet_.put("phrase_length", apart.empty() ? 0.0 : std::log2(1.0 + mean(apart)));
        sheet_.put("phrase_length_varies",
                   apart.empty() ? 0.0 : deviation(apart) / (1.0 + mean(apart)));
    }

    const NoteLine& line_;
    std::size_t n_;
    int bar_ = 48;
    std::vector<int> pitch_, interval_, gap_;  // gap_: cells from a note to the next
    PitchClassCounts heard_{};
    ClearKey key_;
    Sheet sheet_;
};

NoteLine two_notes() {
    LineNote first{Cells{0}, Cells{12}, Pitch{60}};
    LineNote second{Cells{12}, Cells{12}, Pitch{62}, 12};
    return {{first, second}};
}

}  // namespace

std::span<const std::string_view> feature_names() {
    static const std::vector<std::string_view> names = [] {
        const NoteLine any = two_notes();
        return Hearing{any}.all().names;
    }();
    return names;
}

std::size_t feature_index(std::string_view name) {
    const auto names = feature_names();
    const auto found = std::find(names.begin(), names.end(), name);
    assert(found != names.end());
    return static_cast<std::size_t>(found - names.begin());
}

std::vector<double> features_of(const NoteLine& stretch) { return Hearing{stretch}.all().values; }

}  // namespace fusion::train
