// follow_style: while it is on, each beat takes tempo and swing a little of the way to what the
// genres in the blend are played with (GenreStyle, engine/model/band_book.hpp), by their shares;
// half of the way in some eleven beats. A hand that turns them is left behind from the next beat
// on. Not while another owns the tempo, nor where the bundle does not know it.
// Thread: control. Errors: none.
#pragma once

#include "engine/params/store.hpp"
#include "engine/realtime/crossing/harmony_link.hpp"
#include "engine/realtime/crossing/played_event.hpp"

namespace fusion {

class StyleDesk {
public:
    // Both outlive it; the bundle's styles stand in the teller's book.
    StyleDesk(ParamStore& params, const HarmonyTeller& book) : params_{params}, book_{book} {}

    void played(const PlayedEvent& event);

private:
    void approach(ParamId id, double wanted, double close_enough);

    ParamStore& params_;
    const HarmonyTeller& book_;
};

}  // namespace fusion
