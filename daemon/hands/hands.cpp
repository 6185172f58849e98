#include "daemon/hands/hands.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "engine/base/log.hpp"
#include "engine/base/realtime_contract.hpp"

namespace fusion {
namespace {

std::filesystem::path place_of(const Config::State& state) {
    auto place = state_place(state.path);
    if (place.empty() && state.path != "off")
        log::warning("no home folder is known: scenes and what is learned are not kept");
    return place;
}

void warn(const std::string& text) { log::warning("{}", text); }

std::string_view without_root(std::string_view path) {
    const auto root = fmt::format("{}/", kOscRoot);
    if (path.starts_with(root)) path.remove_prefix(root.size());
    return path;
}

}  // namespace

Hands::Hands(const Config& config, ParamStore& params, ActionDesk& actions, const TimeSource& time,
             MidiPort* port, SceneDesk::Position position)
    : config_{config}, time_{time}, port_{port}, file_{place_of(config.state), warn} {
    auto saved = file_.read();
    auto bindings = base(config);
    if (auto learned = parse_controllers(saved.controllers, file_.path().string())) {
        bindings.insert(bindings.end(), learned->begin(), learned->end());
    } else {
        log::warning("{}; the controllers that were learned are left out, and kept in the file",
                     learned.error().message);
        not_understood_ = saved.controllers;
    }
    map_.emplace(std::move(bindings), params, actions, time);
    for (const auto& unknown : map_->unknown()) log::warning("controllers: {}", unknown);

    scenes_.emplace(params, std::move(position), std::move(saved), warn);
    scenes_->assign_to(actions);
    assign_to(actions);
    if (config.state.resume)
        if (auto resumed = scenes_->resume(); !resumed) warn(resumed.error().message);

    scenes_->on_scenes([this] {
        file_.changed(time_.now());
        if (scenes_changed_) scenes_changed_();
    });
    map_->on_change([this] { file_.changed(time_.now()); });
    map_->on_news([this](const LearnNews& news) { tell(news); });
    if (port_ == nullptr || config.midi.feedback == "off") return;
    feedback_.emplace(*map_, params,
                      [this](const MidiMessage& message) { return port_->feed_back(message); });
    heard_by_ = port_->feedback_connections();
}

void Hands::assign_to(ActionDesk& actions) {
    actions.assign(ActionId::learn,
                   [this](const ActionCall& call) { return map_->learn(without_root(call.text)); });
    actions.assign(ActionId::unlearn, [this](const ActionCall& call) {
        return map_->unlearn(without_root(call.text));
    });
}

// The configuration's; the long form says more, so it comes later and wins.
std::vector<MidiBinding> Hands::base(const Config& config) {
    auto all = cc_bindings(config.cc);
    all.insert(all.end(), config.controllers.begin(), config.controllers.end());
    return all;
}

// Of the controllers only what differs from the configuration is kept, so that a change of that is
// not undone by what was saved before; one that was unlearned is kept as one that turns nothing.
std::vector<MidiBinding> Hands::learned() const {
    const auto from = base(config_);
    const auto now = map_->bindings();
    std::vector<MidiBinding> learned;
    std::copy_if(now.begin(), now.end(), std::back_inserter(learned), [&](const auto& binding) {
        return std::find(from.begin(), from.end(), binding) == from.end();
    });
    const auto is_turned = [&](const MidiSource& source) {
        return std::any_of(now.begin(), now.end(),
                           [&](const auto& binding) { return binding.source == source; });
    };
    for (const auto& binding : from) {
        if (is_turned(binding.source)) continue;
        MidiBinding nothing;
        nothing.source = binding.source;
        learned.push_back(std::move(nothing));
    }
    return learned;
}

SavedState Hands::state() const {
    return scenes_->state(not_understood_ + format_controllers(learned()));
}

void Hands::take_controllers(const Config& fresh) {
    expect_thread(ThreadRole::control);
    auto bindings = base(fresh);
    const auto over = learned();
    bindings.insert(bindings.end(), over.begin(), over.end());
    map_->replace(std::move(bindings));
    for (const auto& unknown : map_->unknown()) log::warning("controllers: {}", unknown);
}

void Hands::tell(const LearnNews& news) {
    const auto text = to_text(news);
    log::info("{}", text);
    if (learned_) learned_(news.path, text);
}

void Hands::take(const ArrivedMessage& message) {
    expect_thread(ThreadRole::control);
    const auto outcome = map_->apply(message.message, message.source);
    if (outcome.did == MidiOutcome::Did::refused && outcome.problem != told_)
        log::warning("controllers: {}", outcome.problem);
    told_ = outcome.problem;
    if (feedback_) feedback_->heard(outcome);
}

void Hands::follow() {
    expect_thread(ThreadRole::control);
    if (config_.state.resume) file_.changed(time_.now());
}

void Hands::turn() {
    expect_thread(ThreadRole::control);
    const auto now = time_.now();
    scenes_->turn(now);
    if (feedback_) feedback_->turn(now);
    file_.turn(now, [this] { return state(); });
}

void Hands::look_after() {
    expect_thread(ThreadRole::control);
    map_->turn(time_.now());
    if (!feedback_) return;
    const auto heard_by = port_->feedback_connections();
    if (heard_by != heard_by_) feedback_->send_all();
    heard_by_ = heard_by;
}

// Values are worth keeping at the end also where nothing else changed.
void Hands::finish() {
    expect_thread(ThreadRole::control);
    file_.changed(time_.now());
    file_.finish([this] { return state(); });
}

}  // namespace fusion
