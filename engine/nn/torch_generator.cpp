#include "engine/nn/torch_generator.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <exception>
#include <utility>

#include <fmt/format.h>
#include <torch/cuda.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "engine/base/log.hpp"
#include "engine/model/harmony.hpp"
#include "engine/model/lead.hpp"
#include "engine/model/manners.hpp"
#include "engine/model/monotony.hpp"
#include "engine/model/recall.hpp"
#include "engine/model/sampling.hpp"
#include "engine/nn/blas_threads.hpp"
#include "engine/nn/internal/step_recall.hpp"
#include "engine/nn/internal/step_weights.hpp"
#include "engine/nn/networks.hpp"

namespace fusion {
namespace {

using torch::Tensor;
using torch::indexing::Slice;

// Letters: G genres, V events, L line scores, S recall slots, P bar positions, M meter classes, R
// kept steps.

// Torch's flags that hold for one thread each, set where the thread first comes by.
void set_this_thread_up() {
    thread_local const bool flushed = at::globalContext().setFlushDenormal(true);
    (void)flushed;
}

class TorchGenerator final : public Generator {
public:
    TorchGenerator(const Bundle& bundle, torch::Device device)
        : bundle_{bundle},
          device_{device},
          weights_{bundle, device},
          recall_{bundle.vocabulary, device},
          memory_{bundle.vocabulary},
          harmony_{bundle.vocabulary},
          classes_{bundle.vocabulary},
          genre_count_{static_cast<std::int64_t>(bundle.genres.size())},
          events_{static_cast<std::int64_t>(bundle.vocabulary.size())} {
        const auto options = torch::TensorOptions{}.dtype(torch::kFloat32).device(device);
        const auto kept = std::int64_t{kKeptSteps};
        rnn_state_ = torch::zeros({kept, genre_count_, 1, kPhase1Hidden}, options);
        lstm_h_ = torch::zeros({kept, genre_count_, kPhase2Hidden}, options);
        lstm_c_ = torch::zeros({kept, genre_count_, kPhase2Hidden}, options);
        proposal_ = torch::zeros({kept, genre_count_, events_}, options);
        phase1_in_ = torch::zeros({genre_count_, 1, kPhase1Dense + kPhase1Hidden}, options);
        lstm_in_ = torch::zeros({genre_count_, kPhase2Dense + kPhase2Hidden}, options);
        reset();
    }

    [[nodiscard]] const Vocabulary& vocabulary() const override { return bundle_.vocabulary; }
    [[nodiscard]] std::span<const std::string> genres() const override { return bundle_.genres; }
    [[nodiscard]] std::uint32_t next_index() const override { return next_index_; }

    Result<GeneratedEvent> generate(const StepRequest& request) override {
        assert(request.index == next_index_);
        if (next_index_ - oldest_ >= kKeptSteps - 1)
            return fail(
                Error::Code::out_of_range,
                fmt::format(
                    "{} steps are generated and none committed; the horizon must be shorter",
                    kKeptSteps - 1));
        try {
            set_this_thread_up();
            const c10::InferenceMode inference;
            return step(request);
        } catch (const std::exception& thrown) {
            computed_to_ = std::min(computed_to_, next_index_);
            return fail(Error::Code::unavailable,
                        fmt::format("the networks on {}: {}", device_.str(), thrown.what()));
        }
    }

    void rollback(std::uint32_t index) override {
        assert(index >= oldest_ && index <= next_index_);
        memory_.pop(next_index_ - index);
        next_index_ = index;
    }

    void forget_before(std::uint32_t index) override { oldest_ = std::max(oldest_, index); }

    void skip_to(std::uint32_t index) override {
        // The last state is taken along: the streams have merely not heard what others played.
        const c10::InferenceMode inference;
        const auto from = ring(next_index_ + kKeptSteps - 1);
        const auto to = ring(index + kKeptSteps - 1);
        if (from != to) {
            for (auto* buffer : {&rnn_state_, &lstm_h_, &lstm_c_})
                (*buffer)[to].copy_((*buffer)[from]);
            slots_[static_cast<std::size_t>(to)] = slots_[static_cast<std::size_t>(from)];
        }
        next_index_ = index;
        oldest_ = index;
        computed_to_ = index;
        memory_.clear();  // what comes next does not follow on what is remembered
    }

