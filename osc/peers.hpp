// Who may come in over UDP, and how much goes back to whom. The sender's address of a datagram can
// be forged, and who is sent more than was sent in another's name is attacked by us. So:
//
//   - who is not in the allow list is not even read;
//   - who has not shown that it hears us gets at most kOutOverIn times the bytes of its message
//     back, and no stream. It is asked instead: /fusiond/hello s cookie. Sending that back as it
//     came is the proof, for that address and port, for kProofHolds;
//   - a stream asks again long before, and ends when nobody answers: forged packets renew nothing;
//   - even then one address gets at most kBytesASecond.
//
// This machine's own programs need none of it and are told all, as ever.
// Thread: control. Errors: none.
#pragma once

#include <functional>
#include <map>

#include "engine/base/units.hpp"
#include "osc/cookie.hpp"
#include "osc/message.hpp"
#include "osc/udp_port.hpp"

namespace fusion {

struct OscAccess {
    using Test = std::function<bool(const boost::asio::ip::address&)>;
    Test lets_in;  // beside this machine; none: everybody
    Test is_own;   // none: loopback
};

inline constexpr std::string_view kHelloPath = "/fusiond/hello";

// 127.0.0.1 and ::1, also as ::ffff:127.0.0.1.
[[nodiscard]] bool is_loopback_address(const boost::asio::ip::address& address);

class OscPeers {
public:
    static constexpr std::size_t kOutOverIn = 3;
    static constexpr Nanos kProofHolds = std::chrono::minutes{10};
    static constexpr Nanos kAskAgain = std::chrono::minutes{3};  // after the last proof
    static constexpr Nanos kAskEvery = std::chrono::seconds{20};
    static constexpr std::size_t kMost = 256;  // proofs that are kept
    static constexpr std::size_t kMostOfOne = 16;
    static constexpr double kBytesASecond = 256.0 * 1024.0;

    explicit OscPeers(OscAccess access) : access_{std::move(access)} {}

    [[nodiscard]] bool is_own(const UdpPeer& peer) const;
    [[nodiscard]] bool lets_in(const UdpPeer& peer) const;
    [[nodiscard]] bool hears_us(const UdpPeer& peer, TimePoint now) const;
    // The question.
    [[nodiscard]] OscMessage hello(const UdpPeer& peer, TimePoint now) const;
    // Whether this is an answer to it.
    bool prove(const UdpPeer& peer, std::string_view cookie, TimePoint now);
    // Whether it is time to ask a listener again.
    bool should_ask(const UdpPeer& peer, TimePoint now);
    // Whether so many bytes may go there now; of one that hears us.
    bool take(const UdpPeer& peer, std::size_t bytes, TimePoint now);

private:
    struct Proof {
        TimePoint at;
        TimePoint asked;
    };
    struct Purse {
        double bytes = kBytesASecond;
        TimePoint filled;
    };
    OscAccess access_;
    CookieJar cookies_;
    std::map<UdpPeer, Proof> proofs_;
    std::map<boost::asio::ip::address, Purse> purses_;
};

}  // namespace fusion
