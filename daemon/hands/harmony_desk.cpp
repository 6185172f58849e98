#include "daemon/hands/harmony_desk.hpp"

#include "engine/realtime/line/line_harmony.hpp"

namespace fusion {

void HarmonyDesk::assign_to(ActionDesk& actions) {
    actions.assign(ActionId::progression,
                   [this](const ActionCall& call) { return play(call.text); });
    actions.assign(ActionId::sections,
                   [this](const ActionCall& call) { return arrange(call.text); });
}

Status HarmonyDesk::play(std::string_view text) {
    auto progression = Progression::parse(text);
    if (!progression) return tl::unexpected{std::move(progression.error())};
    if (*progression == teller_.now().progression) return {};
    teller_.tell(std::move(*progression));
    params_.harmony_changed();
    return {};
}

Status HarmonyDesk::arrange(std::string_view text) {
    auto form = Form::parse(text);
    if (!form) return tl::unexpected{std::move(form.error())};
    if (*form == teller_.now().form) return {};
    plan_ = HarmonyPlan{teller_.now().book, *form};
    teller_.tell(std::move(*form));
    params_.harmony_changed();
    return {};
}

void HarmonyDesk::hold(const Chord& chord) {
    if (chord == teller_.now().held) return;
    teller_.tell(chord);
    params_.harmony_changed();
}

void HarmonyDesk::plan_from(const HarmonyBook& book) {
    plan_ = HarmonyPlan{book, teller_.now().form};
    teller_.tell(book);
    params_.harmony_changed();
}

Chord HarmonyDesk::at(std::int64_t cell) {
    const auto& hand = teller_.now();
    return sounding_chord(hand, plan_, LineSettings::of(params_.current(), hand), cell);
}

std::optional<SectionName> HarmonyDesk::section_at(std::int64_t cell) const {
    const auto settings = LineSettings::of(params_.current(), teller_.now());
    return plan_.form().section(form_ask(settings), cell / settings.meter.heard_bar().count());
}

}  // namespace fusion
