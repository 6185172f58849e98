// The tape as hands and pages have it: the actions of the table, what is asked and told about it
// over OSC, and what a page uploads.
//
//   /fusiond/tape/load s file, /fusiond/tape/play, /fusiond/tape/stop, /fusiond/tape/seek f beats
//   /fusiond/tape       -> /fusiond/tape s name, s state, f position, f length, s news
//                          also sent as it changes, ten times a second while it plays. The state
//                          is empty, reading, stopped or playing; position and length in beats of
//                          the tape; the news is why the last file was not taken, or empty
//   /fusiond/tape/list  -> /fusiond/tape/list.reply s ...   what load can name, the newest first
//   POST /tape?NAME     audio/midi, 8 MiB: a line of JSON, {"name", "notes", "beats", "seconds",
//                       "mends"}, or why not
//
// While the tape plays the transport stands: `tape/play` sets `playing` to 0, and whoever sets it
// again stops the tape, and the line goes on where it was. `stop` and `panic` stop the tape too; at
// its end there is silence until somebody plays.
// Thread: control. Errors: as results of the actions, as news, as HTTP answers.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "daemon/tape/tape_deck.hpp"
#include "daemon/tape/tape_reading.hpp"
#include "engine/params/action_desk.hpp"
#include "osc/namespace.hpp"
#include "osc/web/http_server.hpp"

namespace fusion {

class TapeDesk {
public:
    struct Links {
        boost::asio::io_context& io;
        ParamStore& params;
        const TimeSource& time;
        TapeHand hand;
        std::function<std::filesystem::path()> folder;  // of the recordings
        std::function<void(const OscMessage&)> tell;    // who listens to /fusiond/tape
    };
    // All references outlive it.
    explicit TapeDesk(Links links);

    void assign_to(ActionDesk& actions);
    void add_verbs(OscNamespace& names);
    [[nodiscard]] HttpRoute route();

    // A parameter is another now.
    void follow(const ParamSnapshot& now);
    // To be called several times a second.
    void turn();

    [[nodiscard]] bool plays() const { return deck_.plays(); }

private:
    Status load(const std::string& name);
    Status play();
    void take(HttpUpload upload, HttpReply reply);
    // True: it is in the deck.
    bool put_in(Result<Tape> read);
    [[nodiscard]] OscMessage state() const;
    void tell();

    ParamStore& params_;
    const TimeSource& time_;
    std::function<std::filesystem::path()> folder_;
    std::function<void(const OscMessage&)> tell_;
    TapeDeck deck_;
    TapeReading reading_;
    std::string news_;
    std::optional<OscMessage> told_;
    TimePoint told_at_{};
};

}  // namespace fusion
