// What comes in at all inputs of a JACK client in one cycle, in the order of its frames; at the
// same frame the first input's first. What passes through needs that order, and so do two
// controllers that turn the same thing. Thread: JACK's, in the cycle. Realtime: yes. Errors: none;
// an event that JACK does not give is passed over.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <jack/midiport.h>

#include "daemon/midi/midi_port.hpp"
#include "engine/base/realtime_contract.hpp"

namespace fusion {

class JackArrivals {
public:
    FUSION_RT explicit JackArrivals(const std::array<void*, kMostInputs>& buffers) noexcept {
        for (std::size_t i = 0; i < buffers.size(); ++i) {
            if (buffers[i] == nullptr) continue;
            inputs_[i].buffer = buffers[i];
            inputs_[i].left = FUSION_RT_TRUSTED(jack_midi_get_event_count(buffers[i]));
            take(inputs_[i]);
        }
    }

    struct Arrival {
        std::uint8_t source;
        jack_midi_event_t event;
    };
    FUSION_RT bool next(Arrival& arrival) noexcept {
        Input* first = nullptr;
        for (auto& input : inputs_)
            if (input.has_event && (first == nullptr || input.event.time < first->event.time))
                first = &input;
        if (first == nullptr) return false;
        arrival = {static_cast<std::uint8_t>(first - inputs_.data()), first->event};
        take(*first);
        return true;
    }

private:
    struct Input {
        void* buffer = nullptr;
        std::uint32_t place = 0;
        std::uint32_t left = 0;
        jack_midi_event_t event{};
        bool has_event = false;
    };

    FUSION_RT static void take(Input& input) noexcept {
        input.has_event = false;
        while (!input.has_event && input.left > 0) {
            --input.left;
            input.has_event = FUSION_RT_TRUSTED(jack_midi_event_get(&input.event, input.buffer,
                                                                    input.place++)) == 0;
        }
    }

    std::array<Input, kMostInputs> inputs_;
};

}  // namespace fusion
