#include "engine/train/ngrams.hpp"

#include <array>
#include <cmath>
#include <span>

namespace fusion::train {

namespace {

constexpr std::array kStrengths{0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0};
// Over all orders in turn; a third changes nothing any more on the corpus this was made for.
constexpr int kRounds = 3;

double loss(const NgramModel& model, const std::vector<const EventSequence*>& lines) {
    double sum = 0.0;
    for (const EventSequence* line : lines) sum += cross_entropy(model, line->events);
    return sum;
}

// Order by order the strength that suits `validation` best, the others held; an empty one leaves
// Witten and Bell's own.
void tune(NgramModel& model, const std::vector<const EventSequence*>& validation) {
    if (validation.empty()) return;
    double least = loss(model, validation);
    for (int round = 0; round < kRounds; ++round) {
        for (std::size_t order = 0; order < NgramModel::kOrder; ++order) {
            NgramModel::Strengths best = model.strengths();
            for (const double strength : kStrengths) {
                NgramModel::Strengths tried = best;
                tried[order] = strength;
                model.set_strengths(tried);
                if (const double found = loss(model, validation); found < least) {
                    least = found;
                    best = tried;
                }
            }
            model.set_strengths(best);
        }
    }
}

}  // namespace

double cross_entropy(const NgramModel& model, const std::vector<EventId>& line) {
    double sum = 0.0;
    for (std::size_t i = 0; i < line.size(); ++i)
        sum -= std::log(model.probability(std::span{line}.first(i), line[i]));
    return sum;
}

FittedNgrams fit_ngrams(const DataSet& data) {
    FittedNgrams fitted;
    for (std::size_t g = 0; g < data.genres.size(); ++g) {
        std::vector<std::vector<EventId>> training;
        std::vector<const EventSequence*> validation;
        for (const Piece& piece : data.pieces) {
            if (piece.genre != g) continue;
            if (piece.split == Split::training) training.push_back(piece.line.events);
            if (piece.split == Split::validation) validation.push_back(&piece.line);
        }
        NgramModel model = NgramModel::fit(training, data.vocabulary.size());
        tune(model, validation);
        fitted.strengths.push_back(model.strengths());
        fitted.models.push_back(std::move(model));
    }
    return fitted;
}

}  // namespace fusion::train
