#include "daemon/surfaces.hpp"

#include <fmt/format.h>

#include "daemon/access.hpp"
#include "engine/base/log.hpp"

namespace fusion {

Result<std::unique_ptr<Surfaces>> Surfaces::open(boost::asio::io_context& io, const Config& config,
                                                 ParamStore& params, ActionDesk& actions,
                                                 const EngineMeters& meters, TimeSource& time) {
    auto osc = OscServer::open(io, config.osc.bind, config.osc.port, FUSION_VERSION, params,
                               actions, meters, time, wall_clock_now, osc_access(config.osc));
    if (!osc) return tl::unexpected{osc.error()};
    std::unique_ptr<Surfaces> surfaces{new Surfaces{config}};
    surfaces->osc_ = std::move(*osc);
    for (const auto& warning : open_doors(config)) log::warning("{}", warning);
    if (config.oscquery.on) surfaces->open_oscquery(io, params);
    surfaces->advertise(io);
    return surfaces;
}

void Surfaces::open_oscquery(boost::asio::io_context& io, ParamStore& params) {
    const auto& wanted = config_.oscquery;
    auto server = OscQueryServer::open(io, wanted.bind, wanted.port,
                                       {.name = zeroconf_name(),
                                        .version = FUSION_VERSION,
                                        .osc_address = config_.osc.bind,
                                        .osc_port = osc_->port(),
                                        .welcome = wanted.origins},
                                       params, osc_->names(), {}, http_access(wanted));
    if (!server) {
        log::warning("no OSCQuery: {}", server.error().message);
        return;
    }
    oscquery_ = std::move(*server);
    osc_->also_to({.send =
                       [this](OscStream stream, const OscMessage& message) {
                           if (stream == OscStream::planned || stream == OscStream::tape)
                               oscquery_->publish_latest(message);
                           else if (stream == OscStream::chord || stream == OscStream::section)
                               oscquery_->publish_lasting(message);
                           else
                               oscquery_->publish(message);
                       },
                   .wants = [this](std::string_view path) { return oscquery_->wants(path); }});
    oscquery_->on_listen([this](std::string_view path) { osc_->somebody_listens_to(path); });
    open_panel();
}

void Surfaces::open_panel() {
    panel_ = std::make_unique<Panel>([this] { return facts(); });
    const auto pages = [this](const HttpRequest& request) { return panel_->answer(request); };
    oscquery_->show_pages(pages);
    oscquery_->http().add({.prefix = "/panel", .answer = pages});
}

void Surfaces::show_health(const EngineMeters& meters, const ParamStore& params,
                           Health::Facts outputs) {
    if (!oscquery_) return;
    health_ = std::make_unique<Health>(meters, params, [this, outputs = std::move(outputs)] {
        auto facts = outputs();
        facts.version = FUSION_VERSION;
        facts.counters.emplace_back("osc_malformed", osc_->malformed());
        facts.counters.emplace_back("osc_left_undone", osc_->left_undone());
        facts.counters.emplace_back("osc_turned_away", osc_->turned_away());
        facts.counters.emplace_back("osc_withheld", osc_->withheld());
        return facts;
    });
    auto& http = oscquery_->http();
    http.add({.prefix = "/healthz",
              .answer = [this](const HttpRequest&) { return health_->healthz(); }});
    http.add({.prefix = "/metrics",
              .answer = [this](const HttpRequest&) { return health_->metrics(); }});
}

void Surfaces::add_route(HttpRoute route) {
    if (oscquery_) oscquery_->http().add(std::move(route));
}

void Surfaces::look_after(TimePoint now) {
    if (health_) health_->look(now);
}

PanelFacts Surfaces::facts() const {
    auto facts = facts_ ? facts_() : PanelFacts{};
    facts.version = FUSION_VERSION;
    facts.name = zeroconf_name();
    facts.osc = fmt::format("{}:{}", config_.osc.bind, osc_->port());
    facts.panels = oscquery_->http().websockets();
    facts.most_panels = HttpLimits{}.websockets;
    facts.cpu = cpu_time();
    return facts;
}

void Surfaces::advertise(boost::asio::io_context& io) {
    if (!config_.oscquery.advertise) return;
    const ZeroconfBinds binds{.osc_address = config_.osc.bind,
                              .osc_port = osc_->port(),
                              .oscquery_address = config_.oscquery.bind,
                              .oscquery_port = oscquery_ ? oscquery_->port() : std::uint16_t{0}};
    names_ = std::make_unique<Zeroconf>(io, zeroconf_name(), advertised(binds));
}

void Surfaces::list_scenes(Names names, Names saved) {
    scenes_ = std::move(names);
    saved_scenes_ = std::move(saved);
    osc_->names().add_verb("/fusiond/scene/list", [this](const OscMessage&, const OscReply& reply) {
        OscMessage list{"/fusiond/scene/list.reply", {}};
        for (auto& name : scenes_()) list.args.emplace_back(std::move(name));
        reply(list);
    });
    scenes_changed();
}

void Surfaces::scenes_changed() {
    if (!oscquery_) return;
    const auto can_be = [this](ActionId action, std::vector<std::string> names) {
        oscquery_->words_are(fmt::format("{}/{}", kOscRoot, spec(action).name), std::move(names));
    };
    can_be(ActionId::scene_recall, scenes_());
    can_be(ActionId::scene_delete, saved_scenes_());
}

void Surfaces::publish_changes() {
    osc_->publish_changes();
    if (oscquery_) oscquery_->publish_changes();
}

void Surfaces::publish_scene(const std::string& name, double progress) {
    osc_->publish_scene(name, progress);
}

void Surfaces::publish_learned(const std::string& path, const std::string& news) {
    osc_->publish_learned(fmt::format("{}/{}", kOscRoot, path), news);
}

void Surfaces::turn() {
    osc_->turn();
    if (oscquery_) oscquery_->turn();
}

std::string Surfaces::describe() const {
    auto text = fmt::format("OSC on {}:{}", config_.osc.bind, osc_->port());
    if (oscquery_)
        text += fmt::format(", OSCQuery on {}:{}", config_.oscquery.bind, oscquery_->port());
    return text;
}

std::string Surfaces::panel_url() const {
    return oscquery_ ? fusion::panel_url(config_.oscquery.bind, oscquery_->port()) : std::string{};
}

std::string Surfaces::describe_panel() const {
    return oscquery_ ? panel_address(config_.oscquery.bind, oscquery_->port()) : std::string{};
}

}  // namespace fusion
