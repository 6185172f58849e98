#include "engine/params/action_desk.hpp"

#include <fmt/format.h>

namespace fusion {

ActionDesk::ActionDesk(ParamStore& params) {
    using enum ActionId;
    for (const auto own : {play, stop, restart, panic, tap, nudge, again})
        assign(own, [&params, own](const ActionCall& call) -> Status {
            if (auto done = params.act(own, call.number.value_or(0.0)); !done)
                return tl::unexpected{done.error()};
            return {};
        });
}

void ActionDesk::assign(ActionId action, Doer doer) {
    doers_[static_cast<std::size_t>(action)] = std::move(doer);
}

Result<Applied> ActionDesk::act(ActionId action, const ActionCall& call) {
    using Need = ArgumentSpec::Need;
    const auto& row = spec(action);
    const auto* text = row.text();
    const auto* number = row.number();
    if (text != nullptr && text->need == Need::required && call.text.empty())
        return fail(Error::Code::out_of_range,
                    fmt::format("{}: the {} is missing", row.name, text->name));
    ActionCall fitted = call;
    Applied applied{call.number.value_or(0.0), false};
    if (number == nullptr) {
        fitted.number.reset();
    } else if (!call.number) {
        if (number->need == Need::required)
            return fail(Error::Code::out_of_range,
                        fmt::format("{}: a number of {} is missing", row.name, number->name));
    } else {
        const auto kept = fit(shape_of(*number), *call.number);
        if (!kept) return about(row.name, kept.error());
        applied = *kept;
        fitted.number = applied.value;
    }
    const auto& doer = doers_[static_cast<std::size_t>(action)];
    if (!doer)
        return fail(Error::Code::unsupported, fmt::format("{}: nobody here does that", row.name));
    if (auto done = doer(fitted); !done) return tl::unexpected{done.error()};
    return applied;
}

}  // namespace fusion
