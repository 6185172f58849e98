// Every wait here is for a fact; where control waits for a system that does not answer, a test
// hangs.
#include "daemon/midi/patient_port.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/eventually.hpp"

namespace fusion::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class CountingSink final : public MidiSink {
public:
    bool send(const TimedMessage&) noexcept override {
        ++count;
        return true;
    }
    Nanos lead() const noexcept override { return Nanos{0}; }
    std::atomic<unsigned> count{0};
};

// A MIDI system whose every call can hang; it outlives whoever is left behind in it.
struct System {
    std::atomic<bool> is_there{false}, hangs{false}, plays{true};
    std::atomic<int> opened{0}, looked{0}, closed{0}, watched{0}, hanging{0};
    CountingSink sink;

    void pass() {
        ++hanging;
        while (hangs) std::this_thread::sleep_for(1ms);
        --hanging;
    }
};

class SystemPort final : public MidiPort {
public:
    explicit SystemPort(std::shared_ptr<System> system) : system_{std::move(system)} {}
    MidiSink& sink() override { return system_->sink; }
    void thru(Thru) override {}
    bool feed_back(const MidiMessage&) noexcept override { return true; }
    std::uint32_t feedback_connections() const noexcept override { return 2; }
    std::uint32_t output_connections() const noexcept override { return 3; }
    bool listens() const noexcept override { return true; }
    bool plays() const noexcept override { return system_->plays; }
    std::uint32_t input_losses() const noexcept override { return 0; }
    void watch() override { ++system_->watched; }
    void look_after() override {
        system_->pass();
        ++system_->looked;
    }
    void close() override {
        system_->pass();
        ++system_->closed;
    }
    std::string describe() const override { return "the port"; }
    std::string describe_input() const override { return "its input"; }
    std::string describe_feedback() const override { return {}; }
    std::string how_to_connect() const override { return "draw a line"; }
    PortCounters counters() const noexcept override { return {}; }

private:
    std::shared_ptr<System> system_;
};

class PatientPortTest : public testing::Test {
protected:
    ~PatientPortTest() override {
        system_->hangs = false;
        EXPECT_TRUE(eventually([&] { return system_->hanging == 0; },
                               [] { std::this_thread::sleep_for(1ms); }));
    }
    std::unique_ptr<PatientPort> open() const {
        return std::make_unique<PatientPort>(
            "a system", PatientPort::Plays::yes,
            [system = system_]() -> Result<std::unique_ptr<MidiPort>> {
                system->pass();
                if (!system->is_there) return fail(Error::Code::unavailable, "no system is here");
                ++system->opened;
                return std::unique_ptr<MidiPort>{std::make_unique<SystemPort>(system)};
            });
    }
    template <class Holds>
    static bool soon(PatientPort& port, Holds&& holds) {
        return eventually(holds, [&] {
            port.look_after();
            std::this_thread::sleep_for(1ms);
        });
    }
    static TimedMessage note() { return {note_on(Channel{0}, Pitch{60}, Velocity{90}), {}, false}; }

    std::shared_ptr<System> system_ = std::make_shared<System>();
};

TEST_F(PatientPortTest, WhatIsThereIsOpenAtOnce) {
    system_->is_there = true;
    auto port = open();
    EXPECT_TRUE(port->is_open());
    EXPECT_EQ(port->describe(), "the port");
    EXPECT_EQ(port->how_to_connect(), "draw a line");
    EXPECT_EQ(port->output_connections(), 3U);
    EXPECT_TRUE(port->sink().send(note()));
    EXPECT_EQ(system_->sink.count, 1U);
    port->close();
    EXPECT_EQ(system_->closed, 1);
    EXPECT_FALSE(port->left_a_thread());
}

TEST_F(PatientPortTest, WhatIsNotThereIsWaitedForAndTheTimeIsCounted) {
    auto port = open();
    EXPECT_FALSE(port->is_open());
    EXPECT_EQ(port->describe(), "waiting for a system");
    EXPECT_TRUE(port->sink().send(note()));
    EXPECT_EQ(port->counters().unsent, 1U);
    EXPECT_TRUE(soon(*port, [&] { return port->counters().without_port > 300ms; }));
    system_->is_there = true;
    ASSERT_TRUE(soon(*port, [&] { return port->is_open(); }));
    const auto missed = port->counters().without_port;
    port->look_after();
    port->look_after();
    EXPECT_LE(port->counters().without_port - missed, 1s);
    EXPECT_TRUE(port->sink().send(note()));
    EXPECT_EQ(system_->sink.count, 1U);
}

TEST_F(PatientPortTest, ControlWaitsForNoSystemThatHangsWhileItIsOpened) {
    system_->is_there = system_->hangs = true;
    auto port = open();
    EXPECT_FALSE(port->is_open());
    port->look_after();
    EXPECT_TRUE(port->sink().send(note()));
    system_->hangs = false;
    EXPECT_TRUE(soon(*port, [&] { return port->is_open(); }));
    EXPECT_EQ(system_->opened, 1);
}

TEST_F(PatientPortTest, NorWhileItIsMended) {
    system_->is_there = true;
    auto port = open();
    system_->hangs = true;
    ASSERT_TRUE(soon(*port, [&] { return system_->hanging > 0; }));
    const auto watched = system_->watched.load();
    port->look_after();
    EXPECT_GT(system_->watched, watched);
    EXPECT_THAT(port->describe(), HasSubstr("the port"));
    EXPECT_TRUE(port->sink().send(note()));
}

TEST_F(PatientPortTest, AKeeperThatDoesNotComeBackIsLeftBehind) {
    system_->is_there = true;
    auto port = open();
    system_->hangs = true;
    ASSERT_TRUE(soon(*port, [&] { return system_->hanging > 0; }));
    port->close();
    EXPECT_TRUE(port->left_a_thread());
    port.reset();
    system_->hangs = false;
    // It closes the port when it comes back, whoever is still there.
    EXPECT_TRUE(
        eventually([&] { return system_->closed == 1; }, [] { std::this_thread::sleep_for(1ms); }));
}

TEST_F(PatientPortTest, AnOutputThatIsLostIsTimeWithoutAPortToo) {
    system_->is_there = true;
    auto port = open();
    const auto before = port->counters().without_port;
    system_->plays = false;
    EXPECT_TRUE(soon(*port, [&] { return port->counters().without_port > before; }));
}

}  // namespace
}  // namespace fusion::test