    void reset() override {
        const c10::InferenceMode inference;
        // Step 0 reads the slot before it, which is the ring's last.
        for (auto* buffer : {&rnn_state_, &lstm_h_, &lstm_c_}) buffer->zero_();
        slots_.fill(Slot{});
        for (auto& one : slots_) {
            one.event = static_cast<EventId>(events_);
            one.own.fill(static_cast<EventId>(events_));
            one.own_pitch.fill(kNoPitch);
        }
        memory_.clear();
        next_index_ = 0;
        oldest_ = 0;
        computed_to_ = 0;
    }

private:
    // What is known of a kept step beside its rows of the state buffers.
    struct Slot {
        // Chosen by the head.
        EventId event = 0;
        std::array<EventId, kMaxGenres> own{};             // each genre's own proposal
        std::array<std::uint8_t, kMaxGenres> own_pitch{};  // of its own last note
        // What the streams' half was computed from; it stands as long as these do.
        std::uint8_t position = 0;
        MeterClass meter = MeterClass::quadruple;
        float coupling = 1.0F;
        EventId before = 0;
        std::array<EventId, kMaxGenres> own_before{};
        nn::ToldToStep told;
    };

    static std::int64_t ring(std::uint32_t index) { return index % kKeptSteps; }
    Slot& slot(std::uint32_t index) { return slots_[static_cast<std::size_t>(ring(index))]; }
    const Slot& slot_before(std::uint32_t index) { return slot(index + kKeptSteps - 1); }

    [[nodiscard]] bool streams_stand(const StepRequest& request, const nn::ToldToStep& told) {
        const Slot& at = slot(request.index);
        const Slot& before = slot_before(request.index);
        return request.index < computed_to_ && at.position == request.position &&
               at.meter == request.meter && at.coupling == request.sampling.coupling &&
               at.before == before.event && at.told == told &&
               (request.sampling.coupling == 1.0F || at.own_before == before.own);
    }

    GeneratedEvent step(const StepRequest& request) {
        const nn::ToldToStep told{memory_.recall(request.position, request.meter),
                                  recall_.habits(memory_, request.position, request.meter),
                                  told_of(request.harmony)};
        if (!streams_stand(request, told)) run_streams(request, told);
        GeneratedEvent made;
        const auto traits = traits_now(request, told);
        made.proposals = propose(request, traits);
        made.event = request.forced ? *request.forced : decide(request, told, traits);
        made.velocity = velocity_of(bundle_.accents, bundle_.vocabulary, made.event,
                                    slot_before(request.index).event, request)
                            .count();
        keep(request, made);
        ++next_index_;
        return made;
    }

    void keep(const StepRequest& request, const GeneratedEvent& made) {
        Slot& at = slot(request.index);
        at.event = made.event;
        at.own = made.proposals;
        for (std::size_t g = 0; g < bundle_.genres.size(); ++g) {
            const auto& own = bundle_.vocabulary[made.proposals[g]];
            at.own_pitch[g] =
                own.is_rest() ? slot_before(request.index).own_pitch[g] : own.pitch->count();
        }
        memory_.push(made.event, request.position, request.blend);
        // Another event here than the one that the next step's streams heard: theirs no longer
        // stand.
        if (request.index + 1 < computed_to_ && !next_heard(request.index))
            computed_to_ = request.index + 1;
    }

