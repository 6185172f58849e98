// The server's verbs: what is neither a parameter nor an action.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "osc/catalogue.hpp"
#include "osc/pattern.hpp"
#include "osc/server.hpp"

namespace fusion {
namespace {

std::int32_t to_int(std::uint64_t count) {
    return static_cast<std::int32_t>(
        std::min<std::uint64_t>(count, std::numeric_limits<std::int32_t>::max()));
}

}  // namespace

void OscServer::add_verbs() {
    names_.add_verb("/status",
                    [this](const OscMessage&, const OscReply& reply) { reply(status()); });
    names_.add_verb("/version", [this](const OscMessage&, const OscReply& reply) {
        reply({"/version.reply", {std::string{"fusiond"}, version_}});
    });
    names_.add_verb("/sync", [](const OscMessage& message, const OscReply& reply) {
        reply({"/synced", message.args});
    });
    names_.add_verb(
        "/fusiond/help",
        [this](const OscMessage& message, const OscReply& reply) { help(message, reply); }, 1);
    for (const auto* path : {"/notify", "/fusiond/subscribe", "/fusiond/subscribe_at"})
        names_.add_verb(path, [this](const OscMessage& message, const OscReply& reply) {
            subscribe(message, reply);
        });
    names_.add_verb(
        std::string{kHelloPath},
        [this](const OscMessage& message, const OscReply& reply) { take_hello(message, reply); },
        1);
    names_.add_verb(
        "/fusiond/chord",
        [this](const OscMessage& message, const OscReply& reply) {
            reply({message.path, {streams_.chord()}});
        },
        0);
    names_.add_verb(
        "/fusiond/section",
        [this](const OscMessage& message, const OscReply& reply) {
            reply({message.path, {streams_.section()}});
        },
        0);
    names_.add_verb("/fusiond/schedule",
                    [this](const OscMessage&, const OscReply& reply) { reply(schedule_reply()); });
    names_.add_verb("/clearSched", [this](const OscMessage& message, const OscReply& reply) {
        schedule_.clear();
        ++cleared_;
        reply({"/done", {message.path}});
    });
    names_.add_verb(
        "/dumpOSC",
        [this](const OscMessage& message, const OscReply& reply) { dump(message, reply); }, 1);
}

void OscServer::help(const OscMessage& message, const OscReply& reply) const {
    const auto text = message.args.empty() ? std::nullopt : osc_text(message.args[0]);
    if (!message.args.empty() && !text)
        return reply(osc_fail(message.path, "takes one path, or nothing for all"));
    const auto wanted = text ? std::optional{names_.path_meant(*text)} : std::nullopt;
    bool found = false;
    for (const auto& entry : osc_catalogue(params_.genres())) {
        if (wanted && *wanted != entry.path &&
            !(is_osc_pattern(*wanted) && osc_pattern_matches(*wanted, entry.path)))
            continue;
        found = true;
        reply(help_reply(entry));
    }
    if (!found)
        reply(osc_fail(message.path,
                       fmt::format("there is no {}", wanted->substr(0, kLongestOscPath))));
}

void OscServer::dump(const OscMessage& message, const OscReply& reply) {
    if (message.args.empty())
        return reply({message.path, {static_cast<std::int32_t>(dump_.mode())}});
    if (!peers_.is_own(sender_))
        return reply(osc_fail(message.path, "what is logged here is switched on this machine"));
    const auto number = osc_number_or_text(message.args[0]);
    if (!number || !(*number >= 0.0) || *number > 3.0)
        return reply(osc_fail(message.path, "takes 0 off, 1 parsed, 2 in hex or 3 both"));
    dump_.set(static_cast<OscDump::Mode>(std::lround(*number)));
}

OscMessage OscServer::status() const {
    const auto& now = params_.current();
    const auto flag = [](const std::atomic<bool>& of) {
        return static_cast<std::int32_t>(of.load(std::memory_order_relaxed));
    };
    // A float of all of it would be an eighth of a beat wide after six days, and Pd reads no
    // double.
    const auto song = meters_.song_ticks.load(std::memory_order_relaxed);
    OscMessage message{
        "/status.reply",
        {static_cast<std::int32_t>(now.on(ParamId::playing)),
         static_cast<float>(meters_.tempo.load(std::memory_order_relaxed)),
         std::string{rung_name(meters_.rung.load(std::memory_order_relaxed))},
         static_cast<std::int32_t>(meters_.lateness.percentile(0.99).count()),
         to_int(meters_.underruns.load(std::memory_order_relaxed)), flag(meters_.clock_is_realtime),
         to_int(meters_.horizon_depth.load(std::memory_order_relaxed)),
         to_int(meters_.steps_committed.load(std::memory_order_relaxed)),
         to_int(meters_.late_steps.load(std::memory_order_relaxed)), flag(meters_.memory_is_locked),
         std::string{
             spec(ParamId::sync).words[static_cast<std::size_t>(now.integer(ParamId::sync))]},
         std::string{sync_state_name(meters_.sync_state.load(std::memory_order_relaxed))},
         static_cast<std::int32_t>(song / kTicksPerBeat.count()),
         static_cast<float>(song % kTicksPerBeat.count()) /
             static_cast<float>(kTicksPerBeat.count())}};
    for (const auto& genre : params_.genres()) message.args.emplace_back(genre);
    return message;
}

OscMessage OscServer::schedule_reply() const {
    const auto tally = schedule_.tally();
    return {"/fusiond/schedule.reply",
            {to_int(tally.waiting), to_int(tally.late),
             std::chrono::duration<float, std::milli>(tally.worst).count(), to_int(tally.refused)}};
}

}  // namespace fusion
