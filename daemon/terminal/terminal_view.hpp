// What a person at a terminal sees of the daemon and turns in it. Where standard output is no
// terminal there is none, and the log's plain lines are all.
// Thread: control. Errors: none; a key that does nothing says why on the page.
#pragma once

#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>

#include "daemon/terminal/view_page.hpp"
#include "engine/params/action_desk.hpp"
#include "engine/params/store.hpp"

namespace fusion {

class TerminalView {
public:
    struct Links {
        boost::asio::io_context& io;
        ParamStore& params;
        ActionDesk& actions;
        const EngineMeters& meters;
        std::function<ViewFacts()> facts;
        ViewHand::Names scenes;
        std::function<void()> quit;  // the person wants fusiond to end
    };

    // Null: standard input and output are no terminal of ours. What `links` names outlives it.
    [[nodiscard]] static std::unique_ptr<TerminalView> open(Links links);
    ~TerminalView();
    TerminalView(const TerminalView&) = delete;
    TerminalView& operator=(const TerminalView&) = delete;

    void played(const PlayedEvent& event);
    void planned(const PlannedTail& tail);
    // At each turn; it draws ten times a second.
    void turn(TimePoint now);

private:
    class Parts;
    explicit TerminalView(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace fusion
