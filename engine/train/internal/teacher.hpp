// Teacher forcing: what the networks would have said at every event of real lines, each line whole
// and from its start, many lines side by side.
// Only .cpp files of engine/train include this. Thread: one; it starts its own.
#pragma once

#include <functional>
#include <vector>

#include "engine/corpus/data_set.hpp"
#include "engine/nn/internal/modules.hpp"

namespace fusion::train {

using Lines = std::vector<const Piece*>;

// `log_probabilities` (N, V) and `targets` (N), int64; never two calls at once.
using Verdict =
    std::function<void(const torch::Tensor& log_probabilities, const torch::Tensor& targets)>;

// Where and how it is done.
struct Classroom {
    const Vocabulary& vocabulary;
    torch::Device device;
    std::size_t threads;
    bool chords = true;  // whether each line is told its piece's chords
};

void teach_phase1(nn::Phase1& network, const Lines& lines, const Classroom& room,
                  const Verdict& verdict);
// The fusion at full weight of genre `genre`.
void teach_phase2(nn::Phase1& proposer, nn::Phase2& network, std::size_t genre, const Lines& lines,
                  const Classroom& room, const Verdict& verdict);

// Mean cross-entropy in nats per event of what was said.
class MeanCrossEntropy {
public:
    void operator()(const torch::Tensor& log_probabilities, const torch::Tensor& targets);
    [[nodiscard]] double mean() const { return events_ > 0 ? sum_ / events_ : 0.0; }

private:
    double sum_ = 0.0;
    double events_ = 0.0;
};

}  // namespace fusion::train
