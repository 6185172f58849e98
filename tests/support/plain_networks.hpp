// The formulas of engine/nn/networks.hpp in plain loops over double: slow, and obviously what the
// page says. The Torch generator and the training modules are compared with it.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/nn/networks.hpp"

namespace fusion {

class PlainNetworks {
public:
    explicit PlainNetworks(const Bundle& bundle)
        : bundle_{bundle},
          events_{bundle.vocabulary.size()},
          classes_{bundle.vocabulary},
          memory_{bundle.vocabulary},
          own_pitch_(bundle.genres.size(), kNoPitch),
          rnn_(bundle.genres.size(), zeros(kPhase1Hidden)),
          h_(bundle.genres.size(), zeros(kPhase2Hidden)),
          c_(bundle.genres.size(), zeros(kPhase2Hidden)) {}

    using Vector = std::vector<double>;

    // Hears `last`, which was made at the place and under the blend of the call before, and returns
    // the logits of the next event under the blend. `own`: what each genre last proposed; coupling
    // 1 ignores it.
    Vector next(std::size_t last, std::size_t position, std::size_t meter,
                const std::vector<double>& blend, double coupling,
                const std::vector<std::size_t>& own, const ToldChords& chords = {}) {
        hear(last, own);
        chords_ = chords;
        position_ = static_cast<std::uint8_t>(position);
        blend_ = {};
        for (std::size_t g = 0; g < blend.size(); ++g)
            blend_.share[g] = static_cast<float>(blend[g]);
        recall_ = memory_.recall(position_, static_cast<MeterClass>(meter));
        habits_ = habits_of(memory_, classes_, position_, static_cast<MeterClass>(meter));

        Vector mixed = zeros(kPhase2Hidden);
        proposals.clear();
        for (std::size_t g = 0; g < bundle_.genres.size(); ++g) {
            stream(g, last, position, meter, coupling, own.empty() ? last : own[g]);
            for (std::size_t i = 0; i < mixed.size(); ++i) mixed[i] += blend[g] * h_[g][i];
        }
        auto mid = product(phase2_prefix() + "mid.weight", mixed, phase2_prefix() + "mid.bias");
        for (double& x : mid) x = std::max(x, 0.0);
        auto logits = product(phase2_prefix() + "out.weight", mid, phase2_prefix() + "out.bias");
        add_line(logits, phase2_prefix(), mid, recall_, habits_, 1.0);
        for (std::size_t e = 0; e < events_; ++e) {
            double expected = 0.0;
            for (std::size_t g = 0; g < blend.size(); ++g) expected += blend[g] * proposals[g][e];
            logits[e] += values(phase2_prefix() + "out.experts")[0] *
                         std::log(std::max(expected, kLeastProbability));
        }
        return logits;
    }

    std::vector<Vector> proposals;  // of the last call: (G, V) probabilities

    static Vector log_softmax(const Vector& logits) {
        double top = -1e300;
        for (const double x : logits) top = std::max(top, x);
        double sum = 0.0;
        for (const double x : logits) sum += std::exp(x - top);
        Vector out;
        for (const double x : logits) out.push_back(x - top - std::log(sum));
        return out;
    }

private:
    // In braces it would be a list of two. NOLINTNEXTLINE(modernize-return-braced-init-list)
    static Vector zeros(std::int64_t n) { return Vector(static_cast<std::size_t>(n), 0.0); }
    static double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

    const std::vector<float>& values(const std::string& name) const {
        return bundle_.tensors.at(name).values;
    }

    void add_row(Vector& to, const std::string& name, std::size_t row, double scale = 1.0) const {
        const auto& table = values(name);
        for (std::size_t i = 0; i < to.size(); ++i) to[i] += scale * table[row * to.size() + i];
    }

    Vector product(const std::string& matrix, const Vector& x, const std::string& bias) const {
        const auto& m = values(matrix);
        const std::size_t rows = m.size() / x.size();
        Vector out(rows, 0.0);
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t i = 0; i < x.size(); ++i) out[r] += m[r * x.size() + i] * x[i];
        if (!bias.empty()) add_row(out, bias, 0);
        return out;
    }

    void hear(std::size_t last, const std::vector<std::size_t>& own) {
        if (last == events_) return;
        memory_.push(static_cast<EventId>(last), position_, blend_);
        for (std::size_t g = 0; g < own.size(); ++g)
            if (own[g] < events_)
                if (const auto& event = bundle_.vocabulary[static_cast<EventId>(own[g])];
                    !event.is_rest())
                    own_pitch_[g] = event.pitch->count();
    }

    // The rows of in.recall that a recall stands for, at `scale`.
    void add_recalled(Vector& to, const std::string& at, const Recall& recall, double scale) const {
        for (const auto row : recalled_rows(recall, classes_))
            add_row(to, at + "in.recall", static_cast<std::size_t>(row), scale);
    }

