#include "engine/train/compose.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>

#include <fmt/format.h>

#include "engine/model/lead.hpp"
#include "engine/nn/torch_generator.hpp"
#include "engine/params/table.hpp"
#include "engine/train/parallel.hpp"

namespace fusion::train {

namespace {

DeviceChoice choice_of(Device device) {
    switch (device) {
        case Device::cpu: return DeviceChoice::cpu;
        case Device::cuda: return DeviceChoice::cuda;
        case Device::automatic: break;
    }
    return DeviceChoice::automatic;
}

Result<std::vector<EventSequence>> compose_order(const Bundle& bundle, const Order& order,
                                                 const Composing& how) {
    const auto generator = make_torch_generator(bundle, choice_of(how.device));
    if (!generator) return tl::unexpected{generator.error()};
    std::vector<EventSequence> lines;
    for (std::size_t n = 0; n < order.lines; ++n) {
        SamplingSettings sampling = how.sampling;
        sampling.seed += n;
        auto line = compose(**generator, {bundle.chords, bundle.forms}, order.stretches, sampling);
        if (!line) return tl::unexpected{line.error()};
        lines.push_back(std::move(*line));
    }
    return lines;
}

}  // namespace

SamplingSettings performance_settings(std::uint64_t seed) {
    const auto initial = [](ParamId id) { return static_cast<float>(spec(id).initial); };
    return {.temperature = initial(ParamId::temperature),
            .top_p = initial(ParamId::top_p),
            .decision = initial(ParamId::decision),
            .coupling = initial(ParamId::coupling),
            .guidance = initial(ParamId::guidance),
            .inertia = initial(ParamId::inertia),
            .form = initial(ParamId::form),
            .seed = seed};
}

Result<EventSequence> compose(Generator& generator, const HarmonyBook& book,
                              const std::vector<Stretch>& stretches,
                              const SamplingSettings& settings) {
    constexpr std::size_t kMostEvents = 17;  // for each note
    generator.reset();
    const Vocabulary& vocabulary = generator.vocabulary();
    const Meter meter;
    HarmonyPlan plan{book};
    HarmonyAsk harmony;
    EventSequence line;
    std::int64_t cell = 0;
    std::int64_t silent = 0;
    const double most_silent =
        spec(ParamId::longest_rest).initial * static_cast<double>(kCellsPerBeat.count());
    for (const Stretch& stretch : stretches) {
        std::size_t notes = 0;
        for (std::size_t i = 0; notes < stretch.notes && i < kMostEvents * stretch.notes; ++i) {
            StepRequest request;
            request.index = generator.next_index();
            request.position = bar_position(cell, meter);
            request.meter = meter.meter_class();
            request.phrase = phrase_of(cell, meter);
            request.blend = normalised(stretch.weights);
            request.sampling = settings;
            harmony = planned_ask(plan,
                                  {request.blend, settings.seed, request.part, settings.inertia,
                                   settings.form, meter},
                                  cell, 1.0F, harmony);
            request.harmony = harmony;
            request.returns = plan.form().returns(
                {request.blend, settings.seed, request.part, settings.form}, cell, meter);
            request.longest_rest =
                Cells{static_cast<int>(std::max(0.0, most_silent - static_cast<double>(silent)))};
            const auto made = generator.generate(request);
            if (!made) return tl::unexpected{made.error()};
            generator.forget_before(request.index);
            const Event& event = vocabulary[made->event];
            line.events.push_back(made->event);
            line.positions.push_back(request.position);
            line.meters.push_back(static_cast<std::uint8_t>(request.meter));
            line.velocities.push_back(event.is_rest() ? std::uint8_t{0} : made->velocity);
            cell += event.duration.count();
            silent = event.is_rest() ? silent + event.duration.count() : 0;
            notes += event.is_rest() ? 0 : 1;
        }
    }
    return line;
}

Result<std::vector<std::vector<EventSequence>>> compose_orders(const Bundle& bundle,
                                                               const std::vector<Order>& orders,
                                                               const Composing& how,
                                                               const std::string& what,
                                                               Progress& progress) {
    using Seconds = std::chrono::duration<double>;
    std::vector<std::vector<EventSequence>> lines(orders.size());
    std::optional<Error> failure;
    std::mutex guard;
    std::size_t done = 0;
    const auto begin = std::chrono::steady_clock::now();
    for_each_index(orders.size(), how.threads, [&](std::size_t i) {
        auto made = compose_order(bundle, orders[i], how);
        const std::lock_guard lock{guard};
        if (made)
            lines[i] = std::move(*made);
        else if (!failure)
            failure = made.error();
        ++done;
        const Seconds took = std::chrono::steady_clock::now() - begin;
        const auto all = static_cast<double>(orders.size());
        const double share = static_cast<double>(done) / all;
        progress.show(
            what, share,
            std::chrono::seconds{static_cast<std::int64_t>(took.count() * (1.0 - share) / share)},
            fmt::format("{} of {}", done, orders.size()));
    });
    if (failure) return tl::unexpected{*failure};
    return lines;
}

}  // namespace fusion::train
