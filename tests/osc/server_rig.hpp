// The server over loopback with two clients: liblo's own, and a bare socket for what liblo would
// not send. Time and the wall clock stand still until a test moves them.
#pragma once

#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lo/lo.h>

#include "osc/server.hpp"
#include "tests/osc/osc_bytes.hpp"

namespace fusion {

inline constexpr lo_timetag kAtOnce{0U, 1U};  // LO_TT_IMMEDIATE is C99

// liblo's names are pointers, to void before 0.32.
struct FreeAddress {
    void operator()(lo_address address) const { lo_address_free(address); }
};
struct FreeServer {
    void operator()(lo_server server) const { lo_server_free(server); }
};

class ServerRig : public testing::Test {
protected:
    using Millis = std::chrono::milliseconds;

    void SetUp() override {
        auto opened = OscServer::open(
            io_, "127.0.0.1", 0, "1.2.3", params_, actions_, meters_, time_,
            [this] { return wall_; }, access_);
        ASSERT_TRUE(opened) << opened.error().message;
        server_ = std::move(*opened);
        params_.on_change([this](const ParamSnapshot&) { server_->publish_changes(); });
        client_.reset(lo_server_new(nullptr, nullptr));
        ASSERT_NE(client_, nullptr);
        lo_server_add_method(client_.get(), nullptr, nullptr, &ServerRig::keep, this);
        target_.reset(lo_address_new("127.0.0.1", std::to_string(server_->port()).c_str()));
        to_ = {boost::asio::ip::make_address("127.0.0.1"), server_->port()};
        bare_.bind({boost::asio::ip::make_address("127.0.0.1"), 0});
        bare_.non_blocking(true);
    }

    template <class Number>
    static Number* copied(Number* to, const void* from) {
        std::memcpy(to, from, sizeof *to);
        return to;
    }

    static int keep(const char* path, const char* types, lo_arg** args, int count, lo_message,
                    void* self) {
        std::string line = path;
        for (int i = 0; i < count; ++i) {
            const void* arg = args[i];  // lo_arg wants 8 bytes of alignment and OSC gives 4
            std::int32_t whole = 0;
            float real = 0.0F;
            if (types[i] == 'i') line += fmt::format(" {}", *copied(&whole, arg));
            if (types[i] == 'f') line += fmt::format(" {:.1f}", *copied(&real, arg));
            if (types[i] == 's') line += fmt::format(" {}", static_cast<const char*>(arg));
        }
        static_cast<ServerRig*>(self)->heard_.push_back(line);
        return 0;
    }

    template <class... Args>
    void post(const char* path, const char* types, Args... args) {
        lo_send_from(target_.get(), client_.get(), kAtOnce, path, types, args..., LO_ARGS_END);
    }
    template <class... Args>
    void send(const char* path, const char* types, Args... args) {
        post(path, types, args...);
        sync();
    }

    // Everything sent so far has been looked at, and every answer has come, once /synced is back:
    // the port keeps the order.
    void sync() {
        const std::string mark = fmt::format("/synced {}", ++syncs_);
        post("/sync", "i", syncs_);
        for (int turns = 0; turns < 5000; ++turns) {
            io_.run_for(Millis{2});
            while (lo_server_recv_noblock(client_.get(), 0) > 0) {
            }
            if (!heard_.empty() && heard_.back() == mark) {
                heard_.pop_back();
                return;
            }
        }
        FAIL() << "the server did not answer";
    }

    // From the bare socket.
    void send_bytes(const Bytes& bytes) { bare_.send_to(boost::asio::buffer(bytes), to_); }
    std::vector<TimedOscMessage> heard_bare() {
        std::vector<TimedOscMessage> all;
        std::array<std::uint8_t, 65536> buffer{};
        while (true) {
            boost::system::error_code error;
            const auto size = bare_.receive(boost::asio::buffer(buffer), 0, error);
            if (error) return all;
            const auto messages = decode_osc(std::span{buffer}.first(size));
            EXPECT_TRUE(messages);
            if (messages) all.insert(all.end(), messages->begin(), messages->end());
        }
    }

    // Time goes on, on both clocks.
    void pass(Nanos time) {
        time_.sleep_until(time_.now() + time);
        wall_ = seconds_after(wall_, std::chrono::duration<double>(time).count());
        server_->turn();
    }

    [[nodiscard]] double tempo() const { return params_.current().real(ParamId::tempo); }
    [[nodiscard]] static Bytes tempo_message(float bpm) {
        return encode_osc({"/fusiond/tempo", {bpm}});
    }

    boost::asio::io_context io_;
    SimulatedTime time_;
    OscTimeTag wall_{std::uint64_t{3'900'000'000} << 32U};
    ParamStore params_{{"jazz", "pop"}, time_};
    ActionDesk actions_{params_};
    EngineMeters meters_;
    OscAccess access_;
    std::unique_ptr<OscServer> server_;
    std::unique_ptr<std::remove_pointer_t<lo_server>, FreeServer> client_;
    std::unique_ptr<std::remove_pointer_t<lo_address>, FreeAddress> target_;
    boost::asio::ip::udp::socket bare_{io_, boost::asio::ip::udp::v4()};
    UdpPeer to_;
    std::vector<std::string> heard_;
    std::int32_t syncs_ = 0;
};

}  // namespace fusion
