#include "tests/osc/oscquery_rig.hpp"
#include "tests/osc/server_rig.hpp"
#include "tests/support/wrong_thread.hpp"

namespace fusion {
namespace {

using test::expect_not_for;

class OscServerDeathTest : public ServerRig {};
class OscQueryServerDeathTest : public OscQueryServing {};

TEST_F(OscServerDeathTest, IsControlsAlone) {
    expect_not_for(ThreadRole::clock, [&] { server_->turn(); });
    expect_not_for(ThreadRole::inference, [&] { server_->publish(PlayedEvent{}); });
    expect_not_for(ThreadRole::clock, [&] { server_->publish_scene("verse", 0.5); });
    expect_not_for(ThreadRole::midi_in, [&] { server_->publish_learned("/tempo", "CC 20"); });
    expect_not_for(ThreadRole::jack, [&] {
        server_->names().handle({"/fusiond/tempo", {}}, [](const OscMessage&) {});
    });
}

TEST_F(OscServerDeathTest, ADatagramIsTakenByControlAlone) {
    const auto bytes = encode_osc({"/fusiond/tempo", {90.0F}});
    bare_.send_to(boost::asio::buffer(bytes), to_);
    expect_not_for(ThreadRole::clock, [&] {
        for (int i = 0; i < 5000 && tempo() != 90.0; ++i) io_.run_for(Millis{2});
    });
}

TEST_F(OscQueryServerDeathTest, IsControlsAlone) {
    expect_not_for(ThreadRole::clock, [&] { server_->turn(); });
    expect_not_for(ThreadRole::clock, [&] { server_->publish({"/fusiond/note", {60}}); });
    expect_not_for(ThreadRole::jack, [&] { server_->words_are("/fusiond/scene/recall", {}); });
    expect_not_for(ThreadRole::jack, [&] { server_->path_changed("/fusiond/scene"); });
}

}  // namespace
}  // namespace fusion
