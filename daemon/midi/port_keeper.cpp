#include "daemon/midi/port_keeper.hpp"

#include <fmt/format.h>

#include "daemon/midi/port_match.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;

constexpr Nanos kSomebodyIsAtTheCable = 60s;
constexpr Nanos kPause = 4s;

}  // namespace

Status PortKeeper::open() {
    if (auto runs = system_.runs(); !runs) return runs;
    auto connected = connect();
    if (connected || connected.error().code != Error::Code::not_found) return connected;
    missed_since_ = time_.now();
    tell_(log::Level::warning,
          fmt::format("{}: {}; waiting for it", port_.what, connected.error().message));
    return {};
}

void PortKeeper::look_after() {
    if (!connected_)
        look_for();
    else if (!still_there())
        lose();
}

void PortKeeper::close() {
    connected_ = false;
    watch_.reset();
}

std::string PortKeeper::describe() const {
    if (!connected_) return fmt::format("{}, waiting for a port", system_.name());
    if (other_.empty())
        return fmt::format("{} virtual port {}:{}", system_.name(), port_.client, port_.name);
    return fmt::format("{} port {}", system_.name(), other_);
}

Status PortKeeper::connect() {
    forget_lost_server();
    if (watch_ == nullptr) watch_ = system_.watch(port_.client + " watch");
    if (watch_ == nullptr)
        return fail(Error::Code::not_found,
                    fmt::format("the {} server is not there", system_.name()));
    auto plugged = plug_.plug_in(port_.wanted);
    if (!plugged) return tl::unexpected{plugged.error()};
    other_ = std::move(*plugged);
    connected_ = true;
    return {};
}

bool PortKeeper::still_there() const {
    if (watch_->lost()) return false;
    if (other_.empty()) return true;
    const auto ports = system_.ports(port_.others);
    return ports && find_port(other_, *ports).has_value();
}

// A server that goes while a port is waited for would else be missed when that port is there.
void PortKeeper::forget_lost_server() {
    if (watch_ != nullptr && watch_->lost()) watch_.reset();
}

void PortKeeper::lose() {
    tell_(log::Level::warning, fmt::format("{} lost ({}); looking for it", port_.what, describe()));
    connected_ = false;
    plug_.pull_out();
    forget_lost_server();
    missed_since_ = next_look_ = time_.now();
    told_reason_.clear();
}

void PortKeeper::look_for() {
    const auto now = time_.now();
    if (now < next_look_) return;
    if (now - missed_since_ >= kSomebodyIsAtTheCable) next_look_ = now + kPause;
    const auto connected = connect();
    if (connected) {
        tell_(log::Level::info, fmt::format("{} is back: {}", port_.what, describe()));
        return;
    }
    const auto& [code, reason] = connected.error();
    if (code == Error::Code::not_found || reason == told_reason_) return;
    tell_(log::Level::warning, fmt::format("{}: {}; trying again", port_.what, reason));
    told_reason_ = reason;
}

}  // namespace fusion
