#include "engine/nn/networks.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "engine/nn/internal/checkpoint.hpp"
#include "engine/nn/internal/modules.hpp"
#include "tests/support/plain_networks.hpp"
#include "tests/support/random_bundle.hpp"

namespace fusion::nn {
namespace {

using torch::Tensor;

constexpr std::size_t kEvents = 52;

// Of the steps of one window: a chord and the one before it comes, another one, none, one again.
const std::vector<ToldChords>& few_chords() {
    static const auto chord = [](int root, ChordQuality quality) {
        return code_of(Chord{pitch_class_of(root), quality});
    };
    static const std::vector<ToldChords> told{
        {chord(2, ChordQuality::minor7), chord(7, ChordQuality::dominant7), Cells{12}, true, 0},
        {chord(2, ChordQuality::minor7), chord(7, ChordQuality::dominant7), Cells{6}, false, 0},
        {chord(7, ChordQuality::dominant7), kNoChordCode, Cells{0}, true, 1},
        {kNoChordCode, chord(0, ChordQuality::major), Cells{100}, false, 7},
        {chord(0, ChordQuality::diminished), chord(0, ChordQuality::power), Cells{48}, true, 4}};
    return told;
}

// Steps of one window: the line begins, then goes on and comes back to what it was.
Context few_steps(const Bundle& bundle) {
    const std::vector<EventId> heard{7, 31, 20, 7, 31};
    const std::vector<std::uint8_t> positions{0, 12, 47, 0, 12};
    const std::vector<std::uint8_t> meters{0, 0, 2, 0, 0};
    const EventClasses classes{bundle.vocabulary};
    const auto recalls = recall_along(heard, positions, meters, bundle.vocabulary);
    LineMemory memory{bundle.vocabulary};
    Blend blend;
    blend.share[0] = 1.0F;
    std::vector<Tensor> last, position, meter, rows, event, pitch, tones, lengths, chords,
        chord_rows_told;
    for (std::size_t i = 0; i < heard.size(); ++i) {
        const auto number = [](std::int64_t n) { return torch::tensor({n}, torch::kLong); };
        last.push_back(number(i == 0 ? std::int64_t{kEvents} : heard[i - 1]));
        position.push_back(number(positions[i]));
        meter.push_back(number(meters[i]));
        const auto told = recalled_rows(recalls[i], classes);
        rows.push_back(torch::tensor(std::vector<std::int64_t>(told.begin(), told.end())));
        std::vector<std::int64_t> slots;
        for (const EventId recalled : recalls[i].event)
            slots.push_back(recalled == kNothingRecalled ? std::int64_t{kEvents} : recalled);
        event.push_back(torch::tensor(slots));
        pitch.push_back(number(recalls[i].last_pitch));
        const Habits habits =
            habits_of(memory, classes, positions[i], static_cast<MeterClass>(meters[i]));
        const auto table = [](const std::vector<float>& said, std::size_t rows_said) {
            return torch::tensor(said).reshape({1, static_cast<std::int64_t>(rows_said), -1});
        };
        tones.push_back(table(habits.tones, kToneHabits));
        lengths.push_back(table(habits.lengths, kLengthHabits));
        const auto& [now, next, next_in, first, bar] = few_chords()[i];
        chords.push_back(
            torch::tensor({std::int64_t{now.count()}, std::int64_t{next.count()}}, torch::kLong));
        const auto of_chords = chord_rows(few_chords()[i]);
        chord_rows_told.push_back(
            torch::tensor(std::vector<std::int64_t>(of_chords.begin(), of_chords.end())));
        memory.push(heard[i], positions[i], blend);
    }
    return {torch::stack(last),
            torch::stack(position),
            torch::stack(meter),
            torch::stack(rows).unsqueeze(1),
            torch::stack(chord_rows_told).unsqueeze(1),
            {torch::stack(event).unsqueeze(1), torch::stack(pitch), torch::stack(tones),
             torch::stack(lengths), torch::stack(chords).unsqueeze(1)}};
}

Context stretch(const Context& all, std::int64_t first, std::int64_t count) {
    const auto part = [&](const Tensor& t) { return t.narrow(0, first, count); };
    return {part(all.last),        part(all.position),   part(all.meter),
            part(all.recall_rows), part(all.chord_rows), all.recalled.each(part)};
}

void expect_near(const Tensor& a, const Tensor& b, double tolerance = 2e-5) {
    ASSERT_EQ(a.sizes(), b.sizes());
    EXPECT_LT((a - b).abs().max().item<double>(), tolerance);
}

TEST(RunLstm, SaysAndLearnsWhatTheStandardCellDoes) {
    torch::manual_seed(3);
    torch::nn::LSTM lstm(6, 5);
    const Tensor input = torch::randn({7, 4, 6}).requires_grad_();
    const Tensor h0 = torch::randn({4, 5}), c0 = torch::randn({4, 5});
    const Tensor pull = torch::randn({7, 4, 5});

    auto [expected, last] = lstm->forward(input, std::make_tuple(h0.unsqueeze(0), c0.unsqueeze(0)));
    auto wanted = lstm->parameters();
    wanted.push_back(input);
    const auto expected_gradients = torch::autograd::grad({(expected * pull).sum()}, wanted);

    LstmState state{h0, c0};
    const Tensor out = run_lstm(lstm, input, state);
    const auto gradients = torch::autograd::grad({(out * pull).sum()}, wanted);

    expect_near(out, expected);
    expect_near(state.h, std::get<0>(last)[0]);
    expect_near(state.c, std::get<1>(last)[0]);
    for (std::size_t i = 0; i < gradients.size(); ++i)
        expect_near(gradients[i], expected_gradients[i], 1e-4);
}

TEST(RunRnn, SaysAndLearnsWhatTheSimpleTanhCellDoes) {
    torch::manual_seed(4);
    torch::nn::RNN rnn(torch::nn::RNNOptions(6, 5).nonlinearity(torch::kTanh));
    const Tensor input = torch::randn({7, 4, 6}).requires_grad_();
    Tensor h = torch::randn({4, 5});
    const Tensor pull = torch::randn({7, 4, 5});
    auto [expected, last] = rnn->forward(input, h.unsqueeze(0));
    auto wanted = rnn->parameters();
    wanted.push_back(input);
    const auto expected_gradients = torch::autograd::grad({(expected * pull).sum()}, wanted);

    const Tensor out = run_rnn(rnn, input, h);
    const auto gradients = torch::autograd::grad({(out * pull).sum()}, wanted);

    expect_near(out, expected);
    expect_near(h, last[0]);
    for (std::size_t i = 0; i < gradients.size(); ++i)
        expect_near(gradients[i], expected_gradients[i], 1e-4);
}

TEST(Networks, ComputeWhatTheirHeaderSays) {
    torch::NoGradGuard no_grad;
    const Bundle bundle = random_bundle(2, 5, kEvents);
    Phase2 fusion = import_phase2(bundle.tensors, 2, bundle.vocabulary);
    const Context context = few_steps(bundle);
    const std::vector<double> blend{0.3, 0.7};
    Dropout none;

    std::vector<Tensor> proposals;
    for (const auto& genre : bundle.genres) {
        Tensor state;
        Phase1 network = import_phase1(bundle.tensors, genre, bundle.vocabulary);
        proposals.push_back(network->forward(context, state, none).softmax(-1));
    }
    Streams streams{torch::zeros({2}, torch::kLong), torch::arange(2, torch::kLong),
                    torch::cat(proposals, 1),
                    torch::tensor({0.3F, 0.7F}).reshape({1, 1, 2}).expand({5, 1, 2})};
    LstmState state;
    const Tensor logits = fusion->forward(context, streams, state, none);

    PlainNetworks plain{bundle};
    for (std::int64_t t = 0; t < 5; ++t) {
        const auto at = [t](const Tensor& x) {
            return static_cast<std::size_t>(x[t][0].item<std::int64_t>());
        };
        const auto expected = plain.next(at(context.last), at(context.position), at(context.meter),
                                         blend, 1.0, {}, few_chords()[static_cast<std::size_t>(t)]);
        for (std::size_t e = 0; e < kEvents; ++e) {
            const auto event = static_cast<std::int64_t>(e);
            EXPECT_NEAR(logits[t][0][event].item<double>(), expected[e], 1e-3);
            for (std::int64_t g = 0; g < 2; ++g)
                EXPECT_NEAR(streams.proposals[t][g][event].item<double>(),
                            plain.proposals[static_cast<std::size_t>(g)][e], 1e-4);
        }
    }
}

TEST(Networks, GoOnFromCallToCall) {
    torch::NoGradGuard no_grad;
    const Bundle bundle = random_bundle(1, 6, kEvents);
    Phase1 network = import_phase1(bundle.tensors, bundle.genres[0], bundle.vocabulary);
    const Context all = few_steps(bundle);
    Dropout none;
    Tensor whole, pieces;
    const Tensor expected = network->forward(all, whole, none);
    const Tensor first = network->forward(stretch(all, 0, 2), pieces, none);
    const Tensor second = network->forward(stretch(all, 2, 3), pieces, none);
    expect_near(torch::cat({first, second}), expected);
}

TEST(Networks, AStreamWithoutWeightMayBeLeftOut) {
    torch::NoGradGuard no_grad;
    const Bundle bundle = random_bundle(2, 7, kEvents);
    Phase2 fusion = import_phase2(bundle.tensors, 2, bundle.vocabulary);
    const Tensor proposals = torch::rand({5, 2, kEvents}).softmax(-1);
    Dropout none;
    LstmState both_state, alone_state;
    const Tensor both =
        fusion->forward(few_steps(bundle),
                        {torch::zeros({2}, torch::kLong), torch::arange(2, torch::kLong), proposals,
                         torch::tensor({0.0F, 1.0F}).reshape({1, 1, 2}).expand({5, 1, 2})},
                        both_state, none);
    const Tensor alone = fusion->forward(few_steps(bundle),
                                         {torch::zeros({1}, torch::kLong),
                                          torch::ones({1}, torch::kLong),
                                          proposals.narrow(1, 1, 1),
                                          {}},
                                         alone_state, none);
    expect_near(alone, both);
}

TEST(Networks, ExportWritesWhatImportRead) {
    const Bundle bundle = random_bundle(2, 8, kEvents);
    TensorMap exported;
    for (const auto& genre : bundle.genres) {
        Phase1 network = import_phase1(bundle.tensors, genre, bundle.vocabulary);
        export_phase1(network, genre, exported);
    }
    Phase2 fusion = import_phase2(bundle.tensors, 2, bundle.vocabulary);
    export_phase2(fusion, exported);
    ASSERT_EQ(exported.size(), bundle.tensors.size());
    for (const auto& [name, tensor] : bundle.tensors) {
        EXPECT_EQ(exported.at(name).shape, tensor.shape) << name;
        EXPECT_EQ(exported.at(name).values, tensor.values) << name;
    }
}

TEST(DropoutTest, IsTheSameForTheSameSeedAndKeepsTheMean) {
    const Tensor ones = torch::ones({200, 200});
    Dropout a{0.25, 9}, same{0.25, 9}, other{0.25, 10};
    const Tensor dropped = a(ones);
    EXPECT_TRUE(torch::equal(dropped, same(ones)));
    EXPECT_FALSE(torch::equal(dropped, other(ones)));
    EXPECT_NEAR(dropped.mean().item<double>(), 1.0, 0.02);
}

TEST(CheckTensors, TakesACompleteBundle) { EXPECT_TRUE(check_tensors(random_bundle(2))); }

TEST(CheckTensors, NamesTheTensorThatIsMissing) {
    Bundle bundle = random_bundle(2);
    bundle.tensors.erase("phase2/lstm.bias");
    const Status status = check_tensors(bundle);
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().message, testing::HasSubstr("phase2/lstm.bias"));
}

TEST(CheckTensors, NamesTheTensorOfAnotherShape) {
    Bundle bundle = random_bundle(2);
    bundle.tensors["phase1/genre1/mid.weight"].shape = {256, 128};
    const Status status = check_tensors(bundle);
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().message, testing::HasSubstr("phase1/genre1/mid.weight"));
    EXPECT_THAT(status.error().message, testing::HasSubstr("(128, 256)"));
}

