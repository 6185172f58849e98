#include "tests/faults/simulated_daemon.hpp"

#include <malloc.h>
#include <unistd.h>

#include <fstream>
#include <utility>

#include "engine/model/ngram_generator.hpp"
#ifdef FUSION_WITH_TORCH
#include "engine/nn/networks.hpp"
#include "engine/nn/torch_generator.hpp"
#endif

namespace fusion::faults {

Result<std::shared_ptr<const Bundle>> bundle_in(const std::string& file) {
    auto bundle = load_bundle(file);
    if (!bundle) return tl::unexpected{bundle.error()};
#ifdef FUSION_WITH_TORCH
    complete_older(*bundle);
#endif
    return std::make_shared<const Bundle>(std::move(*bundle));
}

Composing composed_by_ngrams(std::shared_ptr<const Bundle> bundle) {
    Composing made;
    made.bundle = bundle;
    made.fallback = make_ngram_generator(*bundle);
    made.stand_in = make_ngram_generator(*bundle);
    return made;
}

Result<Composing> composed_by_networks(std::shared_ptr<const Bundle> bundle) {
    auto made = composed_by_ngrams(bundle);
#ifdef FUSION_WITH_TORCH
    auto networks = make_torch_generator(*bundle, DeviceChoice::cpu);
    if (!networks) return tl::unexpected{networks.error()};
    made.neural = std::move(*networks);
    return made;
#else
    return fail(Error::Code::unsupported, "this build has no LibTorch");
#endif
}

namespace {

std::shared_ptr<Generator> first_of(const Composing& composing) {
    return composing.neural ? composing.neural : composing.fallback;
}

}  // namespace

SimulatedDaemon::SimulatedDaemon(Composing composing, MidiSink& sink)
    : composing_{std::move(composing)},
      params_{composing_.bundle->genres, time_},
      desk_{params_,
            time_,
            {},
            {composing_.bundle->chords, composing_.bundle->forms, composing_.bundle->band}},
      neural_{first_of(composing_)},
      fallback_{composing_.fallback},
      understudy_{composing_.stand_in},
      planner_{&neural_,
               composing_.neural ? &fallback_ : nullptr,
               {std::move(steps_.in), std::move(commits_.out), params_.reader(),
                std::move(head_.out), wake_clock_, time_, meters_, std::nullopt,
                desk_.harmony().teller().reader(), std::move(beats_.in)},
               {}},
      stand_in_{understudy_,
                {std::move(stand_in_stage_.steps.in), std::move(stand_in_stage_.commits.out),
                 params_.reader(), std::move(stand_in_stage_.head.out), wake_clock_, time_,
                 stand_in_stage_.meters, std::nullopt, desk_.harmony().teller().reader()},
                std::move(stand_in_stage_.calls.out),
                stand_in_stage_.wake},
      core_{{std::move(steps_.out), std::move(commits_.in), std::move(played_queue_.in),
             params_.reader(), std::move(head_.in), wake_planner_, sink, time_, meters_, log_,
             SongFollow::Sources{}, nullptr,
             StandInLink{std::move(stand_in_stage_.steps.out),
                         std::move(stand_in_stage_.commits.in), std::move(stand_in_stage_.calls.in),
                         std::move(stand_in_stage_.head.in), stand_in_stage_.wake},
             std::move(beats_.out)}} {
    played_.reserve(1024);
}

Status SimulatedDaemon::say(const std::string& path, std::vector<OscArg> arguments) {
    return desk_.obey({{}, {std::string{kOscRoot} + "/" + path, std::move(arguments)}, path});
}

Status SimulatedDaemon::reload(Composing next) {
    for (auto [seat, generator] : {std::pair{&neural_, first_of(next)},
                                   {&fallback_, next.fallback},
                                   {&understudy_, next.stand_in}})
        if (auto fits = seat->offer(generator); !fits) return fits;
    desk_.harmony().plan_from({next.bundle->chords, next.bundle->forms, next.bundle->band});
    retired_.push_back(std::exchange(composing_, std::move(next)));
    // All have read the newest after a turn, where they are not stuck; a few more are kept for
    // that.
    if (retired_.size() > 2) retired_.erase(retired_.begin());
    return {};
}

void SimulatedDaemon::turn(Inference inference, Nanos at_most) {
    const auto now = time_.now();
    desk_.turn(Ticks{meters_.play_head_ticks.load(std::memory_order_relaxed)});
    if (inference == Inference::works)
        while (planner_.advance() == LinePlanner::Next::more_to_do) {
        }
    while (stand_in_.turn() == LinePlanner::Next::more_to_do) {
    }
    const auto wanted = core_.turn(now);
    played_.clear();
    PlayedEvent event;
    while (played_queue_.out.try_pop(event)) played_.push_back(event);
    RtRecord record;
    while (log_.try_pop(record)) {
    }
    for (auto* seat : {&neural_, &fallback_, &understudy_}) seat->sweep();
    time_.sleep_until(std::min(wanted, now + at_most));
}

bool StrictSink::send(const TimedMessage& timed) noexcept {
    const auto& message = timed.message;
    if (refuses_) {
        ++tally_.refused;
        return false;
    }
    if (timed.deadline < last_) ++tally_.backwards;
    last_ = timed.deadline;
    if (message.is_note_on()) {
        ++tally_.notes;
        last_onset_ = timed.deadline;
        if (message.channel().count() < kLineChannels) ++of_line_;
        if (ledger_.sounds(message.channel(), message.pitch())) ++tally_.doubled;
    }
    if (message.is_note_off() && !ledger_.sounds(message.channel(), message.pitch()))
        ++tally_.unfounded;
    ledger_.note(message);
    return true;
}

Memory memory_now() {
    std::ifstream statm{"/proc/self/statm"};
    std::size_t all = 0, resident = 0;
    statm >> all >> resident;
    return {resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)), ::mallinfo2().uordblks};
}

}  // namespace fusion::faults