    // The streams' half of step request.index, into its row of the buffers.
    void run_streams(const StepRequest& request, const nn::ToldToStep& told) {
        const auto now = ring(request.index);
        const auto before = ring(request.index + kKeptSteps - 1);
        const Slot& last = slot_before(request.index);
        const auto context =
            static_cast<std::int64_t>(request.position) * static_cast<std::int64_t>(kMeterClasses) +
            static_cast<std::int64_t>(request.meter);
        const float coupling = request.sampling.coupling;
        const auto& w = weights_;

        const auto of_genres = [this](const Tensor& row) {
            return row.reshape({genre_count_, kPhase1Dense});
        };
        auto heard = w.event1[last.event] + of_genres(recall_.row(w.recall1, told.recall));
        // A genre that follows its own melody recalls nothing of the fused one.
        if (coupling < 1.0F)
            heard = torch::lerp(own_rows(last) + of_genres(recall_.row(w.recall1, Recall{})), heard,
                                coupling);
        heard.add_(of_genres(recall_.row(w.chord1, told.chords)));
        auto x1 = phase1_in_.index({Slice(), 0, Slice(0, kPhase1Dense)});
        torch::add_out(x1, heard, w.context1[context]).relu_();
        phase1_in_.index({Slice(), Slice(), Slice(kPhase1Dense)}).copy_(rnn_state_[before]);
        auto rnn_now = rnn_state_[now];
        torch::baddbmm_out(rnn_now, w.rnn_bias, phase1_in_, w.rnn);
        rnn_now.tanh_();
        const auto mid = torch::baddbmm(w.mid1_bias, rnn_now, w.mid1).relu_();
        const auto outputs = torch::baddbmm(w.out1_bias, mid, w.out1).squeeze(1);  // (G, V + L)
        auto logits = recall_.logits(outputs, recall_.recalled(told, genre_count_));
        if (coupling < 1.0F)
            logits = torch::lerp(
                recall_.logits(outputs, recall_.last_notes(own_pitches(last), told.chords)), logits,
                coupling);
        const auto proposal = proposal_[now];  // (G, V), log-probabilities
        proposal.copy_(torch::log_softmax(logits, 1));

        auto x2 = torch::addmm(w.genre2, proposal.exp(), w.proposal2);  // (G, 256)
        x2.add_(w.event2[last.event])
            .add_(w.context2[context])
            .add_(recall_.row(w.recall2, told.recall))
            .add_(recall_.row(w.chord2, told.chords))
            .relu_();
        lstm_in_.index({Slice(), Slice(0, kPhase2Dense)}).copy_(x2);
        lstm_in_.index({Slice(), Slice(kPhase2Dense)}).copy_(lstm_h_[before]);
        const auto gates = torch::addmm(w.lstm_bias, lstm_in_, w.lstm).chunk(4, 1);  // i, f, c~, o
        auto c = lstm_c_[now];
        torch::mul_out(c, gates[1].sigmoid(), lstm_c_[before]);
        c.addcmul_(gates[0].sigmoid(), gates[2].tanh());
        auto h = lstm_h_[now];
        torch::mul_out(h, gates[3].sigmoid(), c.tanh());

        Slot& at = slot(request.index);
        at.position = request.position;
        at.meter = request.meter;
        at.coupling = request.sampling.coupling;
        at.before = last.event;
        at.own_before = last.own;
        at.told = told;
        computed_to_ = request.index + 1;
    }

    // Each genre's row for the last event of its own melody. (G, 128)
    Tensor own_rows(const Slot& last) {
        std::vector<Tensor> rows;
        for (std::int64_t g = 0; g < genre_count_; ++g)
            rows.push_back(weights_.event1[last.own[static_cast<std::size_t>(g)]][g]);
        return torch::stack(rows);
    }

    [[nodiscard]] std::span<const std::uint8_t> own_pitches(const Slot& last) const {
        return {last.own_pitch.data(), static_cast<std::size_t>(genre_count_)};
    }

    // Only where somebody has manners.
    [[nodiscard]] Traits traits_now(const StepRequest& request, const nn::ToldToStep& told) const {
        if (bundle_.manners.empty()) return {};
        return traits_of(memory_, told.recall, classes_, bundle_.vocabulary, request.position,
                         request.meter);
    }

