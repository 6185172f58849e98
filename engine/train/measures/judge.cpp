#include "engine/train/measures/judge.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "engine/train/measures/view_weights.hpp"

namespace fusion::train {
namespace {

constexpr std::size_t kParts = 8;        // of a genre's training pieces, each judged unheard
constexpr std::size_t kShortNotes = 16;  // where the sureness is fitted

// A line that is judged to fit the weights, and the part it is taken out of the counts with.
struct Sample {
    const NoteLine* line;
    std::size_t genre;
    std::size_t part;  // kParts: no training piece
};

Status check(const std::vector<std::vector<NoteLine>>& training,
             const std::vector<std::vector<NoteLine>>& validation) {
    if (training.empty() || training.size() != validation.size())
        return fail(Error::Code::out_of_range,
                    fmt::format("a judge of {} genres in training and {} in validation: name the "
                                "same genres, at least one, in both",
                                training.size(), validation.size()));
    for (std::size_t g = 0; g < training.size(); ++g)
        if (std::all_of(training[g].begin(), training[g].end(),
                        [](const NoteLine& line) { return line.size() == 0; }))
            return fail(Error::Code::not_found,
                        fmt::format("the judge has no note of genre {} to learn from: leave the "
                                    "genre out or add pieces",
                                    g));
    return {};
}

std::vector<Sample> samples_of(const std::vector<std::vector<NoteLine>>& training,
                               const std::vector<std::vector<NoteLine>>& validation) {
    std::vector<Sample> samples;
    for (std::size_t g = 0; g < training.size(); ++g) {
        for (std::size_t i = 0; i < training[g].size(); ++i)
            samples.push_back({&training[g][i], g, kParts * i / training[g].size()});
        for (const NoteLine& line : validation[g]) samples.push_back({&line, g, kParts});
    }
    return samples;
}

// Where the excerpts of a line begin and end, as in excerpts(); a shorter line is one.
template <class Take>
void for_each_stretch(std::size_t size, std::size_t notes, Take take) {
    if (size > 0 && size < notes) take(std::size_t{0}, size);
    for (std::size_t at = 0; at + notes <= size; at += notes) take(at, at + notes);
}

// The ratios less their mean over the genres, row by row.
void centre(std::span<const float> ratios, std::span<double> out, std::size_t genres) {
    for (std::size_t row = 0; row < out.size(); row += genres) {
        double mean = 0.0;
        for (std::size_t g = 0; g < genres; ++g) mean += double{ratios[row + g]};
        mean /= static_cast<double>(genres);
        for (std::size_t g = 0; g < genres; ++g) out[row + g] = double{ratios[row + g]} - mean;
    }
}

// Puts one view's means into the evidence of each stretch of each sample, in the samples' order.
void put_means(const std::vector<std::vector<float>>& ratios, std::size_t view, std::size_t genres,
               std::size_t notes, std::vector<Evidence>& evidence) {
    std::size_t next = 0;
    for (const auto& rows : ratios) {
        std::vector<double> centred(rows.size());
        centre(rows, centred, genres);
        for_each_stretch(rows.size() / genres, notes, [&](std::size_t begin, std::size_t end) {
            auto& x = evidence[next++].x;
            for (std::size_t i = begin * genres; i < end * genres; ++i)
                x[view * genres + i % genres] += centred[i] / static_cast<double>(end - begin);
        });
    }
}

std::vector<Evidence> blank_evidence(std::span<const Sample> samples, std::size_t genres,
                                     std::size_t notes) {
    std::vector<Evidence> evidence;
    for (const Sample& sample : samples)
        for_each_stretch(sample.line->size(), notes, [&](std::size_t, std::size_t) {
            evidence.push_back({std::vector<double>(kViews * genres, 0.0), sample.genre});
        });
    return evidence;
}

// Counts the training pieces and judges every sample unheard.
std::vector<std::vector<float>> count_and_ask(StyleCounts& counts,
                                              std::span<const Sample> samples) {
    std::vector<NgramTrace> traces(samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (samples[i].part == kParts) continue;
        traces[i] = counts.enter(*samples[i].line);
        counts.add(traces[i], samples[i].genre);
    }
    std::vector<std::vector<float>> ratios(samples.size());
    for (std::size_t part = 0; part < kParts; ++part) {
        const auto for_part = [&](auto act) {
            for (std::size_t i = 0; i < samples.size(); ++i)
                if (samples[i].part == part) act(i);
        };
        for_part([&](std::size_t i) { counts.remove(traces[i], samples[i].genre); });
        for_part([&](std::size_t i) { ratios[i] = counts.ratios(traces[i]); });
        for_part([&](std::size_t i) { counts.add(traces[i], samples[i].genre); });
    }
    for (std::size_t i = 0; i < samples.size(); ++i)
        if (samples[i].part == kParts) ratios[i] = counts.ratios(*samples[i].line);
    return ratios;
}

// A genre of one piece has heard nothing while that piece is judged: it would teach the weights to
// distrust the genre.
void leave_out_lone_pieces(std::vector<Evidence>& evidence, std::span<const Sample> samples,
                           const std::vector<std::vector<NoteLine>>& training, std::size_t notes) {
    std::vector<Evidence> kept;
    std::size_t next = 0;
    for (const Sample& sample : samples)
        for_each_stretch(sample.line->size(), notes, [&](std::size_t, std::size_t) {
            auto& e = evidence[next++];
            if (sample.part == kParts || training[sample.genre].size() > 1)
                kept.push_back(std::move(e));
        });
    evidence = std::move(kept);
}

}  // namespace

Result<Judge> Judge::fit(const std::vector<std::vector<NoteLine>>& training,
                         const std::vector<std::vector<NoteLine>>& validation) {
    if (auto fits = check(training, validation); !fits) return tl::unexpected(fits.error());
    const std::size_t genres = training.size();
    Judge judge{genres};
    const auto samples = samples_of(training, validation);
    auto full = blank_evidence(samples, genres, kExcerptNotes);
    auto brief = blank_evidence(samples, genres, kShortNotes);
    for (std::size_t v = 0; v < kViews; ++v) {
        auto& counts = judge.counts_.emplace_back(static_cast<View>(v), genres);
        const auto ratios = count_and_ask(counts, samples);
        put_means(ratios, v, genres, kExcerptNotes, full);
        put_means(ratios, v, genres, kShortNotes, brief);
    }
    leave_out_lone_pieces(full, samples, training, kExcerptNotes);
    leave_out_lone_pieces(brief, samples, training, kShortNotes);
    const auto fitted = fit_view_weights(full, genres);
    judge.weights_ = fitted.weights;
    judge.offsets_ = fitted.offsets;
    if (!brief.empty()) {
        // (16/64)^e between 1/4, notes as independent witnesses, and 1, one witness in all.
        const double least = static_cast<double>(kShortNotes) / kExcerptNotes;
        judge.exponent_ = std::log(fit_sureness(brief, fitted, least, 1.0)) / std::log(least);
    }
    return judge;
}

std::vector<double> Judge::raw_scores(const NoteLine& line) const {
    std::vector<double> sums;
    for (std::size_t i = 0; i < line.size(); ++i)
        sums.insert(sums.end(), offsets_.begin(), offsets_.end());
    std::vector<double> centred(sums.size());
    for (std::size_t v = 0; v < kViews; ++v) {
        centre(counts_[v].ratios(line), centred, genres_);
        for (std::size_t i = 0; i < sums.size(); ++i)
            sums[i] += weights_[v * genres_ + i % genres_] * centred[i];
    }
    return sums;
}

std::vector<double> Judge::scores(const NoteLine& excerpt) const {
    std::vector<double> sums(genres_, 0.0);
    if (excerpt.size() == 0) return sums;
    const auto raw = raw_scores(excerpt);
    for (std::size_t i = 0; i < raw.size(); ++i) sums[i % genres_] += raw[i];
    const auto notes = static_cast<double>(excerpt.size());
    for (double& s : sums) s *= std::pow(notes / kExcerptNotes, exponent_) / notes;
    return sums;
}

std::vector<double> Judge::note_scores(const NoteLine& line) const {
    auto rows = raw_scores(line);
    const double factor =
        std::pow(static_cast<double>(kShortNotes) / kExcerptNotes, exponent_) / kShortNotes;
    for (double& s : rows) s *= factor;
    return rows;
}

std::vector<double> Judge::posterior(const NoteLine& excerpt) const {
    auto all = scores(excerpt);
    softmax(all);
    return all;
}

std::vector<double> Judge::posterior(const NoteLine& excerpt,
                                     std::span<const std::size_t> among) const {
    const auto all = scores(excerpt);
    std::vector<double> some;
    for (const std::size_t genre : among) {
        assert(genre < genres_);
        some.push_back(all[genre]);
    }
    softmax(some);
    return some;
}

std::size_t Judge::verdict(const NoteLine& excerpt) const {
    const auto all = scores(excerpt);
    return static_cast<std::size_t>(std::max_element(all.begin(), all.end()) - all.begin());
}

std::size_t Judge::verdict(const NoteLine& excerpt, std::span<const std::size_t> among) const {
    assert(!among.empty());
    const auto all = scores(excerpt);
    return *std::max_element(among.begin(), among.end(),
                             [&](std::size_t a, std::size_t b) { return all[a] < all[b]; });
}

}  // namespace fusion::train
