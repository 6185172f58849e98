// What is given by hand of harmony and form, from control to the planner. It is long and of no
// fixed size, so what crosses is a pointer to a value that nobody changes any more: control makes a
// new one for each change, and frees an old one once every planner has taken a newer. Nothing
// waits, and the clock is not in it.
//
// A change here is a change of the parameters too: control grows their revision after it has told,
// and the planner looks at both together (ParamStore::harmony_changed()).
// Thread: HarmonyTeller control, HarmonyReader inference. Errors: none.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "engine/base/triple_buffer.hpp"
#include "engine/plan/hand_harmony.hpp"

namespace fusion {

class HarmonyReader {
public:
    // The newest; the reference stands until the next call.
    [[nodiscard]] const HandHarmony& read() {
        const auto* newest = news_.read();
        // release: partner of the acquire in HarmonyTeller::tell(); what is older is let go of.
        taken_->store(newest->serial, std::memory_order_release);
        return *newest;
    }

private:
    friend class HarmonyTeller;
    using Taken = std::shared_ptr<std::atomic<std::uint64_t>>;
    HarmonyReader(SnapshotReader<const HandHarmony*> news, Taken taken)
        : news_{std::move(news)}, taken_{std::move(taken)} {}

    SnapshotReader<const HandHarmony*> news_;
    Taken taken_;  // the serial of what was read last
};

// It outlives the reader.
class HarmonyTeller {
public:
    explicit HarmonyTeller(const HarmonyBook& book = {}) : told_{first_told(book)} {}
    HarmonyTeller(const HarmonyTeller&) = delete;
    HarmonyTeller& operator=(const HarmonyTeller&) = delete;

    [[nodiscard]] const HandHarmony& now() const { return *told_.back(); }
    // What stands there of the newest, with the rest as it is.
    void tell(Progression progression) {
        auto next = now();
        next.progression = std::move(progression);
        tell(std::move(next));
    }
    void tell(const Chord& held) {
        auto next = now();
        next.held = held;
        tell(std::move(next));
    }
    void tell(Form form) {
        auto next = now();
        next.form = std::move(form);
        ++next.form_serial;
        tell(std::move(next));
    }
    // Another bundle's; what is given by hand stays.
    void tell(const HarmonyBook& book) {
        auto next = now();
        next.book = book;
        tell(std::move(next));
    }
    // One more reading end, for a thread of its own. What it has not read is kept for it, so it
    // must read now and then.
    [[nodiscard]] HarmonyReader reader() {
        TripleBuffer<const HandHarmony*> news{told_.back().get()};
        readers_.push_back(
            {std::move(news.in), std::make_shared<std::atomic<std::uint64_t>>(now().serial)});
        return {std::move(news.out), readers_.back().taken};
    }

private:
    void tell(HandHarmony next) {
        next.serial = now().serial + 1;
        auto taken = now().serial;
        // acquire: partner of the release in HarmonyReader::read().
        for (const auto& to : readers_)
            taken = std::min(taken, to.taken->load(std::memory_order_acquire));
        while (!told_.empty() && told_.front()->serial < taken) told_.pop_front();
        told_.push_back(std::make_unique<HandHarmony>(std::move(next)));
        for (auto& to : readers_) to.news.publish(told_.back().get());
    }
    static std::deque<std::unique_ptr<const HandHarmony>> first_told(const HarmonyBook& book) {
        std::deque<std::unique_ptr<const HandHarmony>> told;
        told.push_back(std::make_unique<HandHarmony>(HandHarmony{.book = book}));
        return told;
    }

    struct Reader {
        SnapshotWriter<const HandHarmony*> news;
        HarmonyReader::Taken taken;
    };
    // Oldest first; the newest is in force.
    std::deque<std::unique_ptr<const HandHarmony>> told_;
    std::vector<Reader> readers_;
};

}  // namespace fusion
