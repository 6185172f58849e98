#include <random>

#include "tests/daemon/midi/recording_rig.hpp"

namespace fusion {
namespace {

using namespace test;

class RecordingMendTest : public RecordingRig {
protected:
    // What a crash leaves: a file whose track has no end.
    std::vector<std::uint8_t> torn() {
        {
            RecordingWriter writer{options_};
            for (int i = 0; i < 20; ++i) play_note(writer, i * 500ms);
            writer.turn(kStart + 60s);
            writer.turn(kStart + 61s);
            const auto bytes = read_file(wanted_, kMaxSmfBytes);
            left_ = *bytes;
            // The writer is gone without having closed it.
        }
        return left_;
    }
    void leave(std::size_t bytes) {
        std::filesystem::remove(wanted_);
        folder_.put(wanted_.filename().string(), std::span{left_}.first(bytes));
    }
    std::vector<std::uint8_t> left_;
};

TEST_F(RecordingMendTest, CutAtAnyByteItBecomesWholeWithEveryNoteThatIsThere) {
    torn();
    ASSERT_EQ(notes_of(read(wanted_).tracks.front()).size(), 20U);
    std::size_t most = 0;
    for (auto size = kSmfHeadBytes + 11; size <= left_.size(); ++size) {
        leave(size);
        const auto mended = mend_recording(wanted_);
        ASSERT_TRUE(mended) << mended.error().message;
        ASSERT_EQ(*mended, Mended::yes) << size;
        const auto notes = notes_in(wanted_);
        ASSERT_GE(notes, most) << "cut at " << size;
        most = notes;
        ASSERT_EQ(*mend_recording(wanted_), Mended::no_need);
    }
    EXPECT_EQ(most, 20U);
}

TEST_F(RecordingMendTest, JunkThatAPowerCutLeftIsCutOff) {
    auto junk = torn();
    junk.insert(junk.end(), 512, 0x00);
    std::filesystem::remove(wanted_);
    folder_.put(wanted_.filename().string(), junk);
    ASSERT_EQ(*mend_recording(wanted_), Mended::yes);
    EXPECT_EQ(notes_in(wanted_), 20U);
    EXPECT_EQ(std::filesystem::file_size(wanted_), left_.size() + 4);
}

TEST_F(RecordingMendTest, WhateverBytesStandInItItBecomesAFileThatNobodyHasToMend) {
    torn();
    std::mt19937 random{11};
    for (int i = 0; i < 300; ++i) {
        auto bytes = left_;
        for (auto at = kSmfHeadBytes + 11; at < bytes.size(); ++at)
            if (random() % 8 == 0) bytes[at] = static_cast<std::uint8_t>(random());
        std::filesystem::remove(wanted_);
        folder_.put(wanted_.filename().string(), bytes);
        ASSERT_EQ(*mend_recording(wanted_), Mended::yes);
        const auto smf = read(wanted_);
        ASSERT_TRUE(smf.mends.empty())
            << i << ": " << smf.mends.front().kind << ' ' << smf.mends.front().where;
    }
}

TEST_F(RecordingMendTest, TheNextStartMendsItAndWritesBesideIt) {
    torn();
    RecordingWriter writer{options_};
    play_note(writer, 0s);
    writer.finish(kStart + 1s);
    EXPECT_EQ(files(), (std::vector<std::string>{"set of may-2.mid", "set of may.mid"}));
    EXPECT_EQ(notes_in(wanted_), 20U);
    EXPECT_EQ(notes_in(named("set of may-2.mid")), 1U);
}

TEST_F(RecordingMendTest, WhatIsBeingWrittenAndWhatIsNotOursIsLeftAlone) {
    RecordingWriter writer{options_};
    play_note(writer, 0s);
    writer.turn(kStart + 1s);
    writer.turn(kStart + 2s);
    EXPECT_EQ(*mend_recording(wanted_), Mended::no_need) << "somebody writes it";
    const std::string_view foreign{"MThd\0\0\0\6\0\0\0\1\3\xC0MTrk\x7F\xFF\xFF\xFF\0\x90<", 25};
    folder_.put("foreign.mid", {reinterpret_cast<const std::uint8_t*>(foreign.data()), 25});
    EXPECT_EQ(*mend_recording(named("foreign.mid")), Mended::no_need);
    EXPECT_EQ(std::filesystem::file_size(named("foreign.mid")), 25U);
}

}  // namespace
}  // namespace fusion
