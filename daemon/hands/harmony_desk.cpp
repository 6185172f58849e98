#include "daemon/hands/harmony_desk.hpp"

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

Chord HarmonyDesk::at(std::int64_t cell) const {
    const auto& params = params_.current();
    const auto source = static_cast<HarmonySource>(params.integer(ParamId::harmony));
    return teller_.now().at(source, cell, params.meter()).now;
}

}  // namespace fusion
