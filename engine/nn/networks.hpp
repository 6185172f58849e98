// The shapes of both phases' networks and the names of their weights in a bundle. Plain: no Torch
// here, so that a build without it can still say whether a bundle fits.
//
// Letters: G genres, V events of the vocabulary, P = 48 bar positions, M = 4 meter classes; T tones
// and D lengths of the vocabulary (engine/model/event_classes.hpp), S = 8 recall slots
// (engine/model/recall.hpp), H = 4 and 4 habits of tones and of lengths (engine/model/habits.hpp),
// N = S (T + 1 + D + 1) + 3 25 + 9 + 5 + 11 + 16 + 12 recall rows, C = 102 chord rows
// (engine/model/told_chords.hpp), L = 50 + 3 S + 4 + 4 + 2 25 line scores. Every Dense layer over
// concatenated one-hots is stored as one table per one-hot: the layer's output is the sum of one
// row of each table plus the bias, which is the same product for the price of a few additions.
// `event` has V + 1 rows; row V stands for "the line begins here".
//
// Per genre, "phase1/<genre>/" before each name. h_t from h_(t-1), the last event and the recall:
//   x = relu(in.event[last] + in.position[p] + in.meter[m] + recalled(in.recall) + told(in.chord)
//            + in.bias)
//   h = tanh(rnn.weight_ih x + rnn.weight_hh h + rnn.bias)
//   m = relu(mid.weight h + mid.bias)
//   logits = out.weight m + out.bias + line(line.weight m + line.bias)
//   in.event (V+1, 128)  in.position (P, 128)  in.meter (M, 128)  in.recall (N, 128)
//   in.chord (C, 128)  in.bias (128)
//   rnn.weight_ih (256, 128)  rnn.weight_hh (256, 256)  rnn.bias (256)
//   mid.weight (128, 256)  mid.bias (128)  out.weight (V, 128)  out.bias (V)
//   line.weight (L, 128)  line.bias (L)
//
// Once, "phase2/" before each name. Stream g, with q_g the softmax of genre g's phase-1 logits for
// the event to choose, and w_g its share of the blend (ADR-proposals.md says why q is soft and why
// its logarithm has a say of its own, ADR-recall.md what the line's scores are for):
//   x = relu(in.event[last] + in.position[p] + in.meter[m] + recalled(in.recall) + told(in.chord)
//            + in.genre[g] + q_g in.proposal + in.bias)
//   (i, f, c~, o) = lstm.weight_ih x + lstm.weight_hh h_g + lstm.bias, rows in this order
//   c_g = sigmoid(f) c_g + sigmoid(i) tanh(c~);  h_g = sigmoid(o) tanh(c_g)
//   m = relu(mid.weight (sum over g of w_g h_g) + mid.bias)
//   logits = out.weight m + out.bias + line(line.weight m + line.bias)
//            + out.experts log(max(sum over g of w_g q_g, 1e-9))
//   in.event (V+1, 256)  in.position (P, 256)  in.meter (M, 256)  in.recall (N, 256)
//   in.chord (C, 256)  in.genre (G, 256)  in.proposal (V, 256)  in.bias (256)
//   lstm.weight_ih (2048, 256)  lstm.weight_hh (2048, 512)  lstm.bias (2048)
//   mid.weight (256, 512)  mid.bias (256)  out.weight (V, 256)  out.bias (V)  out.experts (1)
//   line.weight (L, 256)  line.bias (L)
//
// recalled(table) is the sum of one row for the tone and one for the length of what each slot
// recalls (row T, or D, where it recalls nothing), and of one row each for the three strengths, the
// repeat's distance and its rounds, the line's age, the last note's height and the spread. The rows
// lie slot by slot, T + 1 tones then D + 1 lengths; then those others in this order. told(table) is
// the sum of the rows of what is told of the chords.
//
// line(a)[e], what the line so far says of event e: with r_s what slot s recalls,
//   a[pitch of e - pitch of the last note, -24 to 24, cut off there, + 24]; for a rest, or before
//   the first note, a[49]
//   + sum over s of a[50 + s] if e = r_s, a[50 + S + s] if e has the tone of r_s,
//     a[50 + 2 S + s] if e has the length of r_s
//   + sum over the habits k of a[50 + 3 S + k] times what habit k says of e's tone, or length
//   + of the chord now, from a[58 + 3 S], and of the next, from a[83 + 3 S]: the score of how far e
//     lies above its root, 0 to 11, in the first twelve if e is no tone of it, in the second if it
//     is; for a rest, or without a chord, the last of the 25
//
// `position` and `meter` are those of the event to choose, not of the last one.
// Thread: any. Errors: check_tensors() says malformed.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/model/bundle.hpp"
#include "engine/model/event_classes.hpp"
#include "engine/model/habits.hpp"
#include "engine/model/recall.hpp"
#include "engine/model/told_chords.hpp"

namespace fusion {

// Phase 1: Dense, simple RNN, Dense.
inline constexpr std::int64_t kPhase1Dense = 128;
inline constexpr std::int64_t kPhase1Hidden = 256;
// Phase 2: Dense, LSTM, Dense.
inline constexpr std::int64_t kPhase2Dense = 256;
inline constexpr std::int64_t kPhase2Hidden = 512;

inline constexpr double kLeastProbability = 1e-9;  // below it the experts' logarithm is cut

// Where the rows of in.recall and the line's scores lie.
inline constexpr std::int64_t kIntervalScores = 50;
inline constexpr std::int64_t kLargestInterval = 24;
inline constexpr std::int64_t kHabitScores =
    kIntervalScores + 3 * static_cast<std::int64_t>(kRecallSlots);
inline constexpr std::int64_t kChordScoresFrom =
    kHabitScores + static_cast<std::int64_t>(kToneHabits + kLengthHabits);
// Of each of two chords: twelve intervals above its root where they are no tones of it, then
// twelve where they are, then the rest.
inline constexpr std::int64_t kScoresOfChord = 25;
inline constexpr std::int64_t kLineScores = kChordScoresFrom + 2 * kScoresOfChord;
inline constexpr std::size_t kRecallRowsTold = 2 * kRecallSlots + 8;  // of N, each event
[[nodiscard]] std::int64_t recall_rows(const EventClasses& classes);
[[nodiscard]] std::array<std::int64_t, kRecallRowsTold> recalled_rows(const Recall& recall,
                                                                      const EventClasses& classes);

struct TensorShape {
    std::string name;  // "phase1/jazz/in.event"
    std::vector<std::int64_t> shape;
};

[[nodiscard]] std::string phase1_prefix(const std::string& genre);  // "phase1/jazz/"
[[nodiscard]] std::string phase2_prefix();                          // "phase2/"

[[nodiscard]] std::vector<TensorShape> phase1_tensors(const std::string& genre,
                                                      const Vocabulary& vocabulary);
[[nodiscard]] std::vector<TensorShape> phase2_tensors(std::size_t genres,
                                                      const Vocabulary& vocabulary);

// A bundle of before the networks heard chords gets rows of zeros for what they would say of them,
// and plays as it did; any other is left as it is.
void complete_older(Bundle& bundle);

// Whether `bundle` holds every tensor of both phases in its right shape, all values finite.
[[nodiscard]] Status check_tensors(const Bundle& bundle);

// load_bundle(), completed and checked; errors name the file.
[[nodiscard]] Result<Bundle> load_networks(const std::filesystem::path& file);

}  // namespace fusion
