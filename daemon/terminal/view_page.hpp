// What a page shows, laid out for a size: status, weights, the roll, the newest lines of the log,
// and what the keys do; or help, scenes, a name that is typed. A small terminal gets the first of
// these, one of a single row the status alone.
// Thread: control. Errors: none.
#pragma once

#include <deque>
#include <string>

#include "daemon/terminal/held_errors.hpp"
#include "daemon/terminal/picture.hpp"
#include "daemon/terminal/text_roll.hpp"
#include "daemon/terminal/view_hand.hpp"
#include "engine/params/store.hpp"
#include "engine/realtime/crossing/meters.hpp"

namespace fusion {

// What changes seldom or is known elsewhere.
struct ViewFacts {
    std::string output;  // "JACK port fusiond:out"
    std::string panel;   // address of the web panel; empty: none
    std::string scene;   // that is on its way; empty: none
    double scene_progress = 1.0;
    std::string chord{};  // in force, by hand; empty: the line is free
};

struct Viewed {
    const ParamStore& params;
    const EngineMeters& meters;
    const ViewHand& hand;
    const TextRoll& roll;
    const std::deque<HeldErrors::Line>& log;
    const ViewFacts& facts;
};

[[nodiscard]] Picture draw_page(const Viewed& viewed, PageSize size);

}  // namespace fusion
