// What `fusion-train train` is asked to do.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fusion::train {

// paper: the paper's batches and rate, constant, no dropout. best: dropout, larger batches, small
// steps for small genres, and a learning rate that falls to almost nothing towards the end of the
// epochs or of the time (train.cpp has the numbers side by side).
enum class Preset : int { paper, best };
enum class Device : int { automatic, cpu, cuda };

// From as many training lines on a genre counts as a strong one: more is asked of it, and it is
// learned at full speed.
inline constexpr std::size_t kStrongGenre = 300;

struct TrainOptions {
    std::filesystem::path data;
    std::filesystem::path out;
    std::filesystem::path from;       // a bundle whose networks are trained on; empty: from nothing
    std::filesystem::path work;       // checkpoints; empty: none are kept
    std::vector<std::string> genres;  // empty: all
    Preset preset = Preset::best;
    Device device = Device::automatic;
    int epochs1 = 0;  // 0: the preset's
    int epochs2 = 0;
    std::size_t threads = 2;
    double minutes = 0.0;  // 0: no limit; else the bundle is written within them
    std::uint64_t seed = 1;
    std::size_t vocabulary_size = 500;
    std::string licence_note;
    std::string command;  // for the record
};

// Set from a signal: training saves where it stands and returns.
using StopFlag = std::atomic<bool>;

}  // namespace fusion::train
