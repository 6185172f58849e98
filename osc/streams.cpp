#include "osc/streams.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/base/realtime_contract.hpp"
#include "engine/music/chord_symbol.hpp"
#include "engine/params/names.hpp"

namespace fusion {
namespace {

// In the order of OscStream.
constexpr std::array<std::string_view, kOscStreams> kStreamNames{
    "note", "beat",  "proposal", "weights", "changes", "scene", "learned",
    "late", "chord", "section",  "tape",    "planned", "band"};

constexpr std::string_view kWeightsPath = "/fusiond/weights";
constexpr std::string_view kChordPath = "/fusiond/chord";
constexpr std::string_view kSectionPath = "/fusiond/section";
constexpr std::string_view kTapePath = "/fusiond/tape";

// The streams named from argument `first` on; none named: the usual ones.
Result<OscStreamSet> streams_in(const OscMessage& message, std::size_t first) {
    if (first == message.args.size()) return kUsualStreams;
    OscStreamSet streams;
    for (std::size_t i = first; i < message.args.size(); ++i) {
        const auto name = osc_text(message.args[i]);
        const auto known = name ? place_of_name(kStreamNames, *name) : std::nullopt;
        if (!known)
            return fail(Error::Code::malformed,
                        fmt::format("argument {} is no stream; the streams are {}", i + 1,
                                    fmt::join(kStreamNames, ", ")));
        streams.set(*known);
    }
    return streams;
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

OscStreams::OscStreams(UdpPort& udp, const OscNamespace& names, const ParamStore& params,
                       const TimeSource& time, OscPeers& peers)
    : udp_{udp},
      names_{names},
      params_{params},
      time_{time},
      peers_{peers},
      planned_{params.genres()},
      told_{params.current()},
      chord_{to_text(Chord{})} {
    for (const auto& genre : params.genres())
        proposal_paths_.push_back(fmt::format("{}/proposal/{}", kOscRoot, genre));
    for (const auto part : kBandPartNames)
        band_paths_.push_back(fmt::format("{}/{}/note", kOscRoot, part));
}

void OscStreams::subscribe(const OscMessage& message, const UdpPeer& from, const OscReply& reply) {
    constexpr double kLongest = 86400.0;
    const bool may_choose = message.path != "/notify";
    const auto refuse = [&](std::string_view reason) {
        reply(osc_fail(message.path, std::string{reason}));
    };
    auto to = from;
    std::size_t at = 0;
    if (message.path.ends_with("_at")) {
        const auto port =
            message.args.empty() ? std::nullopt : osc_number_or_text(message.args[at++]);
        if (!port || !(*port >= 1.0) || *port > 65535.0)
            return refuse("takes the port to send to first, 1 to 65535");
        to.port(static_cast<std::uint16_t>(*port));
    }
    const auto number =
        at < message.args.size() ? osc_number_or_text(message.args[at]) : std::nullopt;
    const double seconds = number.value_or(1.0);
    if (number) ++at;
    // scsynth's clients send their number too; a stream's name would not be obeyed.
    const bool names_one =
        std::any_of(message.args.begin() + static_cast<std::ptrdiff_t>(at), message.args.end(),
                    [](const OscArg& arg) { return osc_text(arg).has_value(); });
    if (!(seconds >= 0.0) || seconds > kLongest || (!may_choose && names_one))
        return refuse(may_choose
                          ? "takes seconds, from 0, which ends, to a day, then streams by name"
                          : "takes 1, which begins, or 0, which ends");
    if (seconds == 0.0) {
        subscribers_.remove(to);
        return reply({"/done", {message.path}});
    }
    const auto streams = may_choose ? streams_in(message, at) : Result<OscStreamSet>{kUsualStreams};
    if (!streams) return refuse(streams.error().message);
    Subscription wish{.streams = *streams};
    if (may_choose && number) wish.lifetime = std::chrono::seconds{static_cast<int>(seconds) + 1};
    if (const auto added = subscribers_.add(to, from, time_.now(), wish); !added)
        return refuse(added.error().message);
    tell_newcomer();
    reply({"/done", {message.path}});
}

void OscStreams::somebody_listens_to(std::string_view path) {
    if (path == kWeightsPath || path == kChordPath || path == kSectionPath || path == kTapePath ||
        planned_.has(path))
        tell_newcomer();
}

void OscStreams::tell_newcomer() {
    told_weights_.reset();
    planned_.tell_all();
    chord_is_news_ = chord_ != to_text(Chord{});
    section_is_news_ = section_ != kNoSection;
    tape_is_news_ = tape_.has_value();
}

bool OscStreams::is_wanted(OscStream stream, std::string_view path) const {
    return subscribers_.any_for(stream) || (elsewhere_.wants && elsewhere_.wants(path));
}

bool OscStreams::wants_planned() const {
    return std::ranges::any_of(
        planned_.paths(), [&](const auto& path) { return is_wanted(OscStream::planned, path); });
}

OscStreams::More OscStreams::publish_planned(const PlannedTail& tail) {
    if (!wants_planned()) {
        planned_.rest(tail);
        return More::no;
    }
    const auto waits = planned_.turn(tail, time_.now(), [this](const OscMessage& message) {
        send(OscStream::planned, message);
    });
    return waits ? More::soon : More::no;
}

void OscStreams::publish(const PlayedEvent& event) {
    expect_thread(ThreadRole::control);
    planned_.played(event);
    if (event.kind == PlayedEvent::Kind::step) publish_step(event);
    if (event.kind == PlayedEvent::Kind::beat) publish_beat(event.tick);
    if (event.kind == PlayedEvent::Kind::band) publish_band(event.step);
}

void OscStreams::publish_band(const Step& step) {
    const auto& path = band_paths_[step.part];
    if (!is_wanted(OscStream::band, path)) return;
    send(OscStream::band, {path,
                           {std::int32_t{step.pitch.count()}, std::int32_t{step.velocity.count()},
                            std::int32_t{step.channel.count()} + 1, osc_beats(step.duration),
                            osc_beats(step.start)}});
}

void OscStreams::publish_step(const PlayedEvent& event) {
    const auto& step = event.step;
    if (step.kind == StepKind::note && event.heard == PlayedEvent::Heard::heard)
        send(OscStream::note,
             {"/fusiond/note",
              {std::int32_t{step.pitch.count()}, std::int32_t{step.velocity.count()},
               std::int32_t{step.channel.count()} + 1, osc_beats(step.duration),
               std::string{rung_name(step.rung)}, osc_beats(step.start)}});
    // What the clock plays on its own was made under no weights and has no proposals.
    if (step.rung == Rung::repeat || step.rung == Rung::silence) return;
    if (is_wanted(OscStream::weights, kWeightsPath) && event.weights != told_weights_) {
        told_weights_ = event.weights;
        OscMessage weights{std::string{kWeightsPath}, {}};
        for (std::size_t g = 0; g < proposal_paths_.size(); ++g)
            weights.args.emplace_back(event.weights.value[g]);
        send(OscStream::weights, weights);
    }
    for (std::size_t g = 0; g < proposal_paths_.size(); ++g) {
        const auto& part = event.parts[g];
        if (part.kind == PartNote::Kind::none) continue;
        if (!is_wanted(OscStream::proposal, proposal_paths_[g])) continue;
        const bool sounds = part.kind == PartNote::Kind::note;
        send(OscStream::proposal,
             {proposal_paths_[g],
              {sounds ? std::int32_t{part.pitch.count()} : -1,
               sounds ? std::int32_t{part.velocity.count()} : 0, osc_beats(part.duration)}});
    }
}

void OscStreams::publish_beat(Ticks tick) {
    const auto& now = params_.current();
    const auto bar = now.integer(ParamId::meter_numerator) * 4 * kTicksPerBeat.count() /
                     now.integer(ParamId::meter_denominator);
    send(OscStream::beat,
         {"/fusiond/beat",
          {static_cast<std::int32_t>(tick.count() / kTicksPerBeat.count()),
           static_cast<std::int32_t>(tick.count() % bar / kTicksPerBeat.count())}});
}

void OscStreams::publish_scene(const std::string& name, double progress) {
    expect_thread(ThreadRole::control);
    send(OscStream::scene, {"/fusiond/scene", {name, static_cast<float>(progress)}});
}

void OscStreams::publish_learned(const std::string& path, const std::string& news) {
    expect_thread(ThreadRole::control);
    send(OscStream::learned, {"/fusiond/learned", {path, news}});
}

void OscStreams::publish_chord(const std::string& chord) {
    expect_thread(ThreadRole::control);
    chord_ = chord;
    chord_is_news_ = false;
    send(OscStream::chord, {std::string{kChordPath}, {chord_}});
}

void OscStreams::publish_section(const std::string& section) {
    expect_thread(ThreadRole::control);
    section_ = section;
    section_is_news_ = false;
    send(OscStream::section, {std::string{kSectionPath}, {section_}});
}

void OscStreams::publish_tape(const OscMessage& tape) {
    expect_thread(ThreadRole::control);
    tape_ = tape;
    tape_is_news_ = false;
    send(OscStream::tape, tape);
}

void OscStreams::publish_late(Nanos worst) {
    send(OscStream::late,
         {"/fusiond/late", {std::chrono::duration<float, std::milli>(worst).count()}});
}

void OscStreams::turn() {
    expect_thread(ThreadRole::control);
    if (chord_is_news_) publish_chord(chord_);
    if (section_is_news_) publish_section(section_);
    if (tape_is_news_) publish_tape(OscMessage{*tape_});
    if (!changed_) return;
    changed_ = false;
    const auto& now = params_.current();
    if (subscribers_.any_for(OscStream::changes)) {
        const auto parameters = params_.parameters();
        for (ParameterIndex i = 0; i < parameters.size(); ++i)
            if (value_of(parameters[i], now) != value_of(parameters[i], told_))
                send(OscStream::changes, names_.value_of(i));
    }
    told_ = now;
}

void OscStreams::send(OscStream stream, const OscMessage& message) {
    if (elsewhere_.send && stream != OscStream::changes) elsewhere_.send(stream, message);
    if (!subscribers_.any_for(stream)) return;
    const auto bytes = encode_osc(message);
    const auto now = time_.now();
    subscribers_.each(stream, now, [&](const UdpPeer& peer, const UdpPeer& from) {
        if (peers_.hears_us(from, now) && peers_.take(from, bytes.size(), now))
            udp_.send(bytes, peer);
    });
}

}  // namespace fusion
