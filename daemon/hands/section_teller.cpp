#include "daemon/hands/section_teller.hpp"

#include <algorithm>

namespace fusion {

std::string section_text(const std::optional<SectionName>& section) {
    return section ? section->text() : "-";
}

std::string section_marker(const std::string& section) { return "section:" + section; }

void SectionTeller::played(const PlayedEvent& event) {
    if (event.kind == PlayedEvent::Kind::beat || event.kind == PlayedEvent::Kind::started)
        look(event.tick, event.due);
}

void SectionTeller::look(Ticks head, TimePoint now) {
    const auto section = desk_.section_at(cell_of(std::max(head, Ticks{0})));
    if (section == told_) return;
    told_ = section;
    listener_(section_text(section), now);
}

}  // namespace fusion
