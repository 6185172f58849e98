// The values of all parameters as a flight says them: one line for each that is another than was
// said last. Who obeys it decides when it is said: what the line is made from, with the first step
// that was made from it; what the clock obeys by itself, before the next step that it plays.
//
// Left out is what has no meaning in a file (ports, whose tempo is followed), and `playing`, which
// the clock itself tells of.
// Thread: control. Errors: none.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/params/parameter.hpp"

namespace fusion {

class FlightValues {
public:
    enum class Obeys : std::uint8_t { nobody, line, clock };
    using Say = std::function<void(const std::string& what)>;  // "weight/jazz 8 0.25"

    explicit FlightValues(std::span<const Parameter> parameters);

    // All of them.
    void begin(const ParamSnapshot& now, const Say& say);
    // What has changed.
    void change(const ParamSnapshot& now, Obeys who, const Say& say);

private:
    void put(std::size_t parameter, const ParamSnapshot& now, const Say& say);

    std::span<const Parameter> parameters_;
    std::vector<Obeys> obeys_;
    std::vector<double> said_;
};

// Whom a change of this is for; a tempo is the line's too while it is humanised.
[[nodiscard]] FlightValues::Obeys who_obeys(const Parameter& parameter);

// Beats, as a session says them.
[[nodiscard]] std::string beats_text(Ticks place);

}  // namespace fusion
