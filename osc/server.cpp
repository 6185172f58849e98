#include "osc/server.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "engine/base/log.hpp"
#include "osc/catalogue.hpp"
#include "osc/pattern.hpp"

namespace fusion {
namespace {

std::int32_t to_int(std::uint64_t count) {
    return static_cast<std::int32_t>(
        std::min<std::uint64_t>(count, std::numeric_limits<std::int32_t>::max()));
}

}  // namespace

std::string_view rung_name(Rung rung) {
    switch (rung) {
        case Rung::neural: return "neural";
        case Rung::ngram: return "ngram";
        case Rung::repeat: return "repeat";
        case Rung::silence: return "silence";
    }
    return "unknown";
}

Result<std::unique_ptr<OscServer>> OscServer::open(boost::asio::io_context& io,
                                                   const std::string& address, std::uint16_t port,
                                                   std::string version, ParamStore& params,
                                                   const EngineMeters& meters, TimeSource& time) {
    auto udp = UdpPort::open(io, address, port);
    if (!udp) return tl::unexpected{udp.error()};
    return std::unique_ptr<OscServer>{
        new OscServer{std::move(*udp), std::move(version), params, meters, time}};
}

OscServer::OscServer(std::unique_ptr<UdpPort> udp, std::string version, ParamStore& params,
                     const EngineMeters& meters, TimeSource& time)
    : udp_{std::move(udp)},
      version_{std::move(version)},
      params_{params},
      meters_{meters},
      time_{time},
      namespace_{params},
      told_{params.current()} {
    add_verbs();
    udp_->receive([this](std::span<const std::uint8_t> packet, const UdpPeer& peer) {
        receive(packet, peer);
    });
}

OscServer::~OscServer() { udp_->close(); }

void OscServer::add_verbs() {
    namespace_.add_verb("/status",
                        [this](const OscMessage&, const OscReply& reply) { reply(status()); });
    namespace_.add_verb("/version", [this](const OscMessage&, const OscReply& reply) {
        reply({"/version.reply", {std::string{"fusiond"}, version_}});
    });
    namespace_.add_verb("/sync", [](const OscMessage& message, const OscReply& reply) {
        reply({"/synced", message.args});
    });
    namespace_.add_verb("/fusiond/help", [this](const OscMessage& message, const OscReply& reply) {
        help(message, reply);
    });
    for (const auto* path : {"/notify", "/fusiond/subscribe"})
        namespace_.add_verb(path, [this](const OscMessage& message, const OscReply& reply) {
            subscribe(message, reply);
        });
}

void OscServer::receive(std::span<const std::uint8_t> packet, const UdpPeer& peer) {
    sender_ = peer;
    subscribers_.heard_from(peer, time_.now());
    const auto messages = decode_osc(packet);
    if (!messages) return refuse(messages.error(), peer);
    const OscReply reply = [&](const OscMessage& answer) { udp_->send(encode_osc(answer), peer); };
    for (const auto& message : *messages) namespace_.handle(message, reply);
}

// Counted always, logged once a second at most: a flood must not fill the journal.
void OscServer::refuse(const Error& error, const UdpPeer& peer) {
    ++malformed_;
    if (time_.now() < next_complaint_) return;
    next_complaint_ = time_.now() + std::chrono::seconds{1};
    log::warning("OSC from {}: {}; left out ({} so far)", peer.address().to_string(), error.message,
                 malformed_);
}

void OscServer::subscribe(const OscMessage& message, const OscReply& reply) {
    constexpr double kLongest = 86400.0;
    const auto number =
        message.args.empty() ? std::optional<double>{1.0} : osc_number(message.args[0]);
    if (!number || message.args.size() > 1 || !(*number >= 0.0) || *number > kLongest)
        return reply(osc_fail(message.path,
                              "takes one number: 0 ends; /notify 1 begins, "
                              "/fusiond/subscribe takes seconds up to a day"));
    if (*number == 0.0) {
        subscribers_.remove(sender_);
    } else {
        const bool timed = message.path == "/fusiond/subscribe" && !message.args.empty();
        const auto lifetime =
            timed ? std::chrono::seconds{static_cast<int>(*number) + 1} : Subscribers::kLifetime;
        if (const auto added = subscribers_.add(sender_, time_.now(), lifetime); !added)
            return reply(osc_fail(message.path, added.error().message));
    }
    reply({"/done", {message.path}});
}

void OscServer::help(const OscMessage& message, const OscReply& reply) {
    const auto* wanted =
        message.args.empty() ? nullptr : std::get_if<std::string>(&message.args[0]);
    if (message.args.size() > 1 || (!message.args.empty() && wanted == nullptr))
        return reply(osc_fail(message.path, "takes one path, or nothing for all"));
    bool found = false;
    for (const auto& entry : osc_catalogue(params_.genres())) {
        if (wanted != nullptr && *wanted != entry.path &&
            !(is_osc_pattern(*wanted) && osc_pattern_matches(*wanted, entry.path)))
            continue;
        found = true;
        reply(help_reply(entry));
    }
    if (!found) reply(osc_fail(message.path, fmt::format("there is no {}", *wanted)));
}

OscMessage OscServer::status() const {
    const auto& now = params_.current();
    const auto flag = [](const std::atomic<bool>& of) {
        return static_cast<std::int32_t>(of.load(std::memory_order_relaxed));
    };
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
         static_cast<float>(meters_.song_ticks.load(std::memory_order_relaxed)) /
             static_cast<float>(kTicksPerBeat.count())}};
    for (const auto& genre : params_.genres()) message.args.emplace_back(genre);
    return message;
}

void OscServer::publish(const PlayedEvent& event) {
    if (subscribers_.empty()) return;
    const auto per_beat = static_cast<float>(kTicksPerBeat.count());
    if (event.kind == PlayedEvent::Kind::step && event.step.kind == StepKind::note)
        stream({"/fusiond/note",
                {static_cast<std::int32_t>(event.step.pitch.count()),
                 static_cast<std::int32_t>(event.step.velocity.count()),
                 static_cast<std::int32_t>(event.step.channel.count() + 1),
                 static_cast<float>(event.step.duration.count()) / per_beat,
                 std::string{rung_name(event.step.rung)}}});
    if (event.kind == PlayedEvent::Kind::beat) {
        const auto beat = event.tick.count() / kTicksPerBeat.count();
        const auto bar = params_.current().integer(ParamId::meter_numerator) * 4 *
                         kTicksPerBeat.count() /
                         params_.current().integer(ParamId::meter_denominator);
        stream({"/fusiond/beat",
                {to_int(static_cast<std::uint64_t>(beat)),
                 to_int(static_cast<std::uint64_t>(event.tick.count() % bar /
                                                   kTicksPerBeat.count()))}});
    }
}

void OscServer::publish_changes() {
    const auto& now = params_.current();
    if (!subscribers_.empty()) {
        for (const auto& row : param_table())
            if (now.real(row.id) != told_.real(row.id)) stream(namespace_.value_of(row));
        for (std::size_t g = 0; g < params_.genres().size(); ++g)
            if (now.weights.value[g] != told_.weights.value[g]) stream(namespace_.weight_of(g));
    }
    told_ = now;
}

void OscServer::stream(const OscMessage& message) {
    const auto bytes = encode_osc(message);
    subscribers_.each(time_.now(), [&](const UdpPeer& peer) { udp_->send(bytes, peer); });
}

}  // namespace fusion
