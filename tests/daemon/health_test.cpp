#include "daemon/health.hpp"

#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/time_source.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Watched : public testing::Test {
protected:
    Watched() {
        meters_.ready = true;
        facts_.has_output = facts_.is_heard = true;
        facts_.version = "1.2.3";
    }
    // Each second the clock turns, and a note begins.
    enum class Music : std::uint8_t { plays, silent, stuck };
    void pass(std::chrono::seconds time, Music music = Music::plays) {
        for (std::int64_t s = 0; s < time.count(); ++s) {
            now_ += 1s;
            if (music != Music::stuck) ++meters_.clock_heartbeat;
            if (music == Music::plays) ++meters_.notes_on;
            health_.look(now_);
        }
    }
    [[nodiscard]] double metric(const std::string& name) const {
        std::istringstream lines{health_.metrics().body};
        for (std::string line; std::getline(lines, line);)
            if (line.starts_with(name + " ")) return std::stod(line.substr(name.size() + 1));
        ADD_FAILURE() << "no " << name;
        return -1.0;
    }

    SimulatedTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
    EngineMeters meters_;
    HealthFacts facts_;
    Health health_{meters_, params_, [this] { return facts_; }};
    TimePoint now_{1000s};
};

TEST_F(Watched, IsGreenWhileNotesCanBeHeard) {
    pass(100s);
    EXPECT_THAT(health_.reasons(), IsEmpty());
    EXPECT_EQ(health_.healthz().status, 200U);
    EXPECT_THAT(health_.healthz().body, HasSubstr(R"("status":"ok")"));
}

TEST_F(Watched, IsRedBeforeTheFirstNoteCanBePlayed) {
    EXPECT_EQ(health_.healthz().status, 503U) << "nobody has looked yet";
    meters_.ready = false;
    pass(1s, Music::silent);
    EXPECT_THAT(health_.reasons(), ElementsAre(HasSubstr("has not begun")));
}

TEST_F(Watched, IsRedWhenTheClockIsStuck) {
    pass(10s);
    pass(5s, Music::stuck);
    EXPECT_THAT(health_.reasons(), ElementsAre(HasSubstr("the clock has not turned for")));
    EXPECT_EQ(health_.healthz().status, 503U);
    pass(1s);
    EXPECT_THAT(health_.reasons(), IsEmpty());
}

TEST_F(Watched, IsRedWhenItPlaysAndNoNoteComesForLongerThanItMayRest) {
    pass(10s);
    pass(13s, Music::silent);  // 8 beats at 120 are 4 s
    EXPECT_THAT(health_.reasons(), IsEmpty());
    pass(5s, Music::silent);
    EXPECT_THAT(health_.reasons(), ElementsAre(HasSubstr("there has been no note for")));
}

TEST_F(Watched, IsGreenWhereSilenceWasAskedFor) {
    params_.set(ParamId::playing, 0.0);
    pass(1000s, Music::silent);
    EXPECT_THAT(health_.reasons(), IsEmpty());
    params_.set(ParamId::playing, 1.0);
    params_.set(ParamId::mute, 1.0);
    pass(1000s, Music::silent);
    EXPECT_THAT(health_.reasons(), IsEmpty());
    params_.set(ParamId::mute, 0.0);
    params_.set("weight/jazz", 0.0);
    params_.set("weight/pop", 0.0);
    pass(1000s, Music::silent);
    EXPECT_THAT(health_.reasons(), IsEmpty()) << "all zero is a rest";
    params_.set("weight/pop", 5.0);
    pass(5s, Music::silent);
    EXPECT_THAT(health_.reasons(), IsEmpty()) << "it has only just begun";
    pass(20s, Music::silent);
    EXPECT_EQ(health_.reasons().size(), 1U);
}

TEST_F(Watched, IsRedWithoutAnOutputOrAnybodyAtItAndCountsTheTime) {
    pass(10s);
    facts_.is_heard = false;
    pass(30s);
    EXPECT_THAT(health_.reasons(), ElementsAre(HasSubstr("nobody is connected")));
    facts_.has_output = false;
    pass(10s);
    EXPECT_THAT(health_.reasons(), ElementsAre(HasSubstr("no output")));
    EXPECT_EQ(metric("fusiond_unheard_seconds_total"), 40.0);
    EXPECT_EQ(metric("fusiond_healthy"), 0.0);
    facts_.has_output = facts_.is_heard = true;
    pass(10s);
    EXPECT_EQ(metric("fusiond_unheard_seconds_total"), 40.0);
    EXPECT_EQ(metric("fusiond_healthy"), 1.0);
}

TEST_F(Watched, IsRedWhileTheOutputRefuses) {
    pass(10s);
    meters_.sink_refused += 5;
    pass(1s);
    EXPECT_THAT(health_.reasons(), ElementsAre(HasSubstr("refuses")));
    pass(1s);
    EXPECT_THAT(health_.reasons(), IsEmpty());
}

TEST_F(Watched, TellsEveryCounterAndTheLastMinutesLateness) {
    pass(10s);
    meters_.underruns = 3;
    meters_.rung = Rung::ngram;
    meters_.song_ticks = 1'000'000'000'001;
    for (int i = 0; i < 100; ++i) meters_.lateness.record(Micros{250});
    facts_.counters = {{"midi_unsent", 7}};
    EXPECT_EQ(metric("fusiond_underruns_total"), 3.0);
    EXPECT_EQ(metric("fusiond_rung{rung=\"ngram\"}"), 1.0);
    EXPECT_EQ(metric("fusiond_rung{rung=\"neural\"}"), 0.0);
    EXPECT_NEAR(metric("fusiond_song_beats"), 1041666666.6677, 0.0001);
    EXPECT_DOUBLE_EQ(metric("fusiond_lateness_p99_seconds"), 250e-6);
    EXPECT_EQ(metric("fusiond_midi_unsent_total"), 7.0);
    EXPECT_EQ(metric("fusiond_info{version=\"1.2.3\"}"), 1.0);
    EXPECT_GT(metric("process_resident_memory_bytes"), 1e6);
}

// What promtool would say of a page: each name once, with its help and type before its values.
TEST_F(Watched, WritesPrometheusTextFormat) {
    pass(1s);
    std::istringstream lines{health_.metrics().body};
    std::map<std::string, std::string> types;
    std::string named;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        std::string first;
        std::string kind;
        std::string name;
        words >> first;
        if (first == "#") {
            words >> kind >> name;
            if (kind == "HELP") {
                EXPECT_TRUE(types.find(name) == types.end()) << name << " twice";
                named = name;
            }
            if (kind == "TYPE") words >> types[name];
            EXPECT_EQ(name, named);
            continue;
        }
        const auto bare = first.substr(0, first.find('{'));
        EXPECT_EQ(bare, named) << line;
        EXPECT_EQ(types[bare] == "counter", bare.ends_with("_total")) << line;
        double value = 0.0;
        EXPECT_TRUE(words >> value) << line;
    }
    EXPECT_GT(types.size(), 20U);
}

}  // namespace
}  // namespace fusion
