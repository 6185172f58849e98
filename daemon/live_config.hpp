// What of a configuration that is read anew can hold while it plays, and what cannot: parameters
// and genres' values whose line has changed (what hands have turned since stays turned),
// controllers, the schedule, the bundle and its device. The rest waits for a restart, and is named.
// Thread: control (take_over), any (the others). Errors: those of starting_values.hpp.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "daemon/hands/hands.hpp"
#include "engine/params/store.hpp"

namespace fusion {

// Whether a store of these genres takes all of it.
[[nodiscard]] Status suits(const Config& fresh, const std::vector<std::string>& genres);

struct TakenOver {
    std::size_t values = 0;
    bool controllers = false;
    bool schedule = false;
    std::vector<std::string> need_restart;  // "osc", "midi": sections
    // "3 values, controllers; osc needs a restart", "nothing has changed".
    [[nodiscard]] std::string in_words() const;
};
// `now` becomes what holds of `fresh`, which suits.
TakenOver take_over(Config& now, const Config& fresh, ParamStore& params, Hands& hands);

}  // namespace fusion