// As bundles were before the networks heard chords.
Bundle older(Bundle bundle) {
    const auto cut = [&](const std::string& at, std::int64_t width) {
        bundle.tensors.erase(at + "in.chord");
        const auto keep = [&](const std::string& name, std::int64_t row) {
            auto& [shape, values] = bundle.tensors.at(at + name);
            shape.front() = kChordScoresFrom;
            values.resize(static_cast<std::size_t>(kChordScoresFrom * row));
        };
        keep("line.weight", width);
        keep("line.bias", 1);
    };
    for (const auto& genre : bundle.genres) cut(phase1_prefix(genre), kPhase1Dense);
    cut(phase2_prefix(), kPhase2Dense);
    return bundle;
}

TEST(CompleteOlder, MakesABundleFitThatKnewNoChordsAndIsDeafToThem) {
    torch::NoGradGuard no_grad;
    Bundle bundle = older(random_bundle(1, 6, kEvents));
    EXPECT_FALSE(check_tensors(bundle));
    complete_older(bundle);
    ASSERT_TRUE(check_tensors(bundle));
    Phase1 network = import_phase1(bundle.tensors, bundle.genres[0], bundle.vocabulary);
    const Context told = few_steps(bundle);
    Context untold = told;
    untold.chord_rows = torch::zeros_like(told.chord_rows);
    untold.recalled.chords =
        torch::full_like(told.recalled.chords, std::int64_t{kNoChordCode.count()});
    Dropout none;
    Tensor state, other;
    expect_near(network->forward(told, state, none), network->forward(untold, other, none));
}

TEST(CompleteOlder, LeavesOthersAsTheyAre) {
    const Bundle bundle = random_bundle(2);
    Bundle again = bundle;
    complete_older(again);
    EXPECT_EQ(again.tensors.at("phase1/genre1/line.weight").values,
              bundle.tensors.at("phase1/genre1/line.weight").values);
    Bundle broken = older(bundle);
    broken.tensors["phase2/line.bias"].shape = {3};
    complete_older(broken);
    EXPECT_FALSE(check_tensors(broken)) << "what fits neither is not mended";
}

TEST(CheckTensors, RefusesNumbersThatAreNotFinite) {
    Bundle bundle = random_bundle(2);
    bundle.tensors["phase2/out.bias"].values[3] = std::numeric_limits<float>::quiet_NaN();
    const Status status = check_tensors(bundle);
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().message, testing::HasSubstr("not finite"));
}

}  // namespace
}  // namespace fusion::nn
