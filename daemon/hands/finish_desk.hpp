// The action `finish`: the line comes to its end with the phrase, and the transport stops there.
// Where less than a bar of the phrase is left, with the next one: an ending wants that long. Asked
// for once more it changes nothing; `play` takes it back, `stop` stops at once.
// Thread: control. Errors: none.
#pragma once

#include <functional>

#include "engine/params/action_desk.hpp"
#include "engine/realtime/crossing/played_event.hpp"

namespace fusion {

class FinishDesk {
public:
    // `params` outlives it. `head`: where the line is now.
    FinishDesk(ParamStore& params, std::function<Ticks()> head)
        : params_{params}, head_{std::move(head)} {}

    void assign_to(ActionDesk& actions);
    // The clock has stopped where it was to: the transport is off.
    void played(const PlayedEvent& event);

private:
    ParamStore& params_;
    std::function<Ticks()> head_;
};

}  // namespace fusion
