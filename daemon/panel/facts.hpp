// What the about page and the meters show that has no OSC path, as one JSON object.
// Thread: control. Errors: none; a record that is no JSON is left out.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace fusion {

struct PanelFacts {
    std::string version;
    std::string name;    // "fusiond on studio"
    std::string output;  // where the music goes, in words
    std::string osc;     // "127.0.0.1:9700"
    std::string bundle_file;
    std::string bundle_record;  // JSON, as the bundle has it
    std::vector<std::string> genres;
    std::size_t panels = 0;  // WebSockets that are open
    std::size_t most_panels = 0;
    std::chrono::microseconds cpu{0};  // that the process has used
    std::chrono::microseconds up{0};   // that it has run
};

// {"name", "version", "output", "osc", "genres", "panels", "most_panels", "cpu_seconds",
// "up_seconds", "bundle": {"file", "made", "preset", "licence", "pieces": {genre: {"training",
// ...}}, "cross_entropy": {genre: nats on the validation pieces}}}. Of the bundle what its record
// says.
[[nodiscard]] std::string as_json(const PanelFacts& facts);

// CPU time of this process so far.
[[nodiscard]] std::chrono::microseconds cpu_time();

// What a browser of this machine is given to find the panel of a server bound so:
// "http://127.0.0.1:9701/".
[[nodiscard]] std::string panel_url(const std::string& bind, std::uint16_t port);
// The same in words, with what another device is given where the server is bound to the network.
[[nodiscard]] std::string panel_address(const std::string& bind, std::uint16_t port);

}  // namespace fusion
