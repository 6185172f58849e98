// How well a bundle predicts real pieces: both phases and the n-grams, teacher-forced over each
// whole piece, genre by genre; and, where asked, what it plays (music.hpp). Thread: one (starts its
// own). Errors: not_found (no piece, no bundle), malformed (bundle), out_of_range (no genre in
// common), unavailable (device).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/base/result.hpp"
#include "engine/train/music.hpp"
#include "engine/train/options.hpp"
#include "engine/train/progress.hpp"

namespace fusion::train {

enum class Pieces : int { all, test };
// told_apart: only how well what is played is told from real pieces; nothing else is scored.
enum class Music : std::uint8_t { leave_out, told_apart, judge };

struct EvaluateOptions {
    std::filesystem::path data;
    std::filesystem::path bundle;
    Pieces pieces = Pieces::all;
    Device device = Device::automatic;
    std::size_t threads = 2;
    Music music = Music::leave_out;
    // The corpus that the bundle was trained on, for the judge of its music; empty: `data`, if the
    // pieces are its test pieces.
    std::filesystem::path training;
    MusicSettings music_settings;
};

// Cross-entropies in nats per event. Pitches and durations are decided by the marginal over the
// other; a rest counts as a pitch of its own.
struct GenreScores {
    std::string genre;
    std::size_t pieces = 0;
    std::size_t events = 0;
    struct {
        double mse = 0.0;  // between softmax and one-hot, the mean over the V outputs
        double cross_entropy = 0.0;
    } phase1;
    struct {
        double cross_entropy = 0.0;
        double cross_entropy_under_chords = 0.0;  // told each piece's own; all else here is not
        double f1_event_weighted = 0.0, f1_event_macro = 0.0;
        double f1_pitch_weighted = 0.0, f1_pitch_macro = 0.0;
        double f1_duration_weighted = 0.0;
    } phase2;
    struct {
        double cross_entropy = 0.0;
        double f1_pitch_weighted = 0.0;
    } ngram5;
    struct {
        double cross_entropy = 0.0;
    } ngram_memory;  // memory_ngram.hpp
};

// NOLINTNEXTLINE(bugprone-exception-escape): of the JSON, whose move is not declared noexcept
struct Evaluation {
    std::vector<GenreScores> genres;
    GenreScores mean;  // over genres; pieces and events are sums
    std::vector<std::string> unknown_genres;
    nlohmann::ordered_json bundle;  // name, genres, vocabulary, record
    nlohmann::ordered_json music;   // as evaluate_music() has it; null: left out
};

[[nodiscard]] Result<Evaluation> evaluate(const EvaluateOptions& options, Progress& progress);

}  // namespace fusion::train