    std::array<EventId, kMaxGenres> propose(const StepRequest& request, const Traits& traits) {
        std::array<EventId, kMaxGenres> proposals;
        proposals.fill(kNoProposal);
        auto scores = proposal_[ring(request.index)].to(torch::kCPU).clone();  // (G, V)
        for (std::int64_t g = 0; g < genre_count_; ++g) {
            const auto stream =
                static_cast<std::uint8_t>(static_cast<std::int64_t>(DiceStream::genre_base) + g);
            const std::span<float> own{scores[g].data_ptr<float>(),
                                       static_cast<std::size_t>(events_)};
            const auto sampling =
                suited(request.sampling, bundle_.dice, static_cast<std::size_t>(g));
            if (!bundle_.manners.empty())
                behave(own, bundle_.manners[static_cast<std::size_t>(g)], traits, classes_);
            lean_towards(own, bundle_.vocabulary, sampling);
            temper_lengths(own, bundle_.vocabulary, sampling.lengths);
            harmony_.pull(
                own, request.harmony,
                note_of(slot_before(request.index).own_pitch[static_cast<std::size_t>(g)]));
            proposals[static_cast<std::size_t>(g)] =
                choose(own, sampling, {request.sampling.seed, request.index, request.part, stream});
        }
        return proposals;
    }

    EventId decide(const StepRequest& request, const nn::ToldToStep& told, const Traits& traits) {
        const auto now = ring(request.index);
        const Blend now_led = led(request);
        std::array<float, kMaxGenres> shares = now_led.share;
        const auto blend =
            torch::from_blob(shares.data(), {genre_count_}, torch::kFloat32).to(device_);
        const auto& w = weights_;
        const auto mixed = torch::mv(lstm_h_[now].t(), blend);  // (512)
        const auto mid = torch::addmv(w.mid2_bias, w.mid2, mixed).relu_();
        const auto outputs = torch::addmv(w.out2_bias, w.out2, mid).unsqueeze(0);  // (1, V + L)
        const auto each = proposal_[now].exp();                                    // (G, V)
        const auto expected = torch::mv(each.t(), blend).clamp_min_(kLeastProbability).log_();
        auto logits = recall_.logits(outputs, recall_.recalled(told, 1)).squeeze(0);
        auto scores = torch::log_softmax(logits.add_(expected, w.experts), 0);
        const SamplingSettings sampling = suited(request.sampling, bundle_.dice, now_led);
        if (sampling.guidance > 0.0F) {
            const auto all = each.mean(0).clamp_min_(kLeastProbability).log_();
            scores.add_(expected - all, sampling.guidance);
        }
        auto on_cpu = scores.to(torch::kCPU).contiguous();
        const std::span<float> chosen_from{on_cpu.data_ptr<float>(),
                                           static_cast<std::size_t>(events_)};
        if (!bundle_.manners.empty())
            behave(chosen_from, fusion::mixed(bundle_.manners, now_led), traits, classes_);
        lean_towards(chosen_from, bundle_.vocabulary, sampling);
        temper_lengths(chosen_from, bundle_.vocabulary, sampling.lengths);
        if (request.returns) {
            const auto began = memory_.began_ago(request.returns->ago);
            if (began && request.returns->kind == ReturnKind::again)
                expect(chosen_from, *began, request.returns->likeness);
            else if (began)
                limit_tone(chosen_from, bundle_.vocabulary, *began, request.returns->likeness);
        }
        harmony_.pull(chosen_from, request.harmony, note_of(told.recall.last_pitch));
        forbid_longer_rests(chosen_from, bundle_.vocabulary, request.longest_rest);
        if (const auto worn = memory_.worn_out(request.position, request.meter))
            forbid(chosen_from, *worn);
        if (const auto worn = worn_note(memory_))
            forbid_note(chosen_from, bundle_.vocabulary, *worn);
        return choose(chosen_from, sampling, dice_of(request, DiceStream::fused));
    }

    static std::optional<Pitch> note_of(std::uint8_t pitch) {
        return pitch == kNoPitch ? std::nullopt : std::optional{Pitch{pitch}};
    }

    // Whether the streams' half of the step after `index` was computed from what stands at `index`.
    [[nodiscard]] bool next_heard(std::uint32_t index) {
        const Slot& here = slot(index);
        const Slot& next = slot(index + 1);
        return next.before == here.event && (next.coupling == 1.0F || next.own_before == here.own);
    }

