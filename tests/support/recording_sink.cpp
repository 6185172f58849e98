#include "tests/support/recording_sink.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "engine/music/note_ledger.hpp"

namespace fusion::test {

bool RecordingSink::send(const TimedMessage& message) noexcept {
    if (refuses_ && refuses_(message)) return false;
    if (messages_.size() < messages_.capacity()) messages_.push_back(message);
    return true;
}

std::vector<TimedMessage> RecordingSink::notes_on() const {
    std::vector<TimedMessage> on;
    std::copy_if(messages_.begin(), messages_.end(), std::back_inserter(on),
                 [](const TimedMessage& m) { return m.message.is_note_on(); });
    return on;
}

std::vector<std::string> faults(const std::vector<TimedMessage>& messages) {
    std::vector<std::string> found;
    NoteLedger ledger;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const auto& message = messages[i].message;
        const auto deadline = messages[i].deadline;
        const auto pitch = message.pitch();
        if (i > 0 && deadline < messages[i - 1].deadline)
            found.push_back(fmt::format("message {} is due before the one before it", i));
        if (message.is_note_on() && ledger.sounds(message.channel(), pitch))
            found.push_back(fmt::format("message {}: note {} is doubled", i, pitch.count()));
        if (message.is_note_off() && !ledger.sounds(message.channel(), pitch))
            found.push_back(fmt::format("message {}: note {} was not on", i, pitch.count()));
        ledger.note(message);
    }
    if (ledger.count() > 0) found.push_back(fmt::format("{} notes never end", ledger.count()));
    return found;
}

}  // namespace fusion::test
