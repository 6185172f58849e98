#include "osc/oscquery_server.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/realtime_contract.hpp"
#include "osc/message.hpp"
#include "osc/peers.hpp"

namespace fusion {
namespace {

// Of FairWork's numbers: WebSockets are counted from 1.
constexpr std::uint64_t kConnections = std::uint64_t{1} << 63U;

WebSocketFrame frame_of(const OscMessage& message, std::string about) {
    return {WebSocketFrame::Kind::binary, encode_osc(message), std::move(about)};
}

void answer_over(WebSocketLink& link, const OscMessage& message) {
    link.send(frame_of(message, {}));
}

// They are about whoever sent the last datagram.
bool is_for_udp(const std::string& path) {
    return path == "/notify" || path == "/dumpOSC" || path == kHelloPath ||
           path.starts_with(fmt::format("{}/subscribe", kOscRoot));
}

struct SocketCommand {
    std::string name;
    std::string path;
};

Result<SocketCommand> parse_command(std::string_view text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object())
        return fail(Error::Code::malformed,
                    R"(text here is JSON: {"COMMAND": "LISTEN", "DATA": "/fusiond/tempo"})");
    const auto name = json.find("COMMAND");
    const auto path = json.find("DATA");
    if (name == json.end() || !name->is_string() || path == json.end() || !path->is_string())
        return fail(Error::Code::malformed, "COMMAND and DATA must be there, as text");
    return SocketCommand{name->get<std::string>(), path->get<std::string>()};
}

}  // namespace

Result<std::unique_ptr<OscQueryServer>> OscQueryServer::open(
    boost::asio::io_context& io, const std::string& address, std::uint16_t port,
    OscQueryIdentity identity, ParamStore& params, OscNamespace& names, HttpLimits limits,
    HttpAccess access) {
    auto http = HttpServer::open(io, address, port, fmt::format("fusiond/{}", identity.version),
                                 limits, identity.welcome, std::move(access));
    if (!http) return tl::unexpected{http.error()};
    return std::unique_ptr<OscQueryServer>{
        new OscQueryServer{io, std::move(*http), std::move(identity), params, names}};
}

OscQueryServer::OscQueryServer(boost::asio::io_context& io, std::unique_ptr<HttpServer> http,
                               OscQueryIdentity identity, ParamStore& params, OscNamespace& names)
    : http_{std::move(http)},
      identity_{std::move(identity)},
      params_{params},
      names_{names},
      tree_{osc_catalogue(params.genres()), params},
      work_{io},
      told_{values()} {
    http_->add({"/", [this](const HttpRequest& request) { return answer(request); },
                [this](std::shared_ptr<WebSocketLink> link) { welcome(std::move(link)); }});
    // Each connection has one request at a time: there is room for it.
    http_->in_turns([this](HttpTurn turn) {
        work_.add_bounded({turn.of, kConnections + turn.connection}, [take = std::move(turn.take)] {
            take();
            return FairWork::Left::nothing;
        });
    });
}

OscQueryServer::~OscQueryServer() {
    for (auto& client : clients_) {
        client.link->receive({});
        client.link->close();
    }
}

HttpAnswer OscQueryServer::answer(const HttpRequest& request) const {
    expect_thread(ThreadRole::control);
    if (pages_ && wants_page(request) && request.query.empty() &&
        (request.path == "/" || tree_.find(request.path) == nullptr))
        return pages_(request);
    OscQueryAnswer said;
    if (request.query == "HOST_INFO")
        said.body = host_info(identity_, request.local_address, http_->port());
    else
        said = tree_.answer(request.path, request.query);
    auto answer = said.status < 300
                      ? HttpAnswer{said.status, said.body.empty() ? "" : "application/json",
                                   std::move(said.body)}
                      : http_refusal(said.status, said.body);
    answer.fields.emplace_back("Cache-Control", "no-store");
    answer.fields.emplace_back("Vary", "Accept");
    return answer;
}

void OscQueryServer::welcome(std::shared_ptr<WebSocketLink> link) {
    expect_thread(ThreadRole::control);
    clients_.push_back({std::move(link), {}, ++came_});
    const auto place = std::prev(clients_.end());
    place->link->receive(
        {.text = [this, place](std::string_view text) { take_command(*place, text); },
         .binary = [this,
                    place](std::span<const std::uint8_t> packet) { take_packet(*place, packet); },
         .closed =
             [this, place] {
                 work_.forget({place->link->peer(), place->number});
                 clients_.erase(place);
             },
         .room =
             [this, place] {
                 if (place->doing == Client::Doing::waits_for_room) go_on(*place);
             }});
}

void OscQueryServer::take_command(Client& client, std::string_view text) {
    const auto command = parse_command(text);
    if (!command) return answer_over(*client.link, osc_fail({}, command.error().message));
    const auto& [name, path] = *command;
    if (name == "IGNORE") {
        const auto* node = tree_.find(path);
        client.listens_to.erase(node == nullptr ? path : node->path);
        return;
    }
    if (name != "LISTEN")
        return answer_over(*client.link,
                           osc_fail(path, "the commands are LISTEN and IGNORE, not " + name));
    const auto* node = tree_.find(path);
    if (node == nullptr || (node->parameters.empty() && !node->is_stream()))
        return answer_over(*client.link,
                           osc_fail(path, node == nullptr ? "LISTEN: there is no such path"
                                                          : "LISTEN: this path has no value"));
    client.listens_to.insert(node->path);
    if (!node->parameters.empty())
        client.link->send_latest(frame_of(tree_.value_of(*node), node->path));
    if (node->is_stream() && on_listen_) on_listen_(node->path);
}

