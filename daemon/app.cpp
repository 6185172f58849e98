#include "daemon/app.hpp"

#include <csignal>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/bundle_place.hpp"
#include "daemon/flight/flight_print.hpp"
#include "daemon/flight_desk.hpp"
#include "daemon/generators.hpp"
#include "daemon/hands/hands.hpp"
#include "daemon/hands/harmony_hands.hpp"
#include "daemon/loss_report.hpp"
#include "daemon/midi/midi_inbox.hpp"
#include "daemon/output.hpp"
#include "daemon/output_facts.hpp"
#include "daemon/session_recording.hpp"
#include "daemon/starting_values.hpp"
#include "daemon/status_line.hpp"
#include "daemon/surfaces.hpp"
#include "daemon/sync/sync.hpp"
#include "daemon/system/loop_bell.hpp"
#include "daemon/system/rtkit.hpp"
#include "daemon/system/service.hpp"
#include "daemon/tape/tape_desk.hpp"
#include "daemon/terminal/terminal_view.hpp"
#include "daemon/turns.hpp"
#include "daemon/upkeep.hpp"
#include "daemon/welcome.hpp"
#include "engine/base/log.hpp"
#include "engine/base/realtime_rights.hpp"
#include "engine/base/time_source.hpp"
#include "engine/music/chord_symbol.hpp"
#include "engine/realtime/engine.hpp"

namespace fusion {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// Stands in the order of making; members go in the opposite order.
struct App::Parts {
    Config config;
    RunOptions options;
    Bundle bundle;
    MonotonicTime monotonic;
    FrameTime time{monotonic};
    ParamStore params;
    ActionDesk actions{params};
    HarmonyHands harmony{params,
                         bundle,
                         {[this] { return play_head(); }, [this] { return tempo_in_force(); }},
                         {[this](const Chord& chord, TimePoint due) { tell_chord(chord, due); },
                          [this](const std::string& section, TimePoint due) {
                              surfaces->publish_section(section);
                              recording->marker(section_marker(section), due);
                          }}};
    asio::io_context io{1};
    asio::signal_set signals{io, SIGINT, SIGTERM, SIGHUP};
    std::unique_ptr<MidiInbox> inbox;
    Output output;
    std::optional<SessionRecording> recording;
    std::unique_ptr<Sync> sync;
    std::unique_ptr<LoopBell> played_bell;
    std::unique_ptr<Engine> engine;
    std::optional<FlightDesk> flight;
    std::unique_ptr<Surfaces> surfaces;
    std::unique_ptr<Hands> hands;
    std::unique_ptr<TapeDesk> tape;
    std::optional<Upkeep> upkeep;
    Service service;
    std::optional<Welcome> welcome;
    std::unique_ptr<TerminalView> view;  // null: no terminal, or the log alone is wanted
    Turns turns{io, [this] { return turn(); }};
    asio::steady_timer slow{io}, end{io};
    std::string scene_on_its_way;
    double scene_progress = 1.0;
    LossReport losses;
    std::uint32_t heard_by = 0;  // the count of who hears the music, of port and synth

    Parts(Config c, RunOptions o, Bundle b)
        : config{std::move(c)},
          options{std::move(o)},
          bundle{std::move(b)},
          params{bundle.genres, time} {}

