// Which files can be named, and that no others can.
#include "daemon/tape/tape_shelf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include "daemon/tape/tape.hpp"
#include "tests/support/scratch_folder.hpp"

namespace fusion {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

const std::vector<std::uint8_t> kSome{'M', 'T', 'h', 'd'};

TEST(TapeShelf, ListsTheMidiFilesOfTheFolderTheNewestFirst) {
    const ScratchFolder folder;
    for (const auto* name : {"a.mid", "b.MIDI", "c.smf", "text.txt", ".hidden.mid", "below/d.mid"})
        folder.put(name, kSome);
    fs::create_symlink("text.txt", folder.path() / "link.mid");
    fs::create_directory(folder.path() / "folder.mid");
    const auto old = fs::last_write_time(folder.path() / "a.mid");
    fs::last_write_time(folder.path() / "b.MIDI", old + std::chrono::hours{1});
    fs::last_write_time(folder.path() / "c.smf", old - std::chrono::hours{1});
    EXPECT_THAT(tapes_in(folder.path()), ElementsAre("b.MIDI", "a.mid", "c.smf"));
    EXPECT_TRUE(tapes_in(folder.path() / "nothing").empty());
}

TEST(TapeShelf, ReadsAFileByItsName) {
    const ScratchFolder folder;
    folder.put("a.mid", kSome);
    const auto bytes = read_from_shelf(folder.path(), "a.mid");
    ASSERT_TRUE(bytes) << bytes.error().message;
    EXPECT_EQ(*bytes, kSome);
}

TEST(TapeShelf, ReadsNothingThatLiesElsewhereOrIsNoMidiFile) {
    const ScratchFolder folder;
    folder.put("shelf/a.mid", kSome);
    folder.put("secret.mid", kSome);
    folder.put("shelf/below/d.mid", kSome);
    folder.put("shelf/state.toml", kSome);
    folder.put("shelf/.hidden.mid", kSome);
    const auto shelf = folder.path() / "shelf";
    fs::create_symlink("../secret.mid", shelf / "link.mid");
    fs::create_directory(shelf / "folder.mid");
    const std::string nul{"a.mid\0.mid", 10};
    for (const auto& name :
         {std::string{"../secret.mid"}, std::string{"below/d.mid"}, std::string{"state.toml"},
          std::string{".hidden.mid"}, std::string{"link.mid"}, std::string{"folder.mid"},
          std::string{}, std::string{"."}, std::string{".."}, nul,
          (folder.path() / "secret.mid").string(), std::string(300, 'a') + ".mid"})
        EXPECT_FALSE(read_from_shelf(shelf, name)) << name;
    EXPECT_EQ(::mkfifo((shelf / "pipe.mid").c_str(), 0600), 0);
    EXPECT_FALSE(read_from_shelf(shelf, "pipe.mid")) << "and does not wait for who writes it";
}

TEST(TapeShelf, NamesTheNearestWhereThereIsNone) {
    const ScratchFolder folder;
    folder.put("session-2.mid", kSome);
    const auto none = read_from_shelf(folder.path(), "sesion-2.mid");
    ASSERT_FALSE(none);
    EXPECT_THAT(none.error().message, HasSubstr("did you mean 'session-2.mid'"));
}

TEST(TapeShelf, RefusesAFileThatIsTooLarge) {
    const ScratchFolder folder;
    folder.put("large.mid", kSome);
    fs::resize_file(folder.path() / "large.mid", std::uintmax_t{100} << 20);
    const auto none = read_from_shelf(folder.path(), "large.mid");
    ASSERT_FALSE(none);
    EXPECT_THAT(none.error().message, HasSubstr("100 MB; a tape has 8 at most"));
}

}  // namespace
}  // namespace fusion
