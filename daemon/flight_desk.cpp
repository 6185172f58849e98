#include "daemon/flight_desk.hpp"

#include <utility>

#include <fmt/format.h>

#include "engine/base/log.hpp"

namespace fusion {

std::filesystem::path flight_folder(const std::filesystem::path& state) {
    return state.empty() ? std::filesystem::path{} : state.parent_path() / "flights";
}

FlightDesk::FlightDesk(std::filesystem::path folder, ParamStore& params,
                       const HarmonyTeller& harmony, FlightRecorder::Origin origin)
    : recorder_{log_, params, harmony, std::move(origin)}, folder_{std::move(folder)} {
    params.on_change([this](const ParamSnapshot& now) { recorder_.changed(now); });
}

void FlightDesk::watch_for_crashes() {
    if (folder_.exists()) rescue_.emplace(log_, folder_.file("crash"));
}

void FlightDesk::add_verb(OscNamespace& names) {
    names.add_verb(
        "/fusiond/flight",
        [this](const OscMessage& message, const OscReply& reply) {
            hear_of_it();
            const bool only_asks = !message.args.empty() && osc_number(message.args[0]) == 0.0;
            if (!only_asks) request();
            // What was asked for meanwhile is the next one.
            const auto number = last_.number + (!only_asks && again_ ? 1 : 0);
            std::string word = "none";
            if (last_.state == Outcome::State::begun) word = "begun";
            if (last_.state == Outcome::State::written) word = "written";
            if (last_.state == Outcome::State::refused) word = "refused";
            reply(OscMessage{"/fusiond/flight.reply", {number, word, last_.what}});
        },
        1);
}

void FlightDesk::request() {
    if (folder_.writes())
        again_ = true;
    else
        write("request");
}

void FlightDesk::write(const std::string& why) {
    last_ = {last_.number + 1, Outcome::State::begun, ""};
    if (folder_.write(why, log_.text())) return;
    last_.state = Outcome::State::refused;
    last_.what = "there is no folder for it: [state] path is off, or its folder cannot be made";
}

void FlightDesk::hear_of_it() {
    const auto news = folder_.news();
    if (!news) return;
    last_.state = *news ? Outcome::State::written : Outcome::State::refused;
    last_.what = *news ? (*news)->string() : news->error().message;
    if (*news)
        log::info("a flight is written: {}; fusiond replay plays it", last_.what);
    else
        log::error("no flight: {}", last_.what);
    if (std::exchange(again_, false)) write("request");
}

void FlightDesk::look_after(const EngineMeters& meters, TimePoint now) {
    hear_of_it();
    recorder_.lost(meters.events_dropped.load(std::memory_order_relaxed));
    if (recorder_.is_cut() && !std::exchange(cut_told_, true))
        log::info(
            "the flight recorder cannot play back all from here on; a restart of the line "
            "mends that");
    if (!recorder_.is_cut()) cut_told_ = false;
    const auto underruns = meters.underruns.load(std::memory_order_relaxed);
    const bool is_new = std::exchange(underruns_, underruns) != underruns;
    if (is_new && !due_ && (!next_ || now >= *next_)) due_ = now + kAfterUnderrun;
    if (!due_ || now < *due_ || folder_.writes() || !folder_.exists()) return;
    due_.reset();
    next_ = now + kUnderrunsApart;
    write("underrun");
}

}  // namespace fusion
