// What a training has come to, for a page that shows it: written by who trains, read by who serves,
// each on a thread of its own.
// Thread: any; guarded inside. Errors: none.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "engine/train/onlooker.hpp"

namespace fusion {

struct LineNote {
    double start;  // beats
    double beats;
    int pitch;
    int velocity;
};
struct ComposedLine {
    std::vector<std::string> genres;  // of the blend, each alike
    std::vector<LineNote> notes;
};

class TrainingAccount final : public train::Onlooker {
public:
    void shows(const std::string& work, double share, std::chrono::seconds left,
               const std::string& note) override;
    void says(const std::string& line) override;
    void epoch(const train::EpochNews& news) override;
    void wrote(const std::filesystem::path& bundle) override;
    void ended(const std::string& how) override;

    // Composed with the bundle that was written last.
    void line(ComposedLine line);
    // The bundle that was written since this was asked for last; empty: none.
    [[nodiscard]] std::filesystem::path take_written();

    // {"state": "trains" | how it ended, "work", "share", "left_s", "note", "curves": [{"name",
    // "epochs", "best", "points": [{"epoch", "training", "validation"}]}], "said": [...], "line":
    // {"number", "genres", "notes": [[start, beats, pitch, velocity]]}}; losses in nats.
    [[nodiscard]] std::string as_json() const;

private:
    static constexpr std::size_t kSaid = 12;  // lines that are kept

    struct Point {
        int epoch;
        double training;
        double validation;
    };
    struct Curve {
        std::string name;
        int epochs = 0;
        std::vector<Point> points;
    };

    mutable std::mutex mutex_;  // all below
    std::string state_ = "trains";
    std::string work_, note_;
    double share_ = 0.0;
    std::chrono::seconds left_{0};
    std::vector<Curve> curves_;  // in the order in which they began
    std::deque<std::string> said_;
    std::filesystem::path written_;
    ComposedLine line_;
    std::uint32_t lines_ = 0;
};

}  // namespace fusion
