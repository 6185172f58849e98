// Everything through which others reach in over the network: OSC over UDP, OSCQuery over HTTP and
// WebSocket, the web panel there, and their names in the local network.
// Thread: control. Errors: open() says what OSC could not have; OSCQuery and the names are told and
// done without, for the music needs neither.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "config/config.hpp"
#include "daemon/health.hpp"
#include "daemon/panel/panel.hpp"
#include "daemon/system/zeroconf.hpp"
#include "osc/oscquery_server.hpp"
#include "osc/server.hpp"

namespace fusion {

class Surfaces {
public:
    // All references outlive it.
    static Result<std::unique_ptr<Surfaces>> open(boost::asio::io_context& io, const Config& config,
                                                  ParamStore& params, ActionDesk& actions,
                                                  const EngineMeters& meters, TimeSource& time);
    Surfaces(const Surfaces&) = delete;
    Surfaces& operator=(const Surfaces&) = delete;

    // For verbs of the daemon's own.
    [[nodiscard]] OscNamespace& names() { return osc_->names(); }

    using Names = std::function<std::vector<std::string>()>;
    // What /fusiond/scene/list answers, and which of these can be deleted; and that they are others
    // now.
    void list_scenes(Names names, Names saved);
    void scenes_changed();

    // What only the panel tells: output and bundle. The rest of the facts is known here.
    void tell_panel(Panel::Facts facts) { facts_ = std::move(facts); }

    // /healthz and /metrics, where there is a web server; `outputs` tells of those alone.
    void show_health(const EngineMeters& meters, const ParamStore& params, Health::Facts outputs);
    // Each second.
    void look_after(TimePoint now);

    void publish(const PlayedEvent& event) { osc_->publish(event); }
    // What comes next: whether anybody wants to see it, and how it is, each turn.
    [[nodiscard]] bool wants_planned() const { return osc_->wants_planned(); }
    OscStreams::More publish_planned(const PlannedTail& tail) {
        return osc_->publish_planned(tail);
    }
    void publish_changes();
    void publish_scene(const std::string& name, double progress);
    void publish_chord(const std::string& chord) { osc_->publish_chord(chord); }
    void publish_section(const std::string& section) { osc_->publish_section(section); }
    void publish_tape(const OscMessage& tape) { osc_->publish_tape(tape); }
    // More of the web server, where there is one.
    void add_route(HttpRoute route);
    void publish_learned(const std::string& path, const std::string& news);
    // Each 10 ms.
    void turn();

    // "OSC on 127.0.0.1:9700, OSCQuery on 127.0.0.1:9701".
    [[nodiscard]] std::string describe() const;
    // Where the panel is, in words, and what a browser of this machine is given; empty where there
    // is none.
    [[nodiscard]] std::string describe_panel() const;
    [[nodiscard]] std::string panel_url() const;
    [[nodiscard]] std::uint16_t osc_port() const { return osc_->port(); }

private:
    explicit Surfaces(const Config& config) : config_{config} {}
    void open_oscquery(boost::asio::io_context& io, ParamStore& params);
    void advertise(boost::asio::io_context& io);
    void open_panel();
    [[nodiscard]] PanelFacts facts() const;

    const Config& config_;
    Names scenes_, saved_scenes_;
    Panel::Facts facts_;
    std::unique_ptr<Panel> panel_;
    std::unique_ptr<Health> health_;  // null: nobody could ask
    std::unique_ptr<OscServer> osc_;
    std::unique_ptr<OscQueryServer> oscquery_;  // null: off, or its port is taken
    std::unique_ptr<Zeroconf> names_;           // null: nobody else could reach us
};

}  // namespace fusion
