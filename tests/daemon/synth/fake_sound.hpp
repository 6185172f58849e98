// A machine whose audio devices come, go, stop and refuse at a test's word; a device's blocks are
// filled when the test says so, on the test's thread.
#pragma once

#include <array>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "daemon/synth/live_synth.hpp"
#include "tests/daemon/synth/told_instrument.hpp"

namespace fusion::test {

// What the test and the synth's keeper share.
struct FakeMachine {
    std::mutex mutex;
    bool has_font = true;
    bool has_device = true;
    std::string refuses;  // why a device does not start
    bool font_is_broken = false;
    bool device_is_lost = false;
    BlockFiller* filler = nullptr;  // of the device that plays
    ToldInstrument* instrument = nullptr;
    int searches = 0;
    std::vector<std::pair<log::Level, std::string>> told;
    std::array<float, 128> left{}, right{};

    // A block of the device that plays; false: none does.
    bool block() {
        const std::lock_guard lock{mutex};
        if (filler == nullptr) return false;
        left.fill(0.0F), right.fill(0.0F);
        filler->fill(left, right);
        return true;
    }
    [[nodiscard]] bool plays() {
        const std::lock_guard lock{mutex};
        return filler != nullptr;
    }
    [[nodiscard]] std::vector<std::string> lines() {
        const std::lock_guard lock{mutex};
        std::vector<std::string> all;
        for (const auto& [level, line] : told) all.push_back(line);
        return all;
    }
    [[nodiscard]] int searched() {
        const std::lock_guard lock{mutex};
        return searches;
    }
    void set(bool FakeMachine::*what, bool to) {
        const std::lock_guard lock{mutex};
        this->*what = to;
    }
    [[nodiscard]] LiveSynth::Tell tell() {
        return [this](log::Level level, std::string_view line) {
            const std::lock_guard lock{mutex};
            told.emplace_back(level, line);
        };
    }
};

class FakeDevice final : public SoundDevice {
public:
    explicit FakeDevice(FakeMachine& machine) : machine_{machine} {}
    [[nodiscard]] Instrument& instrument() override { return instrument_; }
    [[nodiscard]] SampleRate rate() const override { return SampleRate{48000}; }
    [[nodiscard]] Status start(BlockFiller& filler) override {
        const std::lock_guard lock{machine_.mutex};
        if (!machine_.refuses.empty()) return fail(Error::Code::unavailable, machine_.refuses);
        machine_.filler = &filler;
        machine_.instrument = &instrument_;
        machine_.device_is_lost = false;
        return {};
    }
    void stop() override {
        const std::lock_guard lock{machine_.mutex};
        machine_.filler = nullptr;
        machine_.instrument = nullptr;
    }
    [[nodiscard]] bool lost() const override {
        const std::lock_guard lock{machine_.mutex};
        return machine_.device_is_lost;
    }
    [[nodiscard]] bool is_jack() const override { return false; }
    [[nodiscard]] std::string describe() const override { return "a card"; }

private:
    FakeMachine& machine_;
    ToldInstrument instrument_;
};

class FakeSystem final : public SoundSystem {
public:
    explicit FakeSystem(FakeMachine& machine) : machine_{machine} {}
    [[nodiscard]] Status can_play() override {
        const std::lock_guard lock{machine_.mutex};
        ++machine_.searches;
        if (machine_.has_font) return {};
        return fail(Error::Code::not_found, "no sound font");
    }
    [[nodiscard]] std::vector<SynthDriver> here() override {
        const std::lock_guard lock{machine_.mutex};
        if (!machine_.has_device) return {};
        return {SynthDriver::alsa};
    }
    [[nodiscard]] Result<std::unique_ptr<SoundDevice>> make(SynthDriver) override {
        if (machine_.font_is_broken) return fail(Error::Code::malformed, "a broken font");
        return std::make_unique<FakeDevice>(machine_);
    }

private:
    FakeMachine& machine_;
};

}  // namespace fusion::test
