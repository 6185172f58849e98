#include "daemon/terminal/terminal_view.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "daemon/terminal/held_errors.hpp"
#include "daemon/terminal/screen.hpp"

namespace fusion {

using namespace std::chrono_literals;

class TerminalView::Parts {
public:
    Parts(Links links, std::unique_ptr<Screen> screen)
        : links_{std::move(links)},
          screen_{std::move(screen)},
          keyboard_{links_.io, ::dup(STDIN_FILENO)},
          hand_{links_.params, links_.actions, links_.scenes} {
        wait_for_keys();
    }

    void turn(TimePoint now) {
        if (now < next_draw_) return;
        next_draw_ = now + 100ms;
        if (!hand_.said().empty() && now > say_nothing_at_) hand_.say_nothing();
        draw();
    }

    TextRoll roll;

private:
    void draw() {
        errors_.drain();
        const auto facts = links_.facts();
        screen_->show(draw_page({links_.params, links_.meters, hand_, roll, errors_.lines(), facts},
                                screen_->size()));
    }

    void wait_for_keys() {
        keyboard_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                             [this](const boost::system::error_code& error) {
                                 if (error) return;
                                 // Ready and empty: the terminal is gone, and will be ready for
                                 // ever.
                                 int waiting = 0;
                                 if (::ioctl(STDIN_FILENO, FIONREAD, &waiting) != 0 || waiting == 0)
                                     return;
                                 take_keys();
                                 wait_for_keys();
                             });
    }

    void take_keys() {
        while (const auto press = screen_->read()) {
            if (!hand_.press(*press)) return links_.quit();
        }
        say_nothing_at_ = std::chrono::steady_clock::now() + 4s;
        draw();
    }

    Links links_;
    // In this order: what is held back is written when the page is gone.
    HeldErrors errors_;
    std::unique_ptr<Screen> screen_;
    boost::asio::posix::stream_descriptor keyboard_;
    ViewHand hand_;
    TimePoint next_draw_{};
    TimePoint say_nothing_at_{};
};

TerminalView::TerminalView(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
TerminalView::~TerminalView() = default;

std::unique_ptr<TerminalView> TerminalView::open(Links links) {
    auto screen = Screen::open(stdin, stdout);
    if (screen == nullptr) return nullptr;
    return std::unique_ptr<TerminalView>{
        new TerminalView{std::make_unique<Parts>(std::move(links), std::move(screen))}};
}

void TerminalView::played(const PlayedEvent& event) { parts_->roll.played(event); }
void TerminalView::planned(const PlannedTail& tail) { parts_->roll.planned(tail); }
void TerminalView::turn(TimePoint now) { parts_->turn(now); }

}  // namespace fusion
