#include "config/state_file.hpp"

#include <csignal>
#include <fstream>
#include <random>
#include <thread>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class StateFileTest : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "fusion-state-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        file_ = folder_ / "sub" / "state.toml";
    }
    void TearDown() override {
        std::error_code ignored;
        fs::permissions(folder_ / "sub", fs::perms::owner_all, ignored);
        fs::remove_all(folder_, ignored);
    }

    StateFile::Tell tell() {
        return [this](const std::string& what) { told_.push_back(what); };
    }
    void put(std::string_view text, const fs::path& file) const {
        fs::create_directories(file.parent_path());
        std::ofstream out{file, std::ios::binary};
        out << text;
    }
    static std::string text(const fs::path& file) {
        std::ifstream in{file, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    void save(const SavedState& state) {
        StateFile file{file_, tell()};
        static_cast<void>(file.read());
        file.changed(now_);
        file.finish([&] { return state; });
    }
    SavedState read() {
        StateFile file{file_, tell()};
        return file.read();
    }
    [[nodiscard]] std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator{file_.parent_path()})
            names.push_back(entry.path().filename().string());
        std::ranges::sort(names);
        return names;
    }
    static SavedState full() {
        const SimulatedTime time;
        const ParamStore params{{"classical", "jazz", "pop", "folk", "rock"}, time};
        SavedState state{all_of(params), {}, "[[controller]]\nnumber = 7\n"};
        for (std::size_t i = 0; i < kMostScenes; ++i)
            state.scenes.push_back({fmt::format("Strophe {}", i), music_of(params)});
        return state;
    }

    fs::path folder_, file_;
    std::vector<std::string> told_;
    TimePoint now_{1h};
};

TEST_F(StateFileTest, NoFileIsNoStateAndNoNews) {
    EXPECT_EQ(read(), SavedState{});
    EXPECT_THAT(told_, IsEmpty());
}

TEST_F(StateFileTest, WhatIsSavedIsReadToTheLastBit) {
    SavedState state;
    state.now = {{"tempo", 0.1 + 0.2},   {"a", 1.0 / 3.0},
                 {"b", 5e-324},          {"e", 1e16},
                 {"f", -2147483648.0},   {"g", 123456789012.5},
                 {"odd \" \n key", 1.0}, {"", 2.0},
                 {"c", 1.7e308},         {"d", 0.0},
                 {"mute", true},         {"scale", std::string{"dorian"}},
                 {"weight/jazz", 7.25}};
    state.scenes = {
        {"Strophe 2", {{"tempo", 96.5}}}, {"ü \"x\" 'y' \\ #[=", {{"mute", false}}}, {"empty", {}}};
    save(state);
    const auto back = read();
    EXPECT_EQ(back.now, state.now);
    EXPECT_EQ(back.scenes, state.scenes);
    EXPECT_THAT(told_, IsEmpty());
}

TEST_F(StateFileTest, ControllersGoThroughAsTheyStand) {
    const SavedState state{{},
                           {},
                           "[[controller]]\nnumber = 7\npath = 'tempo'\n"
                           "[[controller]]\nnumber = 8\npath = 'weight/jazz'\n"};
    const auto once = parse_state(format_state(state), "x");
    ASSERT_TRUE(once) << once.error().message;
    EXPECT_THAT(once->controllers, HasSubstr("weight/jazz"));
    const auto twice = parse_state(format_state(*once), "x");
    ASSERT_TRUE(twice) << twice.error().message;
    EXPECT_EQ(*twice, *once);
}

TEST_F(StateFileTest, TheFileIsForPeopleToRead) {
    save({{{"tempo", 120.5}}, {{"verse", {{"weight/jazz", 7.25}, {"mute", true}}}}, ""});
    EXPECT_EQ(text(file_), R"(# Written by fusiond. To be edited while no fusiond runs.
version = 1

[now]
tempo = 120.5

[[scene]]
name = "verse"
[scene.values]
mute = true
"weight/jazz" = 7.25

)");
}

