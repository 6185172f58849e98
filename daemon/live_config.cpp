#include "daemon/live_config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/starting_values.hpp"
#include "engine/base/time_source.hpp"

namespace fusion {

Status suits(const Config& fresh, const std::vector<std::string>& genres) {
    SimulatedTime time;
    ParamStore scratch{genres, time};
    return apply_config(fresh, scratch);
}

std::string TakenOver::in_words() const {
    std::vector<std::string> all;
    if (values > 0) all.push_back(fmt::format("{} value{}", values, values == 1 ? "" : "s"));
    if (controllers) all.emplace_back("controllers");
    if (schedule) all.emplace_back("schedule");
    auto text = all.empty() ? std::string{"nothing has changed"}
                            : fmt::format("{} changed", fmt::join(all, ", "));
    if (!need_restart.empty())
        text += fmt::format("; [{}] needs a restart", fmt::join(need_restart, "], ["));
    return text;
}

TakenOver take_over(Config& now, const Config& fresh, ParamStore& params, Hands& hands) {
    TakenOver taken;
    for (const auto& row : param_table()) {
        const auto at = static_cast<std::size_t>(row.id);
        if (now.parameters[at] == fresh.parameters[at]) continue;
        if (params.set(row.id, fresh.parameters[at])) ++taken.values;
    }
    for (const auto& family : family_table())
        for (const auto& [genre, value] : fresh.of(family.id)) {
            const auto before = now.of(family.id).find(genre);
            if (before != now.of(family.id).end() && before->second == value) continue;
            const auto index = params.genre_index(genre);
            if (index &&
                params.set(fmt::format("{}/{}", family.name, params.genres()[*index]), value))
                ++taken.values;
        }
    taken.controllers = now.cc != fresh.cc || now.controllers != fresh.controllers;
    if (taken.controllers) hands.take_controllers(fresh);
    taken.schedule = now.schedule != fresh.schedule;

    const auto differs = [&](bool same, const char* section) {
        if (!same) taken.need_restart.emplace_back(section);
    };
    differs(now.midi == fresh.midi, "midi");
    differs(now.jack == fresh.jack, "jack");
    differs(now.synth == fresh.synth, "synth");
    differs(now.link == fresh.link, "link");
    differs(now.osc == fresh.osc, "osc");
    differs(now.oscquery == fresh.oscquery, "oscquery");
    differs(now.state == fresh.state, "state");
    differs(now.clock == fresh.clock, "clock");
    differs(now.file_path == fresh.file_path && now.recording == fresh.recording, "file");

    now.parameters = fresh.parameters;
    now.families = fresh.families;
    now.cc = fresh.cc;
    now.controllers = fresh.controllers;
    now.schedule = fresh.schedule;
    now.bundle_path = fresh.bundle_path;
    now.device = fresh.device;
    return taken;
}

}  // namespace fusion
