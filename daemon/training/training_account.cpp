#include "daemon/training/training_account.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

namespace fusion {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no other numbers.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

}  // namespace

void TrainingAccount::shows(const std::string& work, double share, std::chrono::seconds left,
                            const std::string& note) {
    const std::lock_guard lock{mutex_};
    work_ = work;
    share_ = std::clamp(share, 0.0, 1.0);
    left_ = left;
    note_ = note;
}

void TrainingAccount::says(const std::string& line) {
    const std::lock_guard lock{mutex_};
    if (line.empty()) return;
    said_.push_back(line);
    if (said_.size() > kSaid) said_.pop_front();
}

void TrainingAccount::epoch(const train::EpochNews& news) {
    const std::lock_guard lock{mutex_};
    auto curve = std::ranges::find(curves_, news.work, &Curve::name);
    if (curve == curves_.end()) curve = curves_.insert(curve, Curve{news.work, 0, {}});
    curve->epochs = news.epochs;
    curve->points.push_back({news.epoch, news.training, news.validation});
}

void TrainingAccount::wrote(const std::filesystem::path& bundle) {
    const std::lock_guard lock{mutex_};
    written_ = bundle;
}

void TrainingAccount::ended(const std::string& how) {
    const std::lock_guard lock{mutex_};
    state_ = how;
    left_ = {};
}

void TrainingAccount::line(ComposedLine line) {
    const std::lock_guard lock{mutex_};
    line_ = std::move(line);
    ++lines_;
}

std::filesystem::path TrainingAccount::take_written() {
    const std::lock_guard lock{mutex_};
    return std::exchange(written_, {});
}

std::string TrainingAccount::as_json() const {
    const std::lock_guard lock{mutex_};
    Json curves = Json::array();
    for (const auto& curve : curves_) {
        Json points = Json::array();
        double best = std::numeric_limits<double>::infinity();
        for (const auto& [epoch, training, validation] : curve.points) {
            points.push_back({{"epoch", epoch},
                              {"training", number(training)},
                              {"validation", number(validation)}});
            if (validation < best) best = validation;
        }
        curves.push_back({{"name", curve.name},
                          {"epochs", curve.epochs},
                          {"best", number(best)},
                          {"points", std::move(points)}});
    }
    Json notes = Json::array();
    for (const auto& note : line_.notes)
        notes.push_back({note.start, note.beats, note.pitch, note.velocity});
    const Json json{
        {"state", state_},
        {"work", work_},
        {"share", share_},
        {"left_s", left_.count()},
        {"note", note_},
        {"curves", std::move(curves)},
        {"said", said_},
        {"line", {{"number", lines_}, {"genres", line_.genres}, {"notes", std::move(notes)}}}};
    // Names of genres come from folders, and may be no UTF-8.
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace fusion