    // line(line.weight m + line.bias), as the page has it, at `scale`.
    void add_line(Vector& logits, const std::string& at, const Vector& m, const Recall& recall,
                  const Habits& habits, double scale) const {
        const auto a = product(at + "line.weight", m, at + "line.bias");
        for (std::size_t e = 0; e < events_; ++e) {
            const auto id = static_cast<EventId>(e);
            const Event& event = bundle_.vocabulary[id];
            std::size_t interval = 49;
            if (!event.is_rest() && recall.last_pitch != kNoPitch)
                interval = static_cast<std::size_t>(
                    std::clamp(event.pitch->count() - recall.last_pitch, -24, 24) + 24);
            double score = a[interval];
            for (std::size_t s = 0; s < kRecallSlots; ++s) {
                if (recall.event[s] == kNothingRecalled) continue;
                const Event& said = bundle_.vocabulary[recall.event[s]];
                if (recall.event[s] == id) score += a[50 + s];
                if (said.pitch == event.pitch) score += a[50 + kRecallSlots + s];
                if (said.duration == event.duration) score += a[50 + 2 * kRecallSlots + s];
            }
            const std::size_t trust = 50 + 3 * kRecallSlots;
            const std::size_t tones = classes_.tones.size(), lengths = classes_.lengths.size();
            for (std::size_t k = 0; k < kToneHabits; ++k)
                score += a[trust + k] * habits.tones[k * tones + classes_.tone_of[e]];
            for (std::size_t k = 0; k < kLengthHabits; ++k)
                score += a[trust + kToneHabits + k] *
                         habits.lengths[k * lengths + classes_.length_of[e]];
            logits[e] += scale * (score + of_chord(a, trust + 8, chords_.now, event) +
                                  of_chord(a, trust + 33, chords_.next, event));
        }
    }

    // What one of the two chords says of an event, its 25 scores in `a` from `first` on.
    static double of_chord(const Vector& a, std::size_t first, ChordCode code, const Event& event) {
        const Chord chord = chord_of(code);
        if (event.is_rest() || chord.is_none()) return a[first + 24];
        const int tone = event.pitch->count() % 12;
        const int above = (tone - chord.root().count() + 12) % 12;
        const bool own = (chord.tones().count() >> tone & 1) != 0;
        return a[first + static_cast<std::size_t>(above + (own ? 12 : 0))];
    }

    void add_chords(Vector& to, const std::string& at) const {
        for (const auto row : chord_rows(chords_))
            add_row(to, at + "in.chord", static_cast<std::size_t>(row));
    }

    void stream(std::size_t g, std::size_t last, std::size_t position, std::size_t meter,
                double coupling, std::size_t own) {
        const auto p1 = phase1_prefix(bundle_.genres[g]);
        auto x1 = zeros(kPhase1Dense);
        add_row(x1, p1 + "in.event", last, coupling);
        add_row(x1, p1 + "in.event", own, 1.0 - coupling);
        add_row(x1, p1 + "in.position", position);
        add_row(x1, p1 + "in.meter", meter);
        add_row(x1, p1 + "in.bias", 0);
        add_recalled(x1, p1, recall_, coupling);
        add_recalled(x1, p1, Recall{}, 1.0 - coupling);
        add_chords(x1, p1);
        for (double& x : x1) x = std::max(x, 0.0);
        auto r = product(p1 + "rnn.weight_ih", x1, p1 + "rnn.bias");
        const auto back = product(p1 + "rnn.weight_hh", rnn_[g], "");
        for (std::size_t i = 0; i < r.size(); ++i) r[i] = std::tanh(r[i] + back[i]);
        rnn_[g] = r;
        auto mid = product(p1 + "mid.weight", r, p1 + "mid.bias");
        for (double& x : mid) x = std::max(x, 0.0);
        auto logits = product(p1 + "out.weight", mid, p1 + "out.bias");
        Recall alone;
        alone.last_pitch = own_pitch_[g];
        add_line(logits, p1, mid, recall_, habits_, coupling);
        add_line(logits, p1, mid, alone, no_habits(classes_), 1.0 - coupling);
        auto q = log_softmax(logits);
        for (double& x : q) x = std::exp(x);
        proposals.push_back(q);

        auto x2 = zeros(kPhase2Dense);
        const auto p2 = phase2_prefix();
        add_row(x2, p2 + "in.event", last);
        add_row(x2, p2 + "in.position", position);
        add_row(x2, p2 + "in.meter", meter);
        add_row(x2, p2 + "in.genre", g);
        add_row(x2, p2 + "in.bias", 0);
        add_recalled(x2, p2, recall_, 1.0);
        add_chords(x2, p2);
        for (std::size_t e = 0; e < events_; ++e) add_row(x2, p2 + "in.proposal", e, q[e]);
        for (double& x : x2) x = std::max(x, 0.0);
        auto gates = product(p2 + "lstm.weight_ih", x2, p2 + "lstm.bias");
        const auto recurrent = product(p2 + "lstm.weight_hh", h_[g], "");
        const std::size_t n = h_[g].size();
        for (std::size_t i = 0; i < gates.size(); ++i) gates[i] += recurrent[i];
        for (std::size_t i = 0; i < n; ++i) {
            c_[g][i] =
                sigmoid(gates[n + i]) * c_[g][i] + sigmoid(gates[i]) * std::tanh(gates[2 * n + i]);
            h_[g][i] = sigmoid(gates[3 * n + i]) * std::tanh(c_[g][i]);
        }
    }

    const Bundle& bundle_;
    std::size_t events_;
    EventClasses classes_;
    LineMemory memory_;
    std::vector<std::uint8_t> own_pitch_;  // of each genre's own last note
    // Of the last call.
    std::uint8_t position_ = 0;
    Blend blend_;
    Recall recall_;
    Habits habits_;
    ToldChords chords_;
    std::vector<Vector> rnn_, h_, c_;  // (G, 256), (G, 512), (G, 512)
};

}  // namespace fusion