TEST_F(StateFileTest, Holds256ScenesInLessThanAMegabyte) {
    const auto state = full();
    save(state);
    EXPECT_LT(fs::file_size(file_), 1'000'000U);
    EXPECT_EQ(read().scenes, state.scenes);
}

TEST_F(StateFileTest, IsForItsUserAlone) {
    save(full());
    struct stat about {};
    ASSERT_EQ(::stat(file_.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0077U, 0U);
}

TEST_F(StateFileTest, WritesTwoSecondsAfterTheFirstChangeAndNotBefore) {
    StateFile file{file_, tell()};
    int made = 0;
    const auto make = [&] { return ++made, SavedState{{{"tempo", 1.0 * made}}, {}, ""}; };
    file.turn(now_, make);
    file.changed(now_);
    file.turn(now_ + 1s, make);
    file.changed(now_ + 1s);
    file.turn(now_ + 1990ms, make);
    EXPECT_EQ(made, 0);
    file.turn(now_ + 2s, make);
    EXPECT_EQ(made, 1);
    file.finish(make);
    EXPECT_TRUE(fs::exists(file_));
    file.turn(now_ + 10s, make);
    EXPECT_EQ(made, 1) << "nothing has changed since";
    file.changed(now_ + 11s);
    file.finish(make);
    EXPECT_EQ(made, 2);
}

TEST_F(StateFileTest, NothingNewIsNotWrittenAgain) {
    const SavedState state{{{"tempo", 90.0}}, {}, ""};
    save(state);
    fs::last_write_time(file_, fs::file_time_type{} + 1h);
    const auto before = fs::last_write_time(file_);
    save(state);
    EXPECT_EQ(fs::last_write_time(file_), before);
}

TEST_F(StateFileTest, APowerCutAtAnyByteLeavesTheOldStateOrTheNew) {
    const SavedState old{{{"tempo", 90.0}}, {{"verse", {}}}, ""};
    save(old);
    const auto fresh = format_state(full());
    for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, fresh.size() / 2, fresh.size()}) {
        // What a writer that was cut off leaves.
        put(fresh.substr(0, cut), fs::path{file_.string() + ".new"});
        EXPECT_EQ(read(), old) << cut;
        EXPECT_THAT(told_, IsEmpty());
    }
    save({{{"tempo", 91.0}}, {}, ""});
    EXPECT_EQ(read().now.at("tempo"), SceneValue{91.0});
    EXPECT_THAT(files(), ElementsAre("state.toml", "state.toml.lock"));
}

TEST_F(StateFileTest, AFileThatMakesNoSenseIsToldOnceWithItsLineAndKeptAside) {
    put("version = 1\n\n[now]\ntempo = \n", file_);
    put("mine", fs::path{file_.string() + ".bad-1"});
    StateFile file{file_, tell()};
    EXPECT_EQ(file.read(), SavedState{});
    ASSERT_THAT(told_, SizeIs(2));
    EXPECT_THAT(told_[0], HasSubstr("state.toml:4: "));
    EXPECT_THAT(told_[1], HasSubstr("state.toml.bad-2"));
    EXPECT_EQ(text(file_.string() + ".bad-1"), "mine") << "never written over";
    EXPECT_THAT(text(file_.string() + ".bad-2"), HasSubstr("tempo ="));
    file.changed(now_);
    file.finish([] { return SavedState{{{"tempo", 90.0}}, {}, ""}; });
    EXPECT_TRUE(fs::exists(file_)) << "and a new one begins";
}

