// What other programs send: every type tag for every kind of value, from the bytes on. What is
// understood is told by the value in force, what is not by /fail.
#include <bit>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/time_source.hpp"
#include "osc/namespace.hpp"
#include "tests/osc/osc_bytes.hpp"

namespace fusion {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

Bytes as_int(std::int32_t value) { return word(static_cast<std::uint32_t>(value)); }
Bytes as_long(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    return word(static_cast<std::uint32_t>(bits >> 32U)) + word(static_cast<std::uint32_t>(bits));
}
Bytes as_float(float value) { return word(std::bit_cast<std::uint32_t>(value)); }
Bytes as_double(double value) { return as_long(std::bit_cast<std::int64_t>(value)); }
Bytes as_text(std::string_view text) { return padded(text); }
Bytes as_char(char c) { return word(static_cast<std::uint32_t>(c)); }

class SaidOtherwise : public testing::Test {
protected:
    // The answers as lines: "/fusiond/tempo 96", "/fail /fusiond/tempo reason".
    std::vector<std::string> send(const std::string& path, const std::string& types = "",
                                  const Bytes& arguments = {}) {
        return send_to(names_, path, types, arguments);
    }
    static std::vector<std::string> send_to(OscNamespace& names, const std::string& path,
                                            const std::string& types, const Bytes& arguments) {
        const auto messages = decode_osc(padded(path) + padded("," + types) + arguments);
        if (!messages) return {"malformed: " + messages.error().message};
        std::vector<std::string> lines;
        for (const auto& message : *messages)
            names.handle(message, [&](const OscMessage& reply) {
                auto line = reply.path;
                for (const auto& arg : reply.args) line += ' ' + in_words(arg);
                lines.push_back(line);
            });
        return lines;
    }
    static std::string in_words(const OscArg& arg) {
        if (const auto* text = std::get_if<std::string>(&arg)) return *text;
        std::string number = std::to_string(*osc_number(arg));
        number.erase(number.find_last_not_of('0') + 1);
        if (number.ends_with('.')) number.pop_back();
        return number;
    }
    // "96", "dorian"
    std::string value(const std::string& tail) {
        const auto parameter = params_.find(tail);
        return in_words(names_.value_of(*parameter).args[0]);
    }

    SimulatedTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
    ActionDesk actions_{params_};
    OscNamespace names_{params_, actions_};
};

enum class Told {
    nothing,  // it was said as it is said here
    value,    // the value in force
    clamped,  // a reason and the value in force
    refused,  // a reason
};

struct Tag {
    char type;
    Bytes bytes;
    const char* in_force;  // none: as before
    Told told;
};
struct Kind {
    const char* tail;
    std::vector<Tag> tags;
};
std::ostream& operator<<(std::ostream& out, const Kind& kind) { return out << kind.tail; }

class EveryTag : public SaidOtherwise, public testing::WithParamInterface<Kind> {};

TEST_P(EveryTag, IsUnderstoodOrRefusedWithAWord) {
    const auto& [tail, tags] = GetParam();
    const auto path = std::string{"/fusiond/"} + tail;
    for (const auto& [type, bytes, in_force, told] : tags) {
        const auto before = value(tail);
        const auto revision = params_.current().revision;
        const auto answers = send(path, std::string{type}, bytes);
        EXPECT_EQ(value(tail), in_force == nullptr ? before : in_force) << type;
        const auto now = path + ' ' + value(tail);
        switch (told) {
            case Told::nothing: EXPECT_THAT(answers, IsEmpty()) << type; break;
            case Told::value: EXPECT_THAT(answers, ElementsAre(now)) << type; break;
            case Told::clamped:
                EXPECT_THAT(
                    answers,
                    ElementsAre(AllOf(StartsWith("/fail " + path), HasSubstr("clamped to")), now))
                    << type;
                break;
            case Told::refused:
                EXPECT_THAT(answers, ElementsAre(StartsWith("/fail " + path + ' '))) << type;
                EXPECT_EQ(params_.current().revision, revision) << type;
                break;
        }
    }
}

// What no value is made of, and a nil, which asks.
std::vector<Tag> with_the_rest(std::vector<Tag> tags) {
    for (const auto& [type, bytes] :
         std::vector<std::pair<char, Bytes>>{{'I', {}},
                                             {'t', as_long(1)},
                                             {'m', as_int(0x00903C40)},
                                             {'r', as_int(0x11223344)},
                                             {'b', word(3) + Bytes{'9', '6', 0, 0}}})
        tags.push_back({type, bytes, nullptr, Told::refused});
    tags.push_back({'N', {}, nullptr, Told::value});
    return tags;
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, EveryTag,
    testing::Values(Kind{"weight/jazz",
                         with_the_rest({{'i', as_int(3), "3", Told::nothing},
                                        {'h', as_long(4), "4", Told::nothing},
                                        {'f', as_float(2.5F), "2.5", Told::nothing},
                                        {'d', as_double(3.5), "3.5", Told::nothing},
                                        {'s', as_text("4.5"), "4.5", Told::value},
                                        {'S', as_text(" +6 "), "6", Told::value},
                                        {'s', as_text("96"), "10", Told::clamped},
                                        {'c', as_char('7'), "7", Told::value},
                                        {'T', {}, "1", Told::nothing},
                                        {'F', {}, "0", Told::nothing},
                                        {'s', as_text("4,5"), nullptr, Told::refused},
                                        {'s', as_text("nan"), nullptr, Told::refused},
                                        {'s', as_text("inf"), nullptr, Told::refused},
                                        {'s', as_text(""), nullptr, Told::refused},
                                        {'s', as_text("on"), nullptr, Told::refused},
                                        {'c', as_char('x'), nullptr, Told::refused}})},
                    Kind{"channel", with_the_rest({{'i', as_int(5), "5", Told::nothing},
                                                   {'h', as_long(6), "6", Told::nothing},
                                                   {'f', as_float(7.0F), "7", Told::nothing},
                                                   {'d', as_double(8.0), "8", Told::nothing},
                                                   {'s', as_text("9"), "9", Told::value},
                                                   {'S', as_text("10.0"), "10", Told::value},
                                                   {'c', as_char('4'), "4", Told::value},
                                                   {'T', {}, "1", Told::nothing},
                                                   {'F', {}, "1", Told::clamped},
                                                   {'s', as_text("C4"), nullptr, Told::refused}})},
                    Kind{"mute", with_the_rest({{'i', as_int(1), "1", Told::nothing},
                                                {'h', as_long(0), "0", Told::nothing},
                                                {'f', as_float(1.0F), "1", Told::nothing},
                                                {'d', as_double(0.0), "0", Told::nothing},
                                                {'s', as_text("on"), "1", Told::value},
                                                {'s', as_text("Off"), "0", Told::value},
                                                {'S', as_text("TRUE"), "1", Told::value},
                                                {'s', as_text("0"), "0", Told::value},
                                                {'c', as_char('1'), "1", Told::value},
                                                {'F', {}, "0", Told::nothing},
                                                {'T', {}, "1", Told::nothing},
                                                {'s', as_text("maybe"), nullptr, Told::refused}})},
                    Kind{"scale", with_the_rest({{'i', as_int(3), "dorian", Told::nothing},
                                                 {'h', as_long(2), "minor", Told::nothing},
                                                 {'f', as_float(3.0F), "dorian", Told::nothing},
                                                 {'d', as_double(2.0), "minor", Told::nothing},
                                                 {'s', as_text("dorian"), "dorian", Told::nothing},
                                                 {'s', as_text("Minor"), "minor", Told::value},
                                                 {'S', as_text("Harmonic minor"), "harmonic_minor",
                                                  Told::value},
                                                 {'s', as_text("3"), "dorian", Told::value},
                                                 {'c', as_char('2'), "minor", Told::value},
                                                 {'T', {}, "major", Told::nothing},
                                                 {'F', {}, "off", Told::nothing},
                                                 {'s', as_text("klingon"), nullptr, Told::refused},
                                                 {'s', as_text("99"), nullptr, Told::refused}})},
                    Kind{"key", with_the_rest({{'i', as_int(2), "D", Told::nothing},
                                               {'s', as_text("C#"), "C#", Told::nothing},
                                               {'s', as_text("Db"), "C#", Told::value},
                                               {'s', as_text("A#"), "Bb", Told::value},
                                               {'S', as_text("Cb"), "B", Told::value},
                                               {'s', as_text("c sharp"), "C#", Told::value},
                                               {'s', as_text("E♭"), "Eb", Told::value},
                                               {'c', as_char('g'), "G", Told::value},
                                               {'c', as_char('C'), "C", Told::nothing},
                                               {'s', as_text("H"), nullptr, Told::refused},
                                               {'s', as_text("As"), nullptr, Told::refused},
                                               {'s', as_text("AM"), nullptr, Told::refused}})}),
    [](const auto& of) {
        std::string name{of.param.tail};
        std::erase(name, '/');
        return name;
    });

TEST_F(SaidOtherwise, AnActionIsDoneByWhateverAButtonSends) {
    std::uint32_t panics = 0;
    for (const auto& [type, bytes] : std::vector<std::pair<char, Bytes>>{{'i', as_int(1)},
                                                                         {'h', as_long(1)},
                                                                         {'f', as_float(1.0F)},
                                                                         {'d', as_double(127.0)},
                                                                         {'s', as_text("1")},
                                                                         {'S', as_text("on")},
                                                                         {'c', as_char('1')},
                                                                         {'T', {}},
                                                                         {'I', {}}}) {
        EXPECT_THAT(send("/fusiond/panic", std::string{type}, bytes), IsEmpty()) << type;
        EXPECT_EQ(params_.current().panics, ++panics) << type;
    }
    for (const auto& [type, bytes] : std::vector<std::pair<char, Bytes>>{
             {'i', as_int(0)}, {'s', as_text("0")}, {'s', as_text("off")}, {'F', {}}})
        EXPECT_THAT(send("/fusiond/panic", std::string{type}, bytes), IsEmpty()) << type;
    EXPECT_EQ(params_.current().panics, panics) << "a release is none";
    for (const auto& [type, bytes] :
         std::vector<std::pair<char, Bytes>>{{'N', {}}, {'s', as_text("now")}, {'t', as_long(1)}})
        EXPECT_THAT(send("/fusiond/panic", std::string{type}, bytes),
                    ElementsAre(StartsWith("/fail /fusiond/panic ")))
            << type;
    EXPECT_EQ(params_.current().panics, panics) << "a question does nothing";
}

TEST_F(SaidOtherwise, AnActionsNumberMayBeText) {
    EXPECT_THAT(send("/fusiond/nudge", "s", as_text("-12.5")), IsEmpty());
    EXPECT_EQ(params_.current().nudged_ms, -12.5);
    EXPECT_THAT(send("/fusiond/nudge", "s", as_text("12,5")), ElementsAre(HasSubstr("write 12.5")));
    std::optional<double> beats;
    actions_.assign(ActionId::scene_recall, [&](const ActionCall& call) -> Status {
        beats = call.number;
        return {};
    });
    EXPECT_THAT(send("/fusiond/scene/recall", "ss", as_text("verse") + as_text("8")), IsEmpty());
    EXPECT_EQ(beats, 8.0);
    EXPECT_THAT(send("/fusiond/scene/recall", "sN", as_text("verse")), IsEmpty());
    EXPECT_EQ(beats, std::nullopt) << "a nil is not given";
}

TEST_F(SaidOtherwise, KeyAndScaleAreSetAtOnceInOneRevision) {
    const auto revision = params_.current().revision;
    EXPECT_THAT(send("/fusiond/key", "s", as_text("D dorian")),
                ElementsAre("/fusiond/key D", "/fusiond/scale dorian"));
    EXPECT_EQ(params_.current().revision, revision + 1);
    EXPECT_THAT(send("/fusiond/scale", "s", as_text("Am")),
                ElementsAre("/fusiond/scale minor", "/fusiond/key A"));
    EXPECT_THAT(send("/fusiond/key", "ss", as_text("Eb") + as_text("lydian")),
                ElementsAre("/fusiond/key Eb", "/fusiond/scale lydian"));
    EXPECT_THAT(send("/fusiond/key", "ss", as_text("D") + as_text("klingon")),
                ElementsAre(StartsWith("/fail /fusiond/key ")));
    EXPECT_EQ(value("key"), "Eb");
}

TEST_F(SaidOtherwise, AnArrayIsWhatIsInIt) {
    EXPECT_THAT(send("/fusiond/weights", "[ff]", as_float(1.0F) + as_float(2.0F)), IsEmpty());
    EXPECT_EQ(value("weight/jazz"), "1");
    EXPECT_EQ(value("weight/pop"), "2");
    EXPECT_THAT(send("/fusiond/tempo", "[[f]]", as_float(96.0F)), IsEmpty());
    EXPECT_EQ(value("tempo"), "96");
    EXPECT_THAT(send("/fusiond/tempo", "[]"), ElementsAre("/fusiond/tempo 96"));
    for (const auto* broken : {"[f", "f]", "]f["})
        EXPECT_THAT(send("/fusiond/tempo", broken, as_float(90.0F)),
                    ElementsAre(StartsWith("malformed")))
            << broken;
    EXPECT_EQ(value("tempo"), "96");
}

TEST_F(SaidOtherwise, WeightsTogetherMayBeText) {
    EXPECT_THAT(send("/fusiond/weights", "sf", as_text("3") + as_float(4.0F)),
                ElementsAre("/fusiond/weights 3 4"));
    EXPECT_THAT(send("/fusiond/weights", "ss", as_text("1") + as_text("much")),
                ElementsAre(HasSubstr("argument 2")));
    EXPECT_EQ(value("weight/jazz"), "3");
    EXPECT_THAT(send("/fusiond/weight/jazz", "ss", as_text("8") + as_text("16")),
                ElementsAre("/fusiond/weight/jazz 8"));
    EXPECT_EQ(params_.current().ramps[0], 16.0F);
}

TEST_F(SaidOtherwise, WhatIsOneTooManyIsObeyedAndToldOnceInTheLog) {
    testing::internal::CaptureStderr();
    EXPECT_THAT(send("/fusiond/tempo", "ff", as_float(96.0F) + as_float(1.0F)),
                ElementsAre("/fusiond/tempo 96"));
    const auto log = testing::internal::GetCapturedStderr();
    EXPECT_THAT(log, HasSubstr("OSC /fusiond/tempo: 2 arguments where 1"));
    testing::internal::CaptureStderr();
    EXPECT_THAT(send("/fusiond/tempo", "fb", as_float(97.0F) + word(0)),
                ElementsAre("/fusiond/tempo 97"));
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    testing::internal::CaptureStderr();
    EXPECT_THAT(send("/fusiond/weight/jazz", "fff", as_float(1) + as_float(2) + as_float(3)),
                ElementsAre("/fusiond/weight/jazz 1"));
    EXPECT_THAT(send("/fusiond/weights", "fff", as_float(3) + as_float(4) + as_float(5)),
                ElementsAre("/fusiond/weights 3 4"));
    EXPECT_THAT(send("/fusiond/panic", "ii", as_int(1) + as_int(1)), IsEmpty());
    EXPECT_EQ(params_.current().panics, 1U);
    EXPECT_THAT(send("/fusiond/key", "ii", as_int(2) + as_int(3)), ElementsAre("/fusiond/key D"));
    const auto others = testing::internal::GetCapturedStderr();
    for (const auto* path : {"weight/jazz", "weights", "panic", "key"})
        EXPECT_THAT(others, HasSubstr("OSC /fusiond/" + std::string{path} + ':'));
    EXPECT_THAT(send("/fusiond/tempo", std::string(200, 'T')),
                ElementsAre(HasSubstr("200 arguments")))
        << "no slip any more";
}

TEST_F(SaidOtherwise, APathMayEndWithASlashAndDifferInCase) {
    EXPECT_THAT(send("/fusiond/tempo/", "f", as_float(96.0F)), ElementsAre("/fusiond/tempo 96"));
    EXPECT_THAT(send("/fusiond/weight/Jazz", "f", as_float(2.0F)),
                ElementsAre("/fusiond/weight/jazz 2"));
    EXPECT_THAT(send("/Fusiond/Tempo//"), ElementsAre("/fusiond/tempo 96"));
    EXPECT_THAT(send("/fusiond/Panic"), IsEmpty());
    EXPECT_EQ(params_.current().panics, 1U);
    EXPECT_THAT(send("/fusiond/weight/*/", "f", as_float(4.0F)), IsEmpty());
    EXPECT_EQ(value("weight/pop"), "4");
    EXPECT_THAT(send("/fusiond/Weight/*", "f", as_float(5.0F)),
                ElementsAre(HasSubstr("no parameter matches")))
        << "a pattern is OSC's";
    EXPECT_THAT(send("/"), ElementsAre(StartsWith("/fail / unknown path")));
    EXPECT_THAT(send("/fusiond/tempi/"), ElementsAre(HasSubstr("did you mean '/fusiond/tempo'?")));
}

TEST_F(SaidOtherwise, WhereTwoNamesDifferInCaseAloneOnlyTheExactOneIsMeant) {
    ParamStore params{{"Jazz", "jazz"}, time_};
    ActionDesk actions{params};
    OscNamespace names{params, actions};
    EXPECT_THAT(send_to(names, "/fusiond/weight/Jazz", "f", as_float(1.0F)), IsEmpty());
    EXPECT_THAT(send_to(names, "/fusiond/weight/jazz", "f", as_float(2.0F)), IsEmpty());
    EXPECT_THAT(send_to(names, "/fusiond/weight/JAZZ", "f", as_float(3.0F)),
                ElementsAre(HasSubstr("it may be /fusiond/weight/Jazz or /fusiond/weight/jazz")));
    EXPECT_EQ(params.current().weights.value[0], 1.0F);
    EXPECT_EQ(params.current().weights.value[1], 2.0F);
}

}  // namespace
}  // namespace fusion
