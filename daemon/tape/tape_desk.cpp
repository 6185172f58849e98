#include "daemon/tape/tape_desk.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "daemon/tape/tape_shelf.hpp"
#include "engine/base/log.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;

constexpr auto kPath = "/fusiond/tape";
constexpr Nanos kPace{100ms};  // of the position

float as_beats(Ticks ticks) {
    return static_cast<float>(static_cast<double>(ticks.count()) /
                              static_cast<double>(kTicksPerBeat.count()));
}

// What a page says its file is called: seen by all, so without what could disturb a line.
std::string tidy(std::string_view name) {
    constexpr std::size_t kMost = 80;
    std::string tidied;
    for (const char c : name)
        if (static_cast<unsigned char>(c) >= 0x20U && c != 0x7F) tidied += c;
    if (tidied.size() > kMost) {
        auto end = kMost;
        while (end > 0 && (static_cast<unsigned char>(tidied[end]) & 0xC0U) == 0x80U) --end;
        tidied.resize(end);
    }
    return tidied.empty() ? "a file without a name" : tidied;
}

HttpAnswer json_of(const Tape& tape) {
    const nlohmann::ordered_json json{
        {"name", tape.name()},
        {"notes", tape.notes()},
        {"beats", as_beats(tape.beats())},
        {"seconds", std::chrono::duration<double>(tape.length()).count()},
        {"mends", tape.mends()}};
    return {200, "application/json",
            json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n"};
}

}  // namespace

TapeDesk::TapeDesk(Links links)
    : params_{links.params},
      time_{links.time},
      folder_{std::move(links.folder)},
      tell_{std::move(links.tell)},
      deck_{std::move(links.hand)},
      reading_{links.io} {}

void TapeDesk::assign_to(ActionDesk& actions) {
    actions.assign(ActionId::tape_load, [this](const ActionCall& call) { return load(call.text); });
    actions.assign(ActionId::tape_play, [this](const ActionCall&) { return play(); });
    actions.assign(ActionId::tape_stop, [this](const ActionCall&) -> Status {
        deck_.stop(time_.now());
        tell();
        return {};
    });
    actions.assign(ActionId::tape_seek, [this](const ActionCall& call) -> Status {
        if (deck_.tape() == nullptr)
            return fail(Error::Code::not_found, "tape/seek: there is no tape");
        const auto ticks = call.number.value_or(0.0) * static_cast<double>(kTicksPerBeat.count());
        deck_.seek(Ticks{std::llround(ticks)}, time_.now());
        tell();
        return {};
    });
    actions.assign(ActionId::stop, [this](const ActionCall&) -> Status {
        deck_.stop(time_.now());
        tell();
        if (auto stopped = params_.act(ActionId::stop); !stopped)
            return tl::unexpected{stopped.error()};
        return {};
    });
}

void TapeDesk::add_verbs(OscNamespace& names) {
    names.add_verb(
        kPath, [this](const OscMessage&, const OscReply& reply) { reply(state()); }, 0);
    names.add_verb(
        "/fusiond/tape/list",
        [this](const OscMessage&, const OscReply& reply) {
            OscMessage list{"/fusiond/tape/list.reply", {}};
            for (auto& name : tapes_in(folder_())) list.args.emplace_back(std::move(name));
            reply(list);
        },
        0);
}

HttpRoute TapeDesk::route() {
    HttpRoute route{.prefix = "/tape", .answer = [](const HttpRequest&) {
                        return http_refusal(404, "POST a MIDI file here, as audio/midi");
                    }};
    route.intake = {.type = "audio/midi",
                    .most_bytes = kMostTapeBytes,
                    .take = [this](HttpUpload upload, HttpReply reply) {
                        take(std::move(upload), std::move(reply));
                    }};
    return route;
}

Status TapeDesk::load(const std::string& name) {
    if (reading_.busy())
        return fail(Error::Code::unavailable, "tape/load: another file is being read");
    reading_.begin(
        [folder = folder_(), name]() -> Result<Tape> {
            const auto bytes = read_from_shelf(folder, name);
            if (!bytes) return tl::unexpected{bytes.error()};
            return read_tape(*bytes, name);
        },
        [this](Result<Tape> read) { put_in(std::move(read)); });
    tell();
    return {};
}

void TapeDesk::take(HttpUpload upload, HttpReply reply) {
    if (reading_.busy())
        return reply(http_refusal(503, "another file is being read; try again in a moment"));
    reading_.begin(
        [bytes = std::move(upload.bytes), name = tidy(upload.query)] {
            return read_tape(bytes, name);
        },
        [this, reply = std::move(reply)](Result<Tape> read) {
            reply(put_in(std::move(read)) ? json_of(*deck_.tape()) : http_refusal(422, news_));
        });
    tell();
}

bool TapeDesk::put_in(Result<Tape> read) {
    const bool good = read.has_value();
    news_ = good ? std::string{} : read.error().message;
    if (good) {
        log::info("tape: {}, {} notes{}{}", read->name(), read->notes(),
                  read->mends().empty() ? "" : "; mended: ", read->mends());
        deck_.put_in(std::make_shared<const Tape>(std::move(*read)));
    } else {
        log::warning("no tape: {}", news_);
    }
    tell();
    return good;
}

Status TapeDesk::play() {
    if (deck_.tape() == nullptr)
        return fail(Error::Code::not_found,
                    "tape/play: there is no tape; tape/load FILE, or send one from the panel");
    // The clock lets the line stand from the moment that it has the tape, whichever comes first.
    if (params_.current().on(ParamId::playing))
        static_cast<void>(params_.set(ParamId::playing, 0.0));
    deck_.play(time_.now());
    tell();
    return {};
}

void TapeDesk::follow(const ParamSnapshot& now) {
    if (!deck_.plays() || !now.on(ParamId::playing)) return;
    deck_.stop(time_.now());
    tell();
}

void TapeDesk::turn() {
    const bool played = deck_.plays();
    const auto now = time_.now();
    deck_.turn(now);
    if (played != deck_.plays() || (played && now - told_at_ >= kPace)) tell();
}

OscMessage TapeDesk::state() const {
    const auto* tape = deck_.tape();
    const auto* in_words = reading_.busy()   ? "reading"
                           : deck_.plays()   ? "playing"
                           : tape == nullptr ? "empty"
                                             : "stopped";
    if (tape == nullptr) return {kPath, {std::string{}, std::string{in_words}, 0.0F, 0.0F, news_}};
    return {kPath,
            {tape->name(), std::string{in_words},
             as_beats(tape->ticks_at(deck_.place(time_.now()))), as_beats(tape->beats()), news_}};
}

void TapeDesk::tell() {
    told_at_ = time_.now();
    auto now = state();
    if (told_ && *told_ == now) return;
    told_ = std::move(now);
    tell_(*told_);
}

}  // namespace fusion