void OscQueryServer::take_packet(Client& client, std::span<const std::uint8_t> packet) {
    // Who answers may do so later, when the socket has gone.
    const OscReply reply = [link = std::weak_ptr{client.link}](const OscMessage& answer) {
        if (const auto open = link.lock()) answer_over(*open, answer);
    };
    auto messages = decode_osc(packet);
    if (!messages) return reply(osc_fail(osc_path_of(packet), messages.error().message));
    if (messages->empty()) return;
    if (messages->size() == 1) return perform(messages->front(), reply);
    client.link->hold();
    client.left = std::move(*messages);
    client.next = 0;
    go_on(client);
}

// Nothing else waits of a client that is held: there is room for its one task. It is forgotten when
// the client goes.
void OscQueryServer::go_on(Client& client) {
    client.doing = Client::Doing::goes_on;
    work_.add_bounded({client.link->peer(), client.number},
                      [this, &client] { return do_next(client); });
}

FairWork::Left OscQueryServer::do_next(Client& client) {
    if (client.link->is_full()) {
        client.doing = Client::Doing::waits_for_room;
        return FairWork::Left::nothing;
    }
    const auto link = client.link;  // a message may end it, and the client with it
    const std::weak_ptr here{link};
    const auto message = std::move(client.left[client.next++]);
    const bool last = client.next == client.left.size();
    if (last) {
        client.doing = Client::Doing::nothing;
        client.left.clear();
    }
    perform(message, [here](const OscMessage& answer) {
        if (const auto open = here.lock()) answer_over(*open, answer);
    });
    if (last) link->go_on();
    return last ? FairWork::Left::nothing : FairWork::Left::more;
}

void OscQueryServer::perform(const OscMessage& message, const OscReply& reply) {
    if (is_for_udp(names_.path_meant(message.path)))
        reply(osc_fail(message.path, "this is for UDP; over WebSocket, LISTEN begins a stream"));
    else
        names_.handle(message, reply);
}

bool OscQueryServer::wants(std::string_view path) const {
    return std::any_of(clients_.begin(), clients_.end(),
                       [&](const Client& client) { return client.listens_to.contains(path); });
}

void OscQueryServer::publish(const OscMessage& message) {
    expect_thread(ThreadRole::control);
    if (!wants(message.path)) return;
    const auto frame = frame_of(message, message.path);
    for (auto& client : clients_)
        if (client.listens_to.contains(message.path)) client.link->send(frame);
}

void OscQueryServer::publish_lasting(const OscMessage& message) {
    if (!message.args.empty()) tree_.said(message.path, message.args.front());
    publish(message);
}

void OscQueryServer::publish_latest(const OscMessage& message) {
    if (!wants(message.path)) return;
    const auto frame = frame_of(message, message.path);
    for (auto& client : clients_)
        if (client.listens_to.contains(message.path)) client.link->send_latest(frame);
}

std::vector<double> OscQueryServer::values() const {
    std::vector<double> all(params_.parameters().size());
    for (ParameterIndex c = 0; c < all.size(); ++c) all[c] = params_.value(c);
    return all;
}

void OscQueryServer::turn() {
    expect_thread(ThreadRole::control);
    if (changed_ == Changed::no) return;
    changed_ = Changed::no;
    auto now = values();
    for (const auto& [path, node] : tree_.nodes()) {
        const bool is_new = std::any_of(
            node.parameters.begin(), node.parameters.end(),
            [&](ParameterIndex parameter) { return now[parameter] != told_[parameter]; });
        // A stream of the same path says what is in force, and when.
        if (!is_new || node.is_stream()) continue;
        std::optional<WebSocketFrame> frame;
        for (auto& client : clients_) {
            if (!client.listens_to.contains(path)) continue;
            if (!frame) frame = frame_of(tree_.value_of(node), path);
            client.link->send_latest(*frame);
        }
    }
    told_ = std::move(now);
}

OscQueryTree OscQueryServer::grow_tree() const {
    auto entries = osc_catalogue(params_.genres());
    for (auto& entry : entries)
        if (const auto known = words_.find(entry.path);
            known != words_.end() && !entry.arguments.empty())
            entry.arguments[0].words = known->second;
    return OscQueryTree{entries, params_};
}

void OscQueryServer::words_are(const std::string& path, std::vector<std::string> words) {
    expect_thread(ThreadRole::control);
    words_[path] = std::move(words);
    path_changed(path);
}

void OscQueryServer::path_changed(const std::string& path, PathNews news) {
    expect_thread(ThreadRole::control);
    auto grown = grow_tree();
    grown.said_like(tree_);
    tree_ = std::move(grown);
    constexpr std::array<const char*, 3> kNames{"PATH_CHANGED", "PATH_ADDED", "PATH_REMOVED"};
    const nlohmann::ordered_json json{{"COMMAND", kNames[static_cast<std::size_t>(news)]},
                                      {"DATA", path}};
    const auto text = json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    for (auto& client : clients_) {
        // A method that is gone is listened to no more.
        std::erase_if(client.listens_to,
                      [&](const auto& listened) { return tree_.find(listened) == nullptr; });
        client.link->send_latest({WebSocketFrame::Kind::text, {text.begin(), text.end()}, text});
    }
}

}  // namespace fusion