    const Bundle& bundle_;
    torch::Device device_;
    nn::StepWeights weights_;
    nn::StepRecall recall_;
    LineMemory memory_;  // the line up to next_index_
    HarmonyExpert harmony_;
    EventClasses classes_;
    std::int64_t genre_count_;
    std::int64_t events_;
    std::uint32_t next_index_ = 0;
    std::uint32_t oldest_ = 0;
    std::uint32_t computed_to_ =
        0;  // steps from oldest_ to here have a streams' half in the buffers
    std::array<Slot, kKeptSteps> slots_{};

    Tensor rnn_state_;  // (R, G, 1, 256)
    Tensor lstm_h_;     // (R, G, 512)
    Tensor lstm_c_;     // (R, G, 512)
    Tensor proposal_;   // (R, G, V) log-probabilities of phase 1
    Tensor phase1_in_;  // (G, 1, 128+256)
    Tensor lstm_in_;    // (G, 256+512)
};

struct Measured {
    std::unique_ptr<Generator> generator;
    double step_us = 0.0;
};

// Warms the generator up and takes the median of a few steps.
Result<Measured> warmed_up(const Bundle& bundle, torch::Device device) {
    constexpr std::uint32_t kWarm = 8;
    constexpr std::uint32_t kTimed = 16;
    Measured made;
    try {
        made.generator = std::make_unique<TorchGenerator>(bundle, device);
    } catch (const std::exception& thrown) {
        return fail(Error::Code::unavailable,
                    fmt::format("device {}: {}", device.str(), thrown.what()));
    }
    std::array<double, kTimed> times{};
    for (std::uint32_t i = 0; i < kWarm + kTimed; ++i) {
        StepRequest request;
        request.index = i;
        request.blend.share[0] = 1.0F;
        const auto begin = std::chrono::steady_clock::now();
        if (auto event = made.generator->generate(request); !event)
            return tl::unexpected{event.error()};
        const std::chrono::duration<double, std::micro> took =
            std::chrono::steady_clock::now() - begin;
        if (i >= kWarm) times[i - kWarm] = took.count();
    }
    std::nth_element(times.begin(), times.begin() + kTimed / 2, times.end());
    made.step_us = times[kTimed / 2];
    made.generator->reset();
    return made;
}

Status cuda_there() {
    if (!at::hasCUDA())
        return fail(Error::Code::unavailable,
                    "device cuda: this LibTorch is built without CUDA; build against a CUDA "
                    "LibTorch, or use --device cpu");
    if (torch::cuda::device_count() == 0)
        return fail(Error::Code::unavailable,
                    "device cuda: LibTorch has CUDA but the machine shows no NVIDIA GPU; look at "
                    "nvidia-smi, or use --device cpu");
    return {};
}

}  // namespace

Result<std::unique_ptr<Generator>> make_torch_generator(const Bundle& bundle, DeviceChoice device) {
    if (auto fits = check_tensors(bundle); !fits) return tl::unexpected{fits.error()};
    use_one_thread_per_product();
    const auto cuda = cuda_there();
    if (device == DeviceChoice::cuda && !cuda) return tl::unexpected{cuda.error()};

    if (device == DeviceChoice::cuda || (device == DeviceChoice::automatic && cuda)) {
        auto on_gpu = warmed_up(bundle, torch::Device{torch::kCUDA});
        if (device == DeviceChoice::cuda) {
            if (!on_gpu) return tl::unexpected{on_gpu.error()};
            log::info("device cuda: {:.0f} µs a step", on_gpu->step_us);
            return std::move(on_gpu->generator);
        }
        auto on_cpu = warmed_up(bundle, torch::Device{torch::kCPU});
        if (on_gpu && (!on_cpu || on_gpu->step_us < on_cpu->step_us)) {
            log::info("device auto: cuda, {:.0f} µs a step", on_gpu->step_us);
            return std::move(on_gpu->generator);
        }
        if (!on_cpu) return tl::unexpected{on_cpu.error()};
        log::info("device auto: cpu, {:.0f} µs a step", on_cpu->step_us);
        return std::move(on_cpu->generator);
    }
    auto on_cpu = warmed_up(bundle, torch::Device{torch::kCPU});
    if (!on_cpu) return tl::unexpected{on_cpu.error()};
    log::info("device cpu: {:.0f} µs a step", on_cpu->step_us);
    return std::move(on_cpu->generator);
}

}  // namespace fusion
