#include "daemon/midi/recording_place.hpp"

#include "tests/daemon/midi/recording_rig.hpp"

namespace fusion {
namespace {

using namespace test;

class RecordingPlaceTest : public RecordingRig {
protected:
    void write(const std::string& name) { folder_.put(name, std::vector<std::uint8_t>{1, 2, 3}); }
    void record(const std::filesystem::path& wanted) {
        wanted_ = wanted;
        RecordingWriter writer{options_};
        play_note(writer, 0s);
        writer.finish(kStart + 1s);
    }
    std::string place() { return claim_recording(wanted_).value().path.filename().string(); }
};

TEST_F(RecordingPlaceTest, AFreeNameAndAnEmptyFileAreTakenAsTheyAre) {
    EXPECT_EQ(place(), "set of may.mid");
    EXPECT_EQ(std::filesystem::file_size(wanted_), 0U);
    EXPECT_EQ(place(), "set of may.mid");
}

TEST_F(RecordingPlaceTest, WhatIsThereIsNotWrittenOverAndANumberIsNotUsedAgain) {
    write("set of may.mid");
    EXPECT_EQ(place(), "set of may-2.mid");
    write("set of may-12.mid");
    write("set of may-13-old.mid");
    EXPECT_EQ(place(), "set of may-13.mid") << "not 2, which was removed";
}

TEST_F(RecordingPlaceTest, TwoAtATimeHaveTwo) {
    const auto first = claim_recording(wanted_);
    const auto second = claim_recording(wanted_);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->path, wanted_);
    EXPECT_EQ(second->path.filename(), "set of may-2.mid");
}

TEST_F(RecordingPlaceTest, ANameWithoutAnEndingIsCountedAtItsEnd) {
    wanted_ = folder_.path() / "take";
    write("take");
    EXPECT_EQ(place(), "take-2");
}

TEST_F(RecordingPlaceTest, WhatIsNoFileIsWrittenToAsItIs) {
    wanted_ = "/dev/null";
    const auto claimed = claim_recording(wanted_);
    ASSERT_TRUE(claimed);
    EXPECT_FALSE(claimed->is_file);
}

TEST_F(RecordingPlaceTest, AFolderThatIsNotThereIsToldBeforeAndAfter) {
    wanted_ = folder_.path() / "no folder" / "x.mid";
    EXPECT_NE(can_record_to(wanted_).error().message.find("x.mid"), std::string::npos);
    EXPECT_FALSE(claim_recording(wanted_));
    EXPECT_TRUE(can_record_to(folder_.path() / "y.mid"));
}

TEST_F(RecordingPlaceTest, ThoseOfOneNameAreFoundByWhatTheyHoldTheOldestFirst) {
    using namespace std::filesystem;
    for (const auto* name : {"fusiond-20260131-235959.mid", "fusiond-20260131-235959-2.mid",
                             "fusiond-19700101-000010.mid", "fusiond mine.mid"})
        record(folder_.path() / name);
    write("fusiond-20260131-235958.mid");
    last_write_time(named("fusiond-19700101-000010.mid"), file_time_type::clock::now() - 1h);
    const auto found = recordings_like(named("fusiond-20260202-101010.mid"));
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found.front().filename(), "fusiond-19700101-000010.mid")
        << "by its age, whatever its name says";
}

TEST_F(RecordingPlaceTest, TheOldGoAndTheLatestStays) {
    using namespace std::filesystem;
    record(folder_.path() / "a.mid");
    record(folder_.path() / "a.mid");
    const auto now = file_time_type::clock::now();
    last_write_time(named("a.mid"), now - 50h);
    last_write_time(named("a-2.mid"), now - 50h);
    EXPECT_EQ(keep_recordings(named("a-2.mid"), {}, now), 0U);
    EXPECT_EQ(keep_recordings(named("a-2.mid"), {.age = 100h}, now), 0U);
    EXPECT_EQ(keep_recordings(named("a-2.mid"), {.age = 49h}, now), 1U);
    EXPECT_EQ(files(), std::vector<std::string>{"a-2.mid"});
}

}  // namespace
}  // namespace fusion
