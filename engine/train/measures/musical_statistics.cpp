#include "engine/train/measures/musical_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <map>
#include <set>

#include "engine/train/measures/densities.hpp"

namespace fusion::train {
namespace {

constexpr std::size_t kClasses = 12;

using Values = std::vector<double>;

std::size_t pitch_class(const LineNote& note) { return note.pitch.count() % kClasses; }

std::size_t duration_class(const LineNote& note) {
    const auto classes = duration_classes();
    const auto nearer = [&](Cells a, Cells b) {
        return std::abs((a - note.duration).count()) < std::abs((b - note.duration).count());
    };
    return static_cast<std::size_t>(std::min_element(classes.begin(), classes.end(), nearer) -
                                    classes.begin());
}

void to_shares(std::span<double> counts) {
    double sum = 0.0;
    for (const double c : counts) sum += c;
    if (sum > 0.0)
        for (double& c : counts) c /= sum;
}

template <class ClassOf>
Values histogram(const NoteLine& line, std::size_t classes, ClassOf class_of) {
    Values counts(classes, 0.0);
    for (const LineNote& note : line.notes) counts[class_of(note)] += 1.0;
    to_shares(counts);
    return counts;
}

// From each note to the next.
template <class ClassOf>
Values transitions(const NoteLine& line, std::size_t classes, ClassOf class_of) {
    Values counts(classes * classes, 0.0);
    for (std::size_t i = 1; i < line.size(); ++i)
        counts[class_of(line.notes[i - 1]) * classes + class_of(line.notes[i])] += 1.0;
    to_shares(counts);
    return counts;
}

Values pitch_count(const NoteLine& line) {
    std::set<Pitch> pitches;
    for (const LineNote& note : line.notes) pitches.insert(note.pitch);
    return {static_cast<double>(pitches.size())};
}

Values pitch_range(const NoteLine& line) {
    const auto [low, high] =
        std::minmax_element(line.notes.begin(), line.notes.end(),
                            [](const auto& a, const auto& b) { return a.pitch < b.pitch; });
    return {static_cast<double>(high->pitch.count() - low->pitch.count())};
}

Values mean_interval(const NoteLine& line) {
    double sum = 0.0;
    for (std::size_t i = 1; i < line.size(); ++i)
        sum += std::abs(int{line.notes[i].pitch.count()} - int{line.notes[i - 1].pitch.count()});
    return {line.size() < 2 ? 0.0 : sum / static_cast<double>(line.size() - 1)};
}

Values note_count(const NoteLine& line) { return {static_cast<double>(line.size())}; }

Values mean_interonset(const NoteLine& line) {
    const double cells = (line.notes.back().onset - line.notes.front().onset).count();
    const double steps = static_cast<double>(std::max<std::size_t>(line.size() - 1, 1));
    return {cells / kCellsPerBeat.count() / steps};
}

// The mean over the bars of what `of_bar` says of the bar's notes.
template <class OfBar>
Values bar_mean(const NoteLine& line, OfBar of_bar) {
    std::map<Cells, std::vector<LineNote>> bars;
    for (std::size_t i = 0; i < line.size(); ++i) bars[line.bar_start(i)].push_back(line.notes[i]);
    double sum = 0.0;
    for (auto& [start, notes] : bars) sum += of_bar(NoteLine{std::move(notes)}).front();
    return {sum / static_cast<double>(bars.size())};
}

struct Feature {
    const char* name;
    std::function<Values(const NoteLine&)> of;
};

std::vector<Feature> features() {
    const std::size_t lengths = duration_classes().size();
    return {
        {"pitch_count", pitch_count},
        {"pitch_class_histogram",
         [](const NoteLine& line) { return histogram(line, kClasses, pitch_class); }},
        {"pitch_class_transitions",
         [](const NoteLine& line) { return transitions(line, kClasses, pitch_class); }},
        {"pitch_range", pitch_range},
        {"mean_interval", mean_interval},
        {"note_count", note_count},
        {"mean_interonset", mean_interonset},
        {"note_length_histogram",
         [=](const NoteLine& line) { return histogram(line, lengths, duration_class); }},
        {"note_length_transitions",
         [=](const NoteLine& line) { return transitions(line, lengths, duration_class); }},
        {"bar_pitch_count", [](const NoteLine& line) { return bar_mean(line, pitch_count); }},
        {"bar_note_count", [](const NoteLine& line) { return bar_mean(line, note_count); }},
    };
}

std::vector<Values> values_of(const Feature& feature, std::span<const NoteLine> lines) {
    std::vector<Values> values;
    for (const NoteLine& line : lines)
        if (line.size() > 0) values.push_back(feature.of(line));
    return values;
}

double distance(const Values& a, const Values& b) {
    double square = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) square += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(square);
}

}  // namespace

std::vector<FeatureComparison> compare(std::span<const NoteLine> generated,
                                       std::span<const NoteLine> real) {
    std::vector<FeatureComparison> comparisons;
    for (const Feature& feature : features()) {
        const auto ours = values_of(feature, generated), theirs = values_of(feature, real);
        if (ours.empty() || theirs.empty()) return {};
        std::vector<double> within, between;
        for (std::size_t i = 0; i < theirs.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) within.push_back(distance(theirs[i], theirs[j]));
            for (const Values& value : ours) between.push_back(distance(value, theirs[i]));
        }
        if (within.empty()) within.push_back(0.0);
        const Likeness likeness = compare_densities(within, between);
        comparisons.push_back({feature.name, likeness.kl, likeness.overlap});
    }
    return comparisons;
}

double mean_overlap(std::span<const FeatureComparison> features) {
    double sum = 0.0;
    for (const FeatureComparison& feature : features) sum += feature.overlap;
    return features.empty() ? 0.0 : sum / static_cast<double>(features.size());
}

std::array<double, 12> pitch_class_histogram(std::span<const NoteLine> lines) {
    std::array<double, 12> counts{};
    for (const NoteLine& line : lines)
        for (const LineNote& note : line.notes) counts[pitch_class(note)] += 1.0;
    to_shares(counts);
    return counts;
}

std::vector<double> duration_histogram(std::span<const NoteLine> lines) {
    std::vector<double> counts(duration_classes().size(), 0.0);
    for (const NoteLine& line : lines)
        for (const LineNote& note : line.notes) counts[duration_class(note)] += 1.0;
    to_shares(counts);
    return counts;
}

}  // namespace fusion::train
