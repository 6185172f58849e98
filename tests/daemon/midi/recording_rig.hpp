// A writer of recordings in a folder of its own, and what its files hold.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/midi/recording_writer.hpp"
#include "engine/base/whole_file.hpp"
#include "engine/corpus/smf.hpp"
#include "tests/support/scratch_folder.hpp"

namespace fusion::test {

using namespace std::chrono_literals;

inline const TimePoint kStart{100s};
inline const MidiMessage kOn = note_on(Channel{0}, Pitch{60}, Velocity{96});
inline const MidiMessage kOff = note_off(Channel{0}, Pitch{60});

class RecordingRig : public testing::Test {
protected:
    RecordingRig() {
        options_.place = [this] { return wanted_; };
    }
    static RecordedItem at(Nanos since_start, const MidiMessage& message) {
        return {kStart + since_start, message};
    }
    // A note of half a beat.
    static void play_note(RecordingWriter& writer, Nanos since_start) {
        writer.take(at(since_start, kOn));
        writer.take(at(since_start + 250ms, kOff));
    }

    [[nodiscard]] static Smf read(const std::filesystem::path& file) {
        const auto bytes = read_file(file, kMaxSmfBytes);
        EXPECT_TRUE(bytes) << bytes.error().message;
        auto smf = read_smf(*bytes, file.string());
        EXPECT_TRUE(smf) << smf.error().message;
        Smf none;
        none.tracks.resize(1);
        return std::move(smf).value_or(none);
    }
    [[nodiscard]] static SmfTrack track_of(const std::filesystem::path& file) {
        auto smf = read(file);
        EXPECT_TRUE(smf.mends.empty()) << file << ": " << smf.mends.front().kind;
        return std::move(smf.tracks.front());
    }
    [[nodiscard]] static std::size_t notes_in(const std::filesystem::path& file) {
        return notes_of(track_of(file)).size();
    }
    [[nodiscard]] std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& one : std::filesystem::directory_iterator{folder_.path()})
            names.push_back(one.path().filename().string());
        std::ranges::sort(names);
        return names;
    }
    [[nodiscard]] std::filesystem::path named(const std::string& name) const {
        return folder_.path() / name;
    }

    ScratchFolder folder_;
    std::filesystem::path wanted_ = folder_.path() / "set of may.mid";
    RecordingOptions options_;
};

}  // namespace fusion::test