TEST_F(StateFileTest, EveryKindOfNonsenseIsAnError) {
    const auto error = [](std::string_view text) {
        const auto state = parse_state(text, "s");
        return state ? std::string{"(no error)"} : state.error().message;
    };
    EXPECT_THAT(error(""), HasSubstr("version = 1 is missing"));
    EXPECT_THAT(error("\nversion = 2\n"), HasSubstr("s:2: version 2; this fusiond knows 1"));
    EXPECT_THAT(error("version = 1\nnow = 3\n"), HasSubstr("s:2: now must be a table"));
    EXPECT_THAT(error("version = 1\n[now]\ntempo = [1]\n"), HasSubstr("s:3: now: 'tempo' must be"));
    EXPECT_THAT(error("version = 1\n[now]\ntempo = nan\n"), HasSubstr("'tempo' must be a number"));
    EXPECT_THAT(error("version = 1\n[scene]\nname = 'x'\n"), HasSubstr("[[scene]]"));
    EXPECT_THAT(error("version = 1\n[[scene]]\nnam = 'x'\n"), HasSubstr("s:2: a scene wants name"));
    EXPECT_THAT(error("version = 1\n[[scene]]\nname = \"a\\nb\"\n"), HasSubstr("one line"));
    EXPECT_THAT(error("version = 1\ncontroller = 1\n"), HasSubstr("[[controller]]"));
    std::string many = "version = 1\n";
    for (std::size_t i = 0; i <= kMostScenes; ++i) many += fmt::format("[[scene]]\nname='{}'\n", i);
    EXPECT_THAT(error(many), HasSubstr("256 scenes"));
}

TEST_F(StateFileTest, RandomBytesNeverEndIt) {
    std::mt19937 dice{7};
    const auto whole = format_state({{{"tempo", 90.0}}, {{"verse", {{"mute", true}}}}, ""});
    for (int i = 0; i < 2000; ++i) {
        std::string text = i % 2 == 0 ? whole : std::string(dice() % 300U, ' ');
        const auto changes = i % 2 == 0 ? 1 + dice() % 4U : text.size();
        for (std::size_t n = 0; n < changes; ++n)
            text[i % 2 == 0 ? dice() % text.size() : n] = static_cast<char>(dice());
        const auto state = parse_state(text, "s");
        if (state) continue;
        EXPECT_THAT(state.error().message, testing::StartsWith("s:"));
    }
    std::string garbage(4096, '\0');
    for (auto& byte : garbage) byte = static_cast<char>(dice());
    put(garbage, file_);
    EXPECT_EQ(read(), SavedState{});
    EXPECT_EQ(text(file_.string() + ".bad-1"), garbage);
}

TEST_F(StateFileTest, AFolderOrAPipeInItsPlaceIsPutAside) {
    fs::create_directories(file_);
    EXPECT_EQ(read(), SavedState{});
    EXPECT_TRUE(fs::is_directory(file_.string() + ".bad-1"));
    ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
    EXPECT_EQ(read(), SavedState{});
    EXPECT_TRUE(fs::is_fifo(file_.string() + ".bad-2"));
}

TEST_F(StateFileTest, TheSecondDaemonReadsAndDoesNotSave) {
    save({{{"tempo", 90.0}}, {}, ""});
    StateFile first{file_, tell()};
    EXPECT_TRUE(first.saves());
    EXPECT_THAT(told_, IsEmpty());
    StateFile second{file_, tell()};
    EXPECT_FALSE(second.saves());
    ASSERT_THAT(told_, SizeIs(1));
    EXPECT_THAT(told_[0], HasSubstr("another fusiond"));
    EXPECT_EQ(second.read().now.at("tempo"), SceneValue{90.0});
    second.changed(now_);
    second.finish([] { return SavedState{}; });
    EXPECT_EQ(first.read().now.at("tempo"), SceneValue{90.0});
}

TEST_F(StateFileTest, TheSecondDaemonLeavesABadFileInItsPlace) {
    put("garbage", file_);
    StateFile first{file_, tell()};
    StateFile second{file_, tell()};
    EXPECT_EQ(second.read(), SavedState{});
    EXPECT_EQ(text(file_), "garbage");
}

