// Who does what: every action of the table has one place where it is asked for, whoever asks (OSC,
// a controller, a note) and whoever does it (the store, the scenes, the controller map).
// Arguments are looked at here, once: a number out of range is clamped and told, one that is
// missing or no number is refused. Thread: control. Errors: out_of_range, unsupported (nobody does
// it), and those of who does it.
#pragma once

#include <array>
#include <functional>
#include <string>

#include "engine/params/store.hpp"

namespace fusion {

struct ActionCall {
    std::string text;              // empty: none
    std::optional<double> number;  // none: not given
};

class ActionDesk {
public:
    using Doer = std::function<Status(const ActionCall&)>;

    // The store's own actions are done from the start. `params` outlives the desk.
    explicit ActionDesk(ParamStore& params);

    void assign(ActionId action, Doer doer);
    // Applied: the number that was used, and whether it had to be clamped.
    Result<Applied> act(ActionId action, const ActionCall& call);

private:
    std::array<Doer, kActionCount> doers_;
};

}  // namespace fusion
