#include "daemon/hands/style_desk.hpp"

#include <algorithm>
#include <cmath>

namespace fusion {
namespace {

constexpr double kOfTheWay = 1.0 / 16.0;  // in a beat

}  // namespace

void StyleDesk::played(const PlayedEvent& event) {
    const auto& now = params_.current();
    if (event.kind != PlayedEvent::Kind::beat || !now.on(ParamId::follow_style)) return;
    if (now.integer(ParamId::sync) != 0) return;
    const auto blend = normalised(now.weights);
    const auto band = book_.now().book.band;
    double known = 0.0, tempo = 0.0, swing = 0.0;
    for (std::size_t g = 0; g < std::min(band.size(), kMaxGenres); ++g) {
        const auto& style = band[g].style;
        if (style.usual <= 0.0F) continue;
        const double share = blend.share[g];
        known += share;
        tempo += share * style.usual;
        swing += share * style.swing;
    }
    if (known <= 0.0) return;
    approach(ParamId::tempo, tempo / known, 0.05);
    approach(ParamId::swing, swing / known, 0.001);
}

void StyleDesk::approach(ParamId id, double wanted, double close_enough) {
    const double now = params_.current().real(id);
    if (std::abs(wanted - now) <= close_enough) return;
    // Both lie in the range of the table.
    static_cast<void>(params_.set(id, now + kOfTheWay * (wanted - now)));
}

}  // namespace fusion