TEST_F(StateFileTest, AFailureToWriteIsToldOnceTriedAgainAndTheEndOfItTold) {
    // A folder with something in it stands where the new file goes: no user, root neither, gets by.
    StateFile file{file_, tell()};
    const fs::path blocker = file_.string() + ".new";
    fs::create_directories(blocker / "x");
    int n = 0;
    const auto make = [&] { return SavedState{{{"tempo", 1.0 * ++n}}, {}, ""}; };
    file.changed(now_);
    const auto turn_until = [&](auto&& enough) {
        for (int turns = 0; turns < 10'000 && !enough(); ++turns) {
            file.turn(now_ += 1s, make);
            std::this_thread::sleep_for(1ms);  // the writing is another thread's
        }
        EXPECT_TRUE(enough());
    };
    turn_until([&] { return n >= 5; });
    ASSERT_THAT(told_, SizeIs(1)) << "once, though tried again and again";
    EXPECT_THAT(told_[0], HasSubstr("cannot save the state"));
    fs::remove_all(blocker);
    turn_until([&] { return told_.size() == 2; });
    EXPECT_THAT(told_.back(), HasSubstr("saved again"));
    EXPECT_TRUE(fs::exists(file_));
}

TEST_F(StateFileTest, AFullDiskLeavesTheOldFileWhole) {
    const SavedState old{{{"tempo", 90.0}}, {}, ""};
    save(old);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        // No file of this process may grow beyond 100 bytes: write() fails as on a full disk.
        const rlimit limit{100, 100};
        ::signal(SIGXFSZ, SIG_IGN);
        if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(3);
        save(full());
        ::_exit(told_.size() == 1 ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(read(), old);
    EXPECT_THAT(files(), ElementsAre("state.toml", "state.toml.lock"));
}

TEST_F(StateFileTest, AReadOnlyFolderIsToldOnceAndReadNevertheless) {
    if (::geteuid() == 0) GTEST_SKIP() << "root writes everywhere";
    save({{{"tempo", 90.0}}, {}, ""});
    fs::remove(file_.string() + ".lock");
    fs::permissions(folder_ / "sub", fs::perms::owner_read | fs::perms::owner_exec);
    StateFile file{file_, tell()};
    EXPECT_FALSE(file.saves());
    EXPECT_EQ(file.read().now.at("tempo"), SceneValue{90.0});
    file.changed(now_);
    for (int second = 0; second < 10; ++second)
        file.turn(now_ + second * 1s, [] { return SavedState{}; });
    EXPECT_THAT(told_, SizeIs(1));
}

TEST_F(StateFileTest, AFolderThatCannotBeIsToldOnce) {
    put("a file", folder_ / "plain");
    StateFile file{folder_ / "plain" / "state.toml", tell()};
    EXPECT_FALSE(file.saves());
    EXPECT_THAT(told_, SizeIs(1));
}

TEST_F(StateFileTest, ALinkStaysALink) {
    put("", folder_ / "real" / "state.toml");
    fs::remove(folder_ / "real" / "state.toml");
    save({});
    fs::remove(file_);
    put(format_state({}), folder_ / "real" / "state.toml");
    fs::create_symlink(folder_ / "real" / "state.toml", file_);
    save({{{"tempo", 90.0}}, {}, ""});
    EXPECT_TRUE(fs::is_symlink(file_));
    EXPECT_THAT(text(folder_ / "real" / "state.toml"), HasSubstr("tempo"));
}

TEST(StatePlace, IsSystemdsThenTheStandardsThenTheHomes) {
    ::setenv("STATE_DIRECTORY", "/var/lib/fusiond:/var/lib/other", 1);
    ::setenv("XDG_STATE_HOME", "/x", 1);
    ::setenv("HOME", "/h", 1);
    EXPECT_EQ(default_state_file(), "/var/lib/fusiond/state.toml");
    ::unsetenv("STATE_DIRECTORY");
    EXPECT_EQ(default_state_file(), "/x/fusiond/state.toml");
    ::setenv("XDG_STATE_HOME", "relative", 1);
    EXPECT_EQ(default_state_file(), "/h/.local/state/fusiond/state.toml");
    ::unsetenv("HOME");
    EXPECT_EQ(default_state_file(), std::nullopt);
}

}  // namespace
}  // namespace fusion
