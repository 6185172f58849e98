// The page as a browser gets it, and the lines that are composed beside it.
#include "daemon/training/training_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "daemon/training/line_maker.hpp"
#include "daemon/training/training_files.hpp"
#include "engine/model/bundle.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/random_bundle.hpp"
#include "tests/support/scratch_folder.hpp"

namespace fusion {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using namespace std::chrono_literals;
using testing::HasSubstr;

http::response<http::string_body> get(std::uint16_t port, const std::string& target,
                                      const std::string& host = "localhost") {
    boost::asio::io_context io;
    tcp::socket socket{io};
    socket.connect({boost::asio::ip::make_address("127.0.0.1"), port});
    http::request<http::empty_body> request{http::verb::get, target, 11};
    request.set(http::field::host, host);
    request.set(http::field::accept, "text/html");
    http::write(socket, request);
    boost::beast::flat_buffer buffer;
    http::response<http::string_body> answer;
    http::read(socket, buffer, answer);
    return answer;
}

class TrainingPageTest : public testing::Test {
protected:
    void SetUp() override {
        auto opened = TrainingPage::open(0);
        ASSERT_TRUE(opened) << opened.error().message;
        page_ = std::move(*opened);
    }
    std::unique_ptr<TrainingPage> page_;
};

TEST_F(TrainingPageTest, ServesThePageItsFilesAndThePanelsItUses) {
    const auto page = get(page_->port(), "/");
    EXPECT_EQ(page.result_int(), 200U);
    EXPECT_THAT(page.body(), HasSubstr("/training.js"));
    EXPECT_THAT(std::string{page["Content-Security-Policy"]}, HasSubstr("default-src 'none'"));
    for (const auto& file : training_files())
        EXPECT_EQ(get(page_->port(), "/" + std::string{file.name}).result_int(), 200U) << file.name;
    for (const auto* name : {"panel.css", "icon.svg", "roll_view.js", "roll_notes.js", "colours.js",
                             "tiny_synth.js", "smf.js"})
        EXPECT_EQ(get(page_->port(), std::string{"/panel/"} + name).result_int(), 200U) << name;
    for (const auto* name : {"/nothing", "/panel/nothing", "/panel"})
        EXPECT_EQ(get(page_->port(), name).result_int(), 404U) << name;
    EXPECT_EQ(get(page_->port(), "/", "evil.example").result_int(), 403U);
}

TEST_F(TrainingPageTest, TellsTheTrainingAsItGoesOn) {
    page_->account().shows("phase 2", 0.5, 10s, "");
    const auto answer = get(page_->port(), "/training.json");
    EXPECT_EQ(std::string{answer["Content-Type"]}, "application/json");
    EXPECT_EQ(nlohmann::json::parse(answer.body())["work"], "phase 2");
}

TEST_F(TrainingPageTest, SaysThatAPortIsTaken) {
    const auto second = TrainingPage::open(page_->port());
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().message, HasSubstr(std::to_string(page_->port())));
}

TEST_F(TrainingPageTest, ComposesALineWithEachBundleThatIsWritten) {
    const ScratchFolder folder;
    const auto file = folder.path() / "random.bundle";
    ASSERT_TRUE(save_bundle(random_bundle(2), file, TensorPrecision::f16));
    page_->account().wrote(file);
    const auto line = [&] {
        return nlohmann::json::parse(get(page_->port(), "/training.json").body())["line"];
    };
    ASSERT_TRUE(test::eventually([&] { return line()["number"] == 1; },
                                 [] { std::this_thread::sleep_for(20ms); }));
    EXPECT_EQ(line()["genres"], nlohmann::json({"genre0", "genre1"}));
    EXPECT_EQ(line()["notes"].size(), 64U);
    page_->account().wrote(folder.path() / "nothing.bundle");
    ASSERT_TRUE(test::eventually(
        [&] {
            const auto said =
                nlohmann::json::parse(get(page_->port(), "/training.json").body())["said"];
            return !said.empty() &&
                   said.back().get<std::string>().find("no line was composed") == 0;
        },
        [] { std::this_thread::sleep_for(20ms); }));
}

TEST(LineMaker, LaysNotesOneAfterTheOther) {
    const ScratchFolder folder;
    const auto file = folder.path() / "random.bundle";
    ASSERT_TRUE(save_bundle(random_bundle(2), file, TensorPrecision::f16));
    const auto line = compose_with(file, 3);
    ASSERT_TRUE(line) << line.error().message;
    ASSERT_EQ(line->notes.size(), 64U);
    double end = 0.0;
    for (const auto& note : line->notes) {
        EXPECT_GE(note.start, end - 1e-9);
        EXPECT_GT(note.beats, 0.0);
        EXPECT_GT(note.velocity, 0);
        end = note.start + note.beats;
    }
    const auto again = compose_with(file, 3);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->notes[40].pitch, line->notes[40].pitch) << "the same dice";
}

}  // namespace
}  // namespace fusion
