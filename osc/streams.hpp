// What subscribers are sent, beside the answers to what they ask.
//
//   /fusiond/note i pitch, i velocity, i channel, f beats, s rung,
//                              f position   a note begins; not while mute is on. The position in
//                              beats, counted as the beats are, is that on the straight grid
//   /fusiond/proposal/<genre> i pitch, i velocity, f beats             what the genre's own network
//                              would have there; a rest is pitch -1, velocity 0
//   /fusiond/weights f ...     the weights in force where a step begins, on their way along a ramp,
//                              one for each genre; when they changed
//   /fusiond/bass/note, /fusiond/chords/note, /fusiond/drums/note
//                              i pitch, i velocity, i channel, f beats, f position   a note of the
//                              band begins
//   /fusiond/beat i number, i beat of the bar
//   /fusiond/chord s           the chord in force where chords are given by hand, as it changes;
//                              N.C. where the line is free
//   /fusiond/section s         the section that is played, as it changes; - without a form
//   /fusiond/tape s name, s state, f position, f length, s news       the MIDI file that is played
//                              in the line's place (daemon/tape/tape_desk.hpp)
//   /fusiond/<parameter>, /fusiond/<family>/<genre>                    it changed
//   /fusiond/scene s name, f progress                                  a scene is recalled: 0 as it
//                              begins, 1 when it is whole
//   /fusiond/learned s path, s news                                    what became of learning it
//   /fusiond/planned, /fusiond/planned/<genre>    what comes next, as it is planned now
//                              (planned_stream.hpp)
//   /fusiond/late f ms         a bundle's time tag had passed when it came; the worst of a second
//
// Changes are only marked when they happen and sent in the next turn, each parameter once: a flood
// in is not a flood out, and the last value is always sent. Thread: control. Errors: told to the
// sender by /fail.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/time_source.hpp"
#include "engine/realtime/crossing/played_event.hpp"
#include "osc/namespace.hpp"
#include "osc/peers.hpp"
#include "osc/planned_stream.hpp"
#include "osc/subscribers.hpp"
#include "osc/udp_port.hpp"

namespace fusion {

[[nodiscard]] std::string_view rung_name(Rung rung);

class OscStreams {
public:
    // All outlive it.
    OscStreams(UdpPort& udp, const OscNamespace& names, const ParamStore& params,
               const TimeSource& time, OscPeers& peers);

    // /notify 1|0, /fusiond/subscribe [n seconds] [s stream ...]: 0 ends, no stream named is
    // all but planned; and /fusiond/subscribe_at n port with the same, for who listens at another
    // port than it sends from. Always the sender's own machine: nobody is sent what another asked
    // for.
    void subscribe(const OscMessage& message, const UdpPeer& from, const OscReply& reply);
    // Any packet renews a subscription.
    void heard_from(const UdpPeer& peer) { subscribers_.heard_from(peer, time_.now()); }
    // Calls tell(peer) with whose packets keep each subscription alive.
    template <class Tell>
    void each_listener(Tell&& tell) {
        subscribers_.each_sender(time_.now(), std::forward<Tell>(tell));
    }

    void publish(const PlayedEvent& event);
    void mark_changes() { changed_ = true; }
    // Where else they go, whether or not anybody subscribes; but not the changes.
    struct Elsewhere {
        std::function<void(OscStream, const OscMessage&)> send;
        std::function<bool(std::string_view path)> wants;
    };
    void also_to(Elsewhere elsewhere) { elsewhere_ = std::move(elsewhere); }
    // Elsewhere, from now on.
    void somebody_listens_to(std::string_view path);
    // Whether it is worth keeping up a tail; and what it is now, to be told each turn. Soon: there
    // is something to tell in 50 ms or less.
    enum class More : std::uint8_t { no, soon };
    [[nodiscard]] bool wants_planned() const;
    More publish_planned(const PlannedTail& tail);
    void publish_scene(const std::string& name, double progress);
    void publish_learned(const std::string& path, const std::string& news);
    void publish_late(Nanos worst);
    void publish_chord(const std::string& chord);
    void publish_section(const std::string& section);
    void publish_tape(const OscMessage& tape);
    [[nodiscard]] const std::string& chord() const { return chord_; }
    [[nodiscard]] const std::string& section() const { return section_; }
    // To be called each 10 ms or so: sends what changed.
    void turn();

private:
    static constexpr std::string_view kNoSection = "-";

    void publish_band(const Step& step);
    void publish_step(const PlayedEvent& event);
    void publish_beat(Ticks tick);
    void tell_newcomer();
    [[nodiscard]] bool is_wanted(OscStream stream, std::string_view path) const;
    void send(OscStream stream, const OscMessage& message);

    UdpPort& udp_;
    const OscNamespace& names_;
    const ParamStore& params_;
    const TimeSource& time_;
    OscPeers& peers_;
    Subscribers subscribers_;
    Elsewhere elsewhere_;
    PlannedStream planned_;
    std::vector<std::string> proposal_paths_;
    std::vector<std::string> band_paths_;  // by BandPart
    ParamSnapshot told_;
    bool changed_ = false;
    std::string chord_;
    bool chord_is_news_ = false;  // to somebody who has just come
    std::string section_{kNoSection};
    bool section_is_news_ = false;
    std::optional<OscMessage> tape_;  // as it was told last
    bool tape_is_news_ = false;
    std::optional<GenreWeights> told_weights_;  // none: somebody does not know them yet
};

}  // namespace fusion
