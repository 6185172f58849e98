// `fusion-train train --serve`: the page that shows a training, in the panel's clothes. A thread of
// its own serves it on this machine's loopback and composes a line with each bundle that is
// written; the training is told nothing of either, and goes on if both fail.
//
//   GET /               the page      GET /training.json   training_account.hpp
//   GET /training.js etc. its modules   GET /panel/<file>    the panel's files that it shares
//
// Thread: opened and closed by one; serves on its own. Errors: open() says unavailable.
#pragma once

#include <memory>

#include "daemon/training/training_account.hpp"
#include "engine/base/result.hpp"

namespace fusion {

class TrainingPage {
public:
    // `port` 0 takes any free one.
    static Result<std::unique_ptr<TrainingPage>> open(std::uint16_t port);
    ~TrainingPage();
    TrainingPage(const TrainingPage&) = delete;
    TrainingPage& operator=(const TrainingPage&) = delete;

    [[nodiscard]] TrainingAccount& account();
    [[nodiscard]] std::uint16_t port() const;

private:
    struct Parts;
    explicit TrainingPage(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace fusion
