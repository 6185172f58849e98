// Any bytes from a TCP connection to the web port, as a request or behind a WebSocket's handshake,
// where the first byte says which. Whatever came, the server has no connection left once the client
// has gone, and no value has left its range.
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "engine/base/log.hpp"
#include "engine/base/time_source.hpp"
#include "osc/oscquery_server.hpp"

namespace {

using namespace fusion;
using boost::asio::ip::tcp;

// It stays over all inputs: what one has set, the next one finds.
struct Served {
    boost::asio::io_context io{1};
    SimulatedTime time;
    ParamStore params{{"jazz", "pop"}, time};
    ActionDesk actions{params};
    OscNamespace names{params, actions};
    std::unique_ptr<OscQueryServer> server;

    Served() {
        log::set_level(log::Level::error);
        auto opened = OscQueryServer::open(io, "127.0.0.1", 0, {"fuzzed", "1", "127.0.0.1", 9700},
                                           params, names);
        if (!opened) std::abort();
        server = std::move(*opened);
        params.on_change([this](const ParamSnapshot&) { server->publish_changes(); });
    }

    // Until nothing is ready.
    void run() {
        for (int idle = 0; idle < 3;) {
            io.restart();
            idle = io.poll() == 0 ? idle + 1 : 0;
            server->turn();
        }
    }
    void take(const std::string& bytes) {
        tcp::socket client{io};
        boost::system::error_code error;
        client.connect({boost::asio::ip::make_address("127.0.0.1"), server->port()}, error);
        if (error) std::abort();
        // No connection is left waiting for its port's time.
        client.set_option(boost::asio::socket_base::linger{true, 0});
        run();
        boost::asio::write(client, boost::asio::buffer(bytes), error);
        run();
        client.close(error);
        for (int i = 0; server->http().connections() + server->http().websockets() > 0; ++i) {
            run();
            if (i > 200'000) std::abort();
        }
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    constexpr std::size_t kMost = 16384;  // what a socket's buffer takes at once
    if (size == 0 || size > kMost) return 0;
    static Served served;
    std::string text;
    if (bytes[0] % 2 == 1)
        text =
            "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    text.append(reinterpret_cast<const char*>(bytes) + 1, size - 1);
    served.take(text);
    for (ParameterIndex c = 0; c < served.params.parameters().size(); ++c) {
        const auto& row = served.params.parameters()[c];
        const double value = served.params.value(c);
        if (!(value >= row.minimum && value <= row.maximum)) std::abort();
    }
    return 0;
}
