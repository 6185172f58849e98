// A controller map over a store of two genres, with hands that play it.
#pragma once

#include <gtest/gtest.h>

#include "daemon/hands/midi_map.hpp"
#include "engine/base/time_source.hpp"

namespace fusion {

using Did = MidiOutcome::Did;

class MidiMapTest : public testing::Test {
protected:
    void map(std::string_view toml) {
        auto bindings = parse_controllers(toml, "test");
        ASSERT_TRUE(bindings) << bindings.error().message;
        use(std::move(*bindings));
    }
    void use(std::vector<MidiBinding> bindings) {
        map_.emplace(std::move(bindings), params_, desk_, time_);
        map_->on_news([this](const LearnNews& news) { news_.push_back(to_text(news)); });
        map_->on_change([this] { ++changes_; });
    }
    Did cc(unsigned controller, unsigned value, std::size_t input = 0, std::uint8_t channel = 0) {
        return map_->apply(control_change(Channel{channel}, controller, value), input).did;
    }
    Did press(std::uint8_t pitch) {
        return map_->apply(note_on(Channel{0}, Pitch{pitch}, Velocity{100}), 0).did;
    }
    Did release(std::uint8_t pitch) {
        return map_->apply(note_off(Channel{0}, Pitch{pitch}), 0).did;
    }
    [[nodiscard]] double value(std::string_view tail) const {
        return params_.value(*params_.find(tail));
    }
    void pass(std::chrono::milliseconds time) { time_.sleep_until(time_.now() + time); }

    SimulatedTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
    ActionDesk desk_{params_};
    std::optional<MidiMap> map_;
    std::vector<std::string> news_;
    int changes_ = 0;
};

}  // namespace fusion