    Started<void> make();
    void open_hands();
    void open_tape();
    void open_view();
    // What the clock thread may do; asks who can grant what the limits refuse.
    void settle_rights();
    void watch_parameters();
    void tell_chord(const Chord& chord, TimePoint due);
    [[nodiscard]] Bpm tempo_in_force() const;
    [[nodiscard]] Ticks play_head() const;
    void handle_signals();
    // What was played goes to the streams and the screen, a morph moves.
    Turns::Next turn();
    // Each second: ports, file, log.
    void look_after();
    void look_after_each_second();
    void stop();
};

Started<void> App::Parts::make() {
    signals.add(SIGUSR1);
    begin_in_blend(bundle.start, params);
    if (auto applied = apply_config(config, params); !applied)
        return refuse(ExitCode::config, applied.error().message);

    auto generators = make_generators(bundle, config.device);
    if (!generators) return tl::unexpected{generators.error()};
    auto letters = MidiInbox::open(io);
    if (!letters) return refuse(ExitCode::unavailable, letters.error().message);
    inbox = std::move(*letters);
    auto opened = open_output(config, bundle.genres, time, *inbox);
    if (!opened) return tl::unexpected{opened.error()};
    output = std::move(*opened);
    recording.emplace(*output.recorder);
    sync = std::make_unique<Sync>(inbox->take_sync_messages(), time, params, config.link);

    EngineOptions engine_options;
    engine_options.clock_priority = config.clock.priority;
    engine_options.horizon_steps = config.clock.horizon_steps;
    engine_options.clock_cpu = config.clock.cpu;
    // A sink with a lead does not hear how late the clock wakes.
    if (output.sink().lead() == Nanos{0}) engine_options.clock_spin = Micros{config.clock.spin_us};
    engine_options.sync = sync->sources();
    auto bell = LoopBell::open(io);
    if (!bell) return refuse(ExitCode::unavailable, bell.error().message);
    played_bell = std::move(*bell);
    played_bell->on_wake([this] { turns.soon(); });
    engine_options.on_played = played_bell.get();
    engine_options.harmony = &harmony.teller();
    harmony.assign_to(actions);
    auto neural = exchangeable(std::move(generators->neural));
    auto fallback = exchangeable(std::move(generators->fallback));
    auto stand_in = exchangeable(std::move(generators->stand_in));
    const Composers composers{neural.get(), fallback.get(), stand_in.get()};
    const auto bundle_file = bundle_place(config.bundle_path).string();
    // From the values that the line begins with.
    flight.emplace(flight_folder(state_place(config.state.path)), params, harmony.teller(),
                   FlightRecorder::Origin{
                       build_print(), fmt::format("{} {}", bundle_print(bundle_file), bundle_file),
                       neural != nullptr ? Rung::neural : Rung::ngram});
    engine = std::make_unique<Engine>(std::move(neural), std::move(fallback), params, output.sink(),
                                      time, engine_options, std::move(stand_in));
    auto opened_surfaces = Surfaces::open(io, config, params, actions, engine->meters(), time);
    if (!opened_surfaces)
        return refuse(opened_surfaces.error().code == Error::Code::malformed
                          ? ExitCode::config
                          : ExitCode::unavailable,
                      opened_surfaces.error().message);
    surfaces = std::move(*opened_surfaces);
    surfaces->tell_panel([this, begun = time.now()] {
        PanelFacts facts;
        facts.output = output.describe();
        facts.bundle_file = bundle_place(config.bundle_path).filename();
        facts.bundle_record = upkeep->bundle_record().value_or(bundle.record);
        facts.genres = params.genres();
        facts.up = std::chrono::duration_cast<std::chrono::microseconds>(time.now() - begun);
        return facts;
    });
    recording->add_verb(surfaces->names());
    flight->add_verb(surfaces->names());
    surfaces->show_health(engine->meters(), params, [this] { return facts_of(output); });
    open_hands();
    open_tape();
    upkeep.emplace(Upkeep::Links{config, params, *hands, harmony.desk(), surfaces->names(),
                                 [this](const std::filesystem::path& file) {
                                     flight->bundle_changed(fmt::format(
                                         "{} {}", bundle_print(file.string()), file.string()));
                                 }},
                   composers, options.read_config, time.now());
    if (auto begun = begin_as_said(config.beginning, hands->scenes(), params); !begun)
        return refuse(ExitCode::usage, begun.error().message);
    welcome.emplace(Welcome::Links{config, params, output, *engine, *surfaces,
                                   [this] { return hands->scenes().names(); }},
                    options.open_panel ? Welcome::Panel::open : Welcome::Panel::leave);
    watch_parameters();
    if (options.view == RunOptions::View::page) open_view();
    return {};
}

void App::Parts::open_view() {
    view = TerminalView::open(
        {.io = io,
         .params = params,
         .actions = actions,
         .meters = engine->meters(),
         .facts =
             [this] {
                 return ViewFacts{
                     output.describe(), surfaces->describe_panel(), scene_on_its_way,
                     scene_progress,
                     harmony.in_force().is_none() ? std::string{} : to_text(harmony.in_force())};
             },
         .scenes = [this] { return hands->scenes().names(); },
         .quit =
             [this] {
                 log::info("ended at the keyboard");
                 io.stop();
             }});
}

void App::Parts::open_hands() {
    hands = std::make_unique<Hands>(config, params, actions, time, output.port.get(), [this] {
        return static_cast<double>(play_head().count()) /
               static_cast<double>(kTicksPerBeat.count());
    });
    hands->scenes().on_progress([this](const std::string& name, double progress) {
        surfaces->publish_scene(name, progress);
        scene_on_its_way = progress < 1.0 ? name : std::string{};
        scene_progress = progress;
    });
    hands->on_learned([this](const std::string& path, const std::string& news) {
        surfaces->publish_learned(path, news);
    });
    hands->on_scenes([this] { surfaces->scenes_changed(); });
    surfaces->list_scenes([this] { return hands->scenes().names(); },
                          [this] { return hands->scenes().saved_names(); });
    inbox->deliver_to([this](const ArrivedMessage& message) {
        const bool is_chord =
            harmony.lets_go(message.message, message.source) || !hands->names(message);
        if (!is_chord || !harmony.take(message.message, message.source, time.now()))
            hands->take(message);
        turns.soon();
    });
}

void App::Parts::open_tape() {
    tape = std::make_unique<TapeDesk>(
        TapeDesk::Links{io, params, time, engine->take_tape(),
                        [this] { return output.recorder->state().file.parent_path(); },
                        [this](const OscMessage& news) { surfaces->publish_tape(news); }});
    tape->assign_to(actions);
    tape->add_verbs(surfaces->names());
    surfaces->add_route(tape->route());
}

void App::Parts::watch_parameters() {
    const auto follow = [this](const ParamSnapshot& now) {
        sync->follow(now);
        if (output.port != nullptr) output.port->thru(now.on(ParamId::thru) ? Thru::on : Thru::off);
        if (output.synth != nullptr) output.synth->follow(synth_settings(now));
        if (now.integer(ParamId::sync) == 0)
            recording->own_tempo(Bpm{now.real(ParamId::tempo)}, time.now());
        hands->follow();
        tape->follow(now);
        surfaces->publish_changes();
        harmony.look(time.now());
        turns.soon();
    };
    params.on_change(follow);
    // The saved values may be others than those that sync and recorder were made with.
    follow(params.current());
}

void App::Parts::tell_chord(const Chord& chord, TimePoint due) {
    surfaces->publish_chord(to_text(chord));
    recording->marker(chord_marker(chord), due);
}

Bpm App::Parts::tempo_in_force() const {
    return Bpm{engine->meters().tempo.load(std::memory_order_relaxed)};
}

Ticks App::Parts::play_head() const {
    return Ticks{engine->meters().play_head_ticks.load(std::memory_order_relaxed)};
}

void App::Parts::handle_signals() {
    signals.async_wait([this](const boost::system::error_code& error, int signal) {
        if (error) return;
        if (signal == SIGUSR1) {
            flight->request();
            return handle_signals();
        }
        if (signal == SIGHUP) {
            upkeep->reload();
            return handle_signals();
        }
        log::info("signal {}: stopping", signal);
        io.stop();
    });
}

Turns::Next App::Parts::turn() {
    sync->turn();
    hands->turn();
    if (output.port != nullptr) harmony.inputs_lost(output.port->input_losses(), time.now());
    PlayedEvent event;
    while (engine->played().try_pop(event)) {
        surfaces->publish(event);
        if (view) view->played(event);
        harmony.played(event);
        flight->played(event);
    }
    const bool chord_comes = harmony.turn(time.now());
    const bool watches = view != nullptr || surfaces->wants_planned();
    engine->watch_planned(watches ? Engine::Watch::yes : Engine::Watch::no);
    const auto& planned = engine->planned();
    const auto more = surfaces->publish_planned(planned);
    if (view) view->planned(planned);
    tape->turn();
    surfaces->turn();
    const auto now = time.now();
    recording->turn(engine->meters(), now);
    const auto& meters = engine->meters();
    const bool ready = meters.ready.load(std::memory_order_relaxed);
    if (ready) welcome->ready();
    service.beat(ready,
                 {.clock = meters.clock_heartbeat.load(std::memory_order_relaxed),
                  .inference = meters.inference_heartbeat.load(std::memory_order_relaxed)},
                 now);
    if (view) view->turn(now);
    const bool moves = upkeep->turn() || hands->moves() || chord_comes || sync->linked() ||
                       more == OscStreams::More::soon;
    return ready && !moves ? Turns::Next::whenever : Turns::Next::soon;
}

void App::Parts::settle_rights() {
    const auto& grant = engine->clock_grant();
    if (grant.from != FifoFrom::refused) return;
    if (const auto granted = ask_rtkit(engine->clock_thread(), config.clock.priority))
        engine->clock_granted_from_outside(FifoFrom::rtkit);
    else
        log::info("{}", granted.error().message);
}

void App::Parts::look_after() {
    const auto heard_before = std::exchange(heard_by, output.look_after());
    if (heard_by != heard_before) params.receiver_came();
    hands->look_after();
    upkeep->look_after(time.now());
    surfaces->look_after(time.now());
    flight->look_after(engine->meters(), time.now());
    engine->drain_log();
    losses.look(engine->meters().sink_refused.load(std::memory_order_relaxed), output.port.get(),
                time.now());
    if (output.port != nullptr)
        engine->tell_time_without_port(output.port->counters().without_port);
    losses.malformed_so_far(inbox->malformed());
    if (const auto news = sync->news(engine->meters().sync_state.load(std::memory_order_relaxed),
                                     tempo_in_force());
        !news.empty())
        log::info("{}", news);
    service.status(status_line(params, engine->meters()));
    welcome->look_after();
    recording->look_after();
}

void App::Parts::look_after_each_second() {
    slow.expires_after(1s);
    slow.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        look_after();
        look_after_each_second();
    });
}

