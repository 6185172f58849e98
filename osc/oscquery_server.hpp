// OSCQuery: the tree over HTTP, and over WebSocket the values that are listened to.
//
//   GET /path, GET /path?ATTRIBUTE, GET ?HOST_INFO      oscquery.hpp; a browser may get a page
//   text to us    {"COMMAND": "LISTEN" | "IGNORE", "DATA": "/fusiond/tempo"}
//   text from us  {"COMMAND": "PATH_CHANGED" | "PATH_ADDED" | "PATH_REMOVED", "DATA": path}
//   binary        OSC packets, both ways: what comes in is done as if it came over UDP, at once
//                 whatever its time tag says, a message at a time (fair_work.hpp), as fast as its
//                 answers are taken, and the next is read when it is done; answers and /fail go
//                 back over the same socket
//
// LISTEN to a parameter is answered with its value, then with each change that a turn() finds; a
// change by the listener itself too. LISTEN to a stream brings each of its messages. A command that
// cannot be done is answered by /fail. /notify and /fusiond/subscribe are for UDP and refused here.
// A slow reader gets every path's newest value in the end (websocket_outbox.hpp).
// Thread: control. Errors: open() says unavailable or malformed; later ones go to the client.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "osc/fair_work.hpp"
#include "osc/namespace.hpp"
#include "osc/oscquery.hpp"
#include "osc/web/http_server.hpp"

namespace fusion {

class OscQueryServer {
public:
    // All references outlive the server. `port` 0 takes any free one.
    static Result<std::unique_ptr<OscQueryServer>> open(
        boost::asio::io_context& io, const std::string& address, std::uint16_t port,
        OscQueryIdentity identity, ParamStore& params, OscNamespace& names, HttpLimits limits = {},
        HttpAccess access = {});
    ~OscQueryServer();
    OscQueryServer(const OscQueryServer&) = delete;
    OscQueryServer& operator=(const OscQueryServer&) = delete;

    // Something in the store is new: the next turn() looks what.
    void publish_changes() { changed_ = Changed::yes; }
    // One message of a stream, to who listens to its path.
    void publish(const OscMessage& message);
    // The same of what stays in force, and is the path's VALUE until the next.
    void publish_lasting(const OscMessage& message);
    // The same where only the last one matters: it takes the place of one that still waits.
    void publish_latest(const OscMessage& message);
    // Who is told of each LISTEN to a stream.
    void on_listen(std::function<void(std::string_view path)> listener) {
        on_listen_ = std::move(listener);
    }
    // Whether anybody does: who makes streams need not make them for nobody.
    [[nodiscard]] bool wants(std::string_view path) const;
    // Sends what has changed. Cheap where nothing has.
    void turn();

    // The catalogue says something else about this path and what is below it: everybody is told to
    // ask again. Added and removed are for a single path.
    enum class PathNews : std::uint8_t { changed, added, removed };
    void path_changed(const std::string& path, PathNews news = PathNews::changed);
    // The texts that a path's first argument can be now, as its RANGE: the scenes there are.
    void words_are(const std::string& path, std::vector<std::string> words);

    // What a browser gets that asks for a page (wants_page) where the tree has none: at "/", and at
    // paths that there are not. Without one it gets the tree as anybody.
    void show_pages(HttpRoute::Answer pages) { pages_ = std::move(pages); }
    // For a web panel's routes.
    [[nodiscard]] HttpServer& http() { return *http_; }
    [[nodiscard]] std::uint16_t port() const { return http_->port(); }
    [[nodiscard]] std::size_t listeners() const { return clients_.size(); }

private:
    struct Client {
        std::shared_ptr<WebSocketLink> link;
        std::set<std::string, std::less<>> listens_to;
        std::uint64_t number = 0;
        // What is left of the frame that is being done.
        std::vector<TimedOscMessage> left{};
        std::size_t next = 0;
        enum class Doing : std::uint8_t { nothing, waits_for_room, goes_on };
        Doing doing = Doing::nothing;
    };
    using ClientPlace = std::list<Client>::iterator;
    enum class Changed : std::uint8_t { no, yes };

    OscQueryServer(boost::asio::io_context& io, std::unique_ptr<HttpServer> http,
                   OscQueryIdentity identity, ParamStore& params, OscNamespace& names);
    [[nodiscard]] HttpAnswer answer(const HttpRequest& request) const;
    void welcome(std::shared_ptr<WebSocketLink> link);
    void take_command(Client& client, std::string_view text);
    void take_packet(Client& client, std::span<const std::uint8_t> packet);
    void go_on(Client& client);
    FairWork::Left do_next(Client& client);
    void perform(const OscMessage& message, const OscReply& reply);
    [[nodiscard]] std::vector<double> values() const;
    [[nodiscard]] OscQueryTree grow_tree() const;

    std::unique_ptr<HttpServer> http_;
    OscQueryIdentity identity_;
    ParamStore& params_;
    OscNamespace& names_;
    std::map<std::string, std::vector<std::string>> words_;
    OscQueryTree tree_;
    HttpRoute::Answer pages_;
    std::list<Client> clients_;
    std::uint64_t came_ = 0;  // clients so far
    FairWork work_;
    std::function<void(std::string_view)> on_listen_;
    std::vector<double> told_;  // by parameter
    Changed changed_ = Changed::no;
};

}  // namespace fusion
