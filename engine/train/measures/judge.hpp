// An independent judge of genre: given some notes, how likely each genre is. It is fitted on
// training pieces alone and shares neither code nor features with the generator: it hears steps and
// rhythms (note_views.hpp), never pitches, so its verdicts do not change under transposition.
//
//   score of genre g over L notes:  (L/64)^e (sum over views v of w_vg x_vg + b_g),
//   posterior:                      softmax of the scores, each genre as likely as the next a
//   priori
//
// x_vg is the mean over the notes of view v's log ratio for g (style_counts.hpp), less its mean
// over the genres. w and b are fitted by logistic regression on excerpts of 64 notes of pieces that
// the counts have not heard: the validation pieces, and the training pieces by eighths, each eighth
// taken out of the counts while it is judged (related pieces stand side by side in name order, so a
// genre's eighths are cut in order). e makes the posterior as sure as it is right on 16 notes too:
// notes are no independent witnesses, and 64 of them are not four times as sure as 16.
//
// Thread: one to fit, any after. Errors: out_of_range (no genre, or not as many in both lists),
// not_found (a genre without a note to learn from). Deterministic.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/train/measures/note_line.hpp"
#include "engine/train/measures/style_counts.hpp"

namespace fusion::train {

class Judge {
public:
    static constexpr std::size_t kExcerptNotes = 64;

    // Lines by genre, in the order of the genres' numbers. Without validation pieces, and with a
    // single piece in a genre, it judges by what it has.
    [[nodiscard]] static Result<Judge> fit(const std::vector<std::vector<NoteLine>>& training,
                                           const std::vector<std::vector<NoteLine>>& validation);

    [[nodiscard]] std::size_t genres() const { return genres_; }

    // One probability a genre; they sum to 1. All genres alike where there is no note.
    [[nodiscard]] std::vector<double> posterior(const NoteLine& excerpt) const;
    // Where only these genres can be meant: one probability for each of `among`, in its order.
    [[nodiscard]] std::vector<double> posterior(const NoteLine& excerpt,
                                                std::span<const std::size_t> among) const;
    // The likeliest genre (of `among`, a member of it); of equals the first.
    [[nodiscard]] std::size_t verdict(const NoteLine& excerpt) const;
    [[nodiscard]] std::size_t verdict(const NoteLine& excerpt,
                                      std::span<const std::size_t> among) const;

    // What each note says for each genre, (notes, genres) row by row: a log-likelihood up to what
    // is the same for all genres, calibrated on stretches of 16 notes.
    [[nodiscard]] std::vector<double> note_scores(const NoteLine& line) const;

private:
    explicit Judge(std::size_t genres) : genres_{genres} {}

    // (notes, genres): the sums over views, before the power of the length.
    [[nodiscard]] std::vector<double> raw_scores(const NoteLine& line) const;
    [[nodiscard]] std::vector<double> scores(const NoteLine& excerpt) const;

    std::size_t genres_;
    std::vector<StyleCounts> counts_;  // by view
    std::vector<double> weights_;      // w, (views, genres)
    std::vector<double> offsets_;      // b, by genre
    double exponent_ = 0.5;            // e
};

}  // namespace fusion::train
