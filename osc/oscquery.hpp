// What OSCQuery says about this daemon: the tree of every path with its type, range, unit and
// value, as JSON. Made from the catalogue and the store; no sockets. The proposal is
// https://github.com/Vidvox/OSCQueryProposal.
//
//   parameters     ACCESS 3, VALUE, RANGE, UNIT, CLIPMODE both: what is out of range is clamped
//   weights        the same, one value for each genre
//   actions, verbs ACCESS 2; an action without an argument is a button, TYPE i: 1 does it, 0 (its
//                  release) nothing
//   streams        ACCESS 1; no VALUE until one is sent: they are for LISTEN; of /fusiond/chord and
//                  /fusiond/section the last, which stays in force
//
// TYPE holds what must be given, or the first of what may; longer forms are OVERLOADS. Both /a and
// /a/b can be paths: a node then has a TYPE and CONTENTS.
// Where the proposal contradicts itself: an attribute of the proposal that the node lacks is
// answered with 204, but TYPE of a container and VALUE of a stream with {}; a word that is no
// attribute with 400. Thread: control. Errors: in the answer's status.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/params/store.hpp"
#include "osc/catalogue.hpp"

namespace fusion {

struct OscQueryIdentity {
    std::string name;         // "fusiond on studio"
    std::string version;      // of the daemon
    std::string osc_address;  // that OSC over UDP is bound to
    std::uint16_t osc_port = 0;
    std::vector<std::string> welcome{};  // origins of pages beside our own (web/http_origin.hpp)
};

struct OscQueryAnswer {
    unsigned status = 200;
    std::string body;  // JSON; of a refusal the reason
};

class OscQueryTree {
public:
    struct Node {
        std::string path;
        std::string name;                        // its last part
        std::vector<OscEntry> entries;           // none: a container; more than one: also a stream
        std::vector<ParameterIndex> parameters;  // whose values are its VALUE
        std::vector<const Node*> contents;

        [[nodiscard]] bool is_stream() const;
        [[nodiscard]] bool is_writable() const;
    };

    // `entries` as osc_catalogue() makes them; a <genre> in them is one for each genre, what has
    // another placeholder is left out. The store outlives the tree.
    OscQueryTree(const std::vector<OscEntry>& entries, const ParamStore& params);
    OscQueryTree(OscQueryTree&&) = default;
    OscQueryTree& operator=(OscQueryTree&&) = default;

    [[nodiscard]] const Node* find(std::string_view path) const;
    [[nodiscard]] const std::map<std::string, Node, std::less<>>& nodes() const { return nodes_; }

    // GET <path>, GET <path>?<query>.
    [[nodiscard]] OscQueryAnswer answer(std::string_view path, std::string_view query) const;

    // What a stream has said last, for the next who asks for its VALUE.
    void said(std::string path, OscArg value) { said_[std::move(path)] = std::move(value); }
    void said_like(const OscQueryTree& other) { said_ = other.said_; }
    [[nodiscard]] const OscArg* last_said(std::string_view path) const;

    // The message that says a node's value; one without arguments where it has none.
    [[nodiscard]] OscMessage value_of(const Node& node) const;

private:
    void add(const OscEntry& entry);

    const ParamStore* params_;
    std::map<std::string, Node, std::less<>> nodes_;
    std::map<std::string, OscArg, std::less<>> said_;
};

// ?HOST_INFO. `local_address`: where the request came to, which is where OSC is too if that is
// bound to every address.
[[nodiscard]] std::string host_info(const OscQueryIdentity& identity,
                                    const std::string& local_address, std::uint16_t port);

// Our unit in the proposal's words where it has one: "bpm" is "time.bpm".
[[nodiscard]] std::string oscquery_unit(std::string_view unit);

}  // namespace fusion
