#include "engine/train/ngrams.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <span>

namespace fusion::train {

namespace {

constexpr std::array kStrengths{0.5, 1.0, 2.0, 4.0, 8.0};
// Enough to choose among five values.
constexpr std::size_t kValidationPieces = 30;

double loss(const NgramModel& model, const std::vector<const EventSequence*>& lines) {
    double sum = 0.0;
    for (const EventSequence* line : lines) sum += cross_entropy(model, line->events);
    return sum;
}

}  // namespace

double cross_entropy(const NgramModel& model, const std::vector<EventId>& line) {
    std::vector<float> probabilities(model.vocabulary_size());
    double sum = 0.0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        model.distribution(std::span{line}.first(i), probabilities);
        sum -= std::log(static_cast<double>(probabilities[line[i]]));
    }
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
            if (piece.split == Split::validation && validation.size() < kValidationPieces)
                validation.push_back(&piece.line);
        }
        const NgramModel plain = NgramModel::fit(training, data.vocabulary.size());
        NgramModel best = plain;
        double least = std::numeric_limits<double>::infinity();
        for (const double strength : kStrengths) {
            NgramModel candidate = plain.with_strength(strength);
            // Without validation pieces Witten-Bell itself stays.
            if (validation.empty()) break;
            if (const double found = loss(candidate, validation); found < least) {
                least = found;
                best = std::move(candidate);
            }
        }
        fitted.strengths.push_back(best.strength());
        fitted.models.push_back(std::move(best));
    }
    return fitted;
}

}  // namespace fusion::train