void App::Parts::stop() {
    service.stopping();
    hands->finish();  // before what may have to be waited for
    engine->stop();
    static_cast<void>(turn());
    engine->drain_log();
    output.close();
    losses.malformed_in_the_end(inbox->malformed());
    recording->finish();
    flight->look_away();
    log::info("stopped: {}", status_line(params, engine->meters()));
}

Started<std::unique_ptr<App>> App::make(const Config& config, const RunOptions& options) {
    auto bundle = open_bundle(config);
    if (!bundle) return tl::unexpected{bundle.error()};
    auto parts = std::make_unique<Parts>(config, options, std::move(*bundle));
    if (auto made = parts->make(); !made) return tl::unexpected{made.error()};
    return std::unique_ptr<App>{new App{std::move(parts)}};
}

App::App(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
App::~App() = default;

ExitCode App::run() {
    set_thread_role(ThreadRole::control);
    std::signal(SIGPIPE, SIG_IGN);  // a JACK server that goes away is no reason to follow it
    auto& p = *parts_;
    p.handle_signals();
    p.flight->watch_for_crashes();
    if (p.config.clock.lock_memory) {
        const auto locked = lock_memory();
        p.engine->tell_memory_locked(locked.has_value());
        if (!locked) log::warning("{}", locked.error().message);
    }
    p.engine->start();
    p.settle_rights();
    p.turns.begin();
    p.look_after_each_second();
    if (p.options.length) {
        p.end.expires_after(std::chrono::duration_cast<Clock::duration>(*p.options.length));
        p.end.async_wait([&p](const boost::system::error_code& error) {
            if (!error) p.io.stop();
        });
    }
    p.io.run();
    p.stop();
    const auto code = p.recording->fails() ? ExitCode::cannot_write : ExitCode::ok;
    const bool port_is_left = p.output.port != nullptr && p.output.port->left_a_thread();
    if (!p.engine->left_a_thread() && !port_is_left) return code;
    // It may still come back, to what would be taken down now.
    log::error("a thread does not answer: ended without it");
    if (p.view) p.view.reset();
    std::_Exit(static_cast<int>(code));
}

}  // namespace fusion
