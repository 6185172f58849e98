// The OSC server: the namespace over one UDP port, SuperCollider's manners, what waits for its
// time, and the streams.
//
//   /status        -> /status.reply  i playing, f tempo in force, s rung, i lateness p99 µs,
//                                    i underruns, i realtime clock (1 or 0), i steps ready,
//                                    i steps played, i steps too late to play,
//                                    i memory locked (1 or 0), s sync, s what came of it
//                                    (sync_source.hpp), i song position in beats, f the rest of
//                                    it, then s per genre of the bundle
//   /fusiond/help [s path]  -> /fusiond/help.reply for each (catalogue.hpp)
//   /version       -> /version.reply s name, s version
//   /sync i        -> /synced i; what waits for its time is not waited for
//   /fusiond/hello -> /fusiond/hello s cookie; sent back as it came: /done s (peers.hpp)
//   /notify 1|0    -> /done s        begins or ends the streams
//   /fusiond/subscribe [n seconds] [s stream ...]   the same, 0 ends; 60 s after the last packet
//                                    when not said; no stream named is all but planned
//                                    (streams.hpp)
//   /fusiond/subscribe_at n port ...  the same for who listens at another port of its machine
//   /fusiond/chord -> /fusiond/chord s  the chord in force; N.C. where the line is free
//   /fusiond/section -> /fusiond/section s  the section that is played; - where there is no form
//   /fusiond/schedule -> /fusiond/schedule.reply i waiting, i late, f worst ms late, i refused
//   /clearSched    -> /done s        forgets what waits for its time (schedule.hpp)
//   /dumpOSC i                       logs what comes in: 0 off, 1 parsed, 2 in hex, 3 both
//
// Bundles with a time tag wait for their time, unless the parameter `timetags` is immediate. What
// waits is done and answered as if it had come then.
//
// What comes in is done a message at a time, the senders in turns (fair_work.hpp): a small packet
// at once where nobody else's work waits, and never behind the whole of another's large one.
// Thread: control. Errors: open() says unavailable or malformed; later ones go to the sender.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "engine/base/time_source.hpp"
#include "engine/realtime/engine.hpp"
#include "osc/dump.hpp"
#include "osc/fair_work.hpp"
#include "osc/namespace.hpp"
#include "osc/peers.hpp"
#include "osc/schedule.hpp"
#include "osc/streams.hpp"
#include "osc/udp_port.hpp"

namespace fusion {

class OscServer {
public:
    using WallClock = std::function<OscTimeTag()>;

    // All references outlive the server.
    static Result<std::unique_ptr<OscServer>> open(
        boost::asio::io_context& io, const std::string& address, std::uint16_t port,
        std::string version, ParamStore& params, ActionDesk& actions, const EngineMeters& meters,
        TimeSource& time, WallClock wall = wall_clock_now, OscAccess access = {});
    ~OscServer();
    OscServer(const OscServer&) = delete;
    OscServer& operator=(const OscServer&) = delete;

    // To the subscribers. Changes are sent in the next turn.
    void publish(const PlayedEvent& event) { streams_.publish(event); }
    void publish_scene(const std::string& name, double progress) {
        streams_.publish_scene(name, progress);
    }
    void publish_learned(const std::string& path, const std::string& news) {
        streams_.publish_learned(path, news);
    }
    void publish_chord(const std::string& chord) { streams_.publish_chord(chord); }
    void publish_section(const std::string& section) { streams_.publish_section(section); }
    void publish_tape(const OscMessage& tape) { streams_.publish_tape(tape); }
    void also_to(OscStreams::Elsewhere elsewhere) { streams_.also_to(std::move(elsewhere)); }
    void somebody_listens_to(std::string_view path) { streams_.somebody_listens_to(path); }
    [[nodiscard]] bool wants_planned() const { return streams_.wants_planned(); }
    OscStreams::More publish_planned(const PlannedTail& tail) {
        return streams_.publish_planned(tail);
    }
    void publish_changes() { streams_.mark_changes(); }
    // To be called each 10 ms.
    void turn();

    // For verbs of the daemon's own.
    [[nodiscard]] OscNamespace& names() { return names_; }
    [[nodiscard]] std::uint16_t port() const { return udp_->port(); }
    [[nodiscard]] std::uint64_t malformed() const { return malformed_; }
    // Packets that came while too many waited.
    [[nodiscard]] std::uint64_t left_undone() const { return work_.refused(); }
    // Packets of who may not come in, and answers that were too long for who did not prove itself
    // or too many for a second.
    [[nodiscard]] std::uint64_t turned_away() const { return turned_away_; }
    [[nodiscard]] std::uint64_t withheld() const { return withheld_; }
    // Packets wait to be done.
    [[nodiscard]] bool busy() const { return !work_.idle(); }

private:
    OscServer(boost::asio::io_context& io, std::unique_ptr<UdpPort> udp, std::string version,
              ParamStore& params, ActionDesk& actions, const EngineMeters& meters, TimeSource& time,
              WallClock wall, OscAccess access);
    void add_verbs();
    void receive(std::span<const std::uint8_t> packet, const UdpPeer& peer);
    struct Arrival;
    FairWork::Left go_on(Arrival& arrival);
    void begin(Arrival& arrival);
    void refuse(const Error& error, std::span<const std::uint8_t> packet, const UdpPeer& peer);
    void turn_away(const UdpPeer& peer);
    void no_room_for(const UdpPeer& peer);
    void answer(const OscMessage& answer, const UdpPeer& to);
    // To who has not shown yet that it hears us: all of them if they are short, else the question.
    void answer_shortly(const std::vector<OscMessage>& answers, std::size_t bytes_in,
                        const UdpPeer& to);
    void subscribe(const OscMessage& message, const OscReply& reply);
    void take_hello(const OscMessage& message, const OscReply& reply);
    void ask_listeners();
    void perform(const TimedOscMessage& message, const UdpPeer& from);
    void perform_soon(TimedOscMessage message, const UdpPeer& from);
    void run_due();
    void wait_for_next();
    void help(const OscMessage& message, const OscReply& reply) const;
    void dump(const OscMessage& message, const OscReply& reply);
    [[nodiscard]] OscMessage status() const;
    [[nodiscard]] OscMessage schedule_reply() const;

    std::unique_ptr<UdpPort> udp_;
    std::string version_;
    ParamStore& params_;
    const EngineMeters& meters_;
    TimeSource& time_;
    WallClock wall_;
    OscNamespace names_;
    OscPeers peers_;
    OscStreams streams_;
    // What unproven peers would listen to, the newest; done when they have answered.
    std::deque<std::pair<UdpPeer, TimedOscMessage>> would_listen_;
    std::uint64_t turned_away_ = 0;
    std::uint64_t withheld_ = 0;
    OscSchedule schedule_;
    std::uint64_t cleared_ = 0;  // how often what waited was forgotten
    OscDump dump_;
    FairWork work_;
    UdpPeer sender_;  // of the message that is being done
    boost::asio::steady_timer timer_;
    std::optional<TimePoint> waits_for_;  // what the timer is set to
    // The timer may have run out just before the server went.
    std::shared_ptr<void> alive_ = std::make_shared<char>();
    std::uint64_t malformed_ = 0;
    TimePoint next_complaint_{};
    TimePoint next_no_room_{};
    TimePoint next_turned_away_{};
    TimePoint next_late_{};
};

}  // namespace fusion
