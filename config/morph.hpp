// The way from the values of now to a scene, over so many beats of the music. Weights are sent off
// at once and go by place in the music (the planner's ramps); real and integer parameters go
// linearly in steps of turn(); what is no measure (choices, toggles, the seed, the meter) changes
// at the half; channels and programs at the start. What a hand touches meanwhile leaves the morph.
//
// Progress is the beats that have passed, added up: it stands while the transport stands, and a
// restart, which takes the play head back, does not undo it.
// Thread: control. Errors: out_of_range (a weight, channel or program that is no number; nothing
// changes). Another value that the store refuses is left where it is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/scenes.hpp"

namespace fusion {

class Morph {
public:
    // `beats` above 0. `position` in beats, from any origin. `before`: the morph that this one
    // replaces, or null.
    static Result<Morph> begin(const Scene& scene, double beats, double position,
                               ParamStore& params, const Morph* before);

    // True while it goes on.
    bool turn(double position, ParamStore& params);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] double progress() const;
    // What is heard now: of a weight on its way the value in between, not where it goes.
    [[nodiscard]] double value_now(ParameterIndex parameter, const ParamStore& params) const;

private:
    enum class Way : std::uint8_t { by_ramp, linear, at_half, at_start };
    struct Mover {
        ParameterIndex parameter;
        Way way;
        double from;
        double to;
        double last;  // what the store should hold, unless a hand was there
    };

    [[nodiscard]] static Way way_of(const Parameter& parameter);
    void put(std::span<const Setting> settings, ParamStore& params);
    [[nodiscard]] bool touched(const Mover& mover, const ParamStore& params) const;

    std::string name_;
    double beats_ = 0.0;
    double passed_ = 0.0;
    double position_ = 0.0;
    std::vector<Mover> movers_;
};

}  // namespace fusion
