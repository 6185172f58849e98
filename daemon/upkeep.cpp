#include "daemon/upkeep.hpp"

#include "daemon/bundle_place.hpp"
#include "daemon/live_config.hpp"

namespace fusion {

Upkeep::Upkeep(const Links& links, Composers composers, Reload::ReadConfig read, TimePoint now)
    : links_{links},
      reload_{links.config, links.params.genres(), composers, std::move(read),
              [this](const Config& fresh, const Bundle* bundle) { return obey(fresh, bundle); }},
      day_{links.config.schedule, links.params, links.hands.scenes()} {
    reload_.add_verb(links.names);
    const auto& config = links.config;
    day_.begin(now, std::chrono::seconds{config.start_delay_s},
               config.parameters[static_cast<std::size_t>(ParamId::playing)] > 0.0);
}

std::string Upkeep::obey(const Config& fresh, const Bundle* bundle) {
    if (bundle != nullptr && links_.on_bundle) links_.on_bundle(bundle_place(fresh.bundle_path));
    if (bundle != nullptr) links_.harmony.plan_from({bundle->chords, bundle->forms, bundle->band});
    return take_over(links_.config, fresh, links_.params, links_.hands).in_words();
}

}  // namespace fusion
