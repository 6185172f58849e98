#include "daemon/hands/harmony_desk.hpp"

#include "engine/realtime/line/line_harmony.hpp"

namespace fusion {

void HarmonyDesk::assign_to(ActionDesk& actions) {
    actions.assign(ActionId::progression,
                   [this](const ActionCall& call) { return play(call.text); });
}

Status HarmonyDesk::play(std::string_view text) {
    auto progression = Progression::parse(text);
    if (!progression) return tl::unexpected{std::move(progression.error())};
    if (*progression == teller_.now().progression) return {};
    teller_.tell(std::move(*progression), teller_.now().held);
    params_.harmony_changed();
    return {};
}

void HarmonyDesk::hold(const Chord& chord) {
    if (chord == teller_.now().held) return;
    teller_.tell(teller_.now().progression, chord);
    params_.harmony_changed();
}

void HarmonyDesk::plan_from(const HarmonyBook& book) {
    plan_ = HarmonyPlan{book};
    teller_.tell(book);
    params_.harmony_changed();
}

Chord HarmonyDesk::at(std::int64_t cell) {
    const auto& hand = teller_.now();
    return sounding_chord(hand, plan_, LineSettings::of(params_.current(), hand), cell);
}

}  // namespace fusion
