#include "daemon/hands/finish_desk.hpp"

#include "engine/model/lead.hpp"

namespace fusion {

void FinishDesk::assign_to(ActionDesk& actions) {
    actions.assign(ActionId::finish, [this](const ActionCall&) -> Status {
        const auto& now = params_.current();
        if (!now.on(ParamId::playing) || now.finish_at >= Ticks{0}) return {};
        const auto bar = to_ticks(now.meter().heard_bar());
        const auto phrase = kPhraseBars * bar.count();
        const auto ends = ((head_() + bar).count() + phrase - 1) / phrase * phrase;
        params_.finish_at(Ticks{ends});
        return {};
    });
}

void FinishDesk::played(const PlayedEvent& event) {
    const auto& now = params_.current();
    if (event.kind == PlayedEvent::Kind::stopped && now.finish_at >= Ticks{0} &&
        event.tick >= now.finish_at)
        static_cast<void>(params_.act(ActionId::stop));
}

}  // namespace fusion
