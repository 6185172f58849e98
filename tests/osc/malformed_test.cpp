// Every class of packet that is not what it should be: nothing crashes, nothing changes, and the
// next good message works.
#include <limits>

#include "tests/osc/server_rig.hpp"

namespace fusion {
namespace {

const std::string kTempo{"/fusiond/tempo"};

Bytes tempo_with(const Bytes& arguments) { return padded(kTempo) + arguments; }

Bytes nested(int depth, OscTimeTag when = {}) {
    // From the inside out, without copying the whole at each level.
    const auto message = encode_osc({kTempo, {90.0F}});
    Bytes all;
    for (int level = depth; level > 0; --level) {
        const auto inner = message.size() + static_cast<std::size_t>(level - 1) * 20;
        all = all + bundle_head(when) + word(static_cast<std::uint32_t>(inner));
    }
    return all + message;
}

Bytes many_elements() {
    const auto element = encode_osc({"/x", {1.0F}});
    return bundle_of(std::vector<Bytes>(65'507 / (element.size() + 4) - 2, element));
}

float nan() { return std::numeric_limits<float>::quiet_NaN(); }
float infinity() { return std::numeric_limits<float>::infinity(); }

enum class Fate {
    malformed,  // counted
    refused,    // understood, told by /fail
    ignored,    // understood, and nothing to do
};

struct Case {
    const char* name;
    Bytes bytes;
    Fate fate;
};
std::ostream& operator<<(std::ostream& out, const Case& of) { return out << of.name; }

class Malformed : public ServerRig, public testing::WithParamInterface<Case> {};

TEST_P(Malformed, ChangesNothingAndTheNextGoodMessageWorks) {
    const auto& [name, bytes, fate] = GetParam();
    ASSERT_LE(bytes.size(), 65'507U) << "no datagram";
    const auto before = params_.current().revision;
    for (int round = 1; round <= 3; ++round) {
        send_bytes(bytes);
        sync();
        while (server_->busy()) io_.run_for(Millis{1});
        server_->turn();
        EXPECT_EQ(params_.current().revision, before);
        EXPECT_EQ(server_->malformed(), fate == Fate::malformed ? round : 0);
        const auto answers = heard_bare();
        for (const auto& answer : answers) EXPECT_EQ(answer.path, "/fail");
        if (fate == Fate::refused) {
            EXPECT_FALSE(answers.empty());
        }
        if (fate == Fate::ignored) {
            EXPECT_TRUE(answers.empty());
        }
    }
    send_bytes(tempo_message(90.0F));
    send_bytes(padded(kTempo));
    sync();
    EXPECT_EQ(tempo(), 90.0);
    const auto answers = heard_bare();
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(osc_number(answers[0].args[0]), 90.0);
    EXPECT_TRUE(heard_.empty()) << "nobody else hears of it";
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Packets, Malformed, testing::Values(
    // Too short, or not aligned.
    Case{"Empty", {}, Fate::malformed},
    Case{"OneByte", {'/'}, Fate::malformed},
    Case{"OneZero", {0}, Fate::malformed},
    Case{"FourZeros", word(0), Fate::malformed},
    Case{"ThreeBytes", {'/', 'a', 0}, Fate::malformed},
    Case{"Unaligned", encode_osc({"/fusiond/tempo", {90.0F}}) + Bytes{0}, Fate::malformed},
    Case{"Text", {'h', 'e', 'l', 'l', 'o', '!', '\n', 0}, Fate::malformed},
    // Paths.
    Case{"PathWithoutEnd", {'/', 'a', 'b', 'c'}, Fate::malformed},
    Case{"PathOf64KiBWithoutEnd", Bytes(65'504, '/'), Fate::malformed},
    Case{"PathOf60KiB", padded("/" + std::string(60'000, 'a')) + padded(",f") + word(0), Fate::malformed},
    Case{"PatternOf60KiB", padded("/" + std::string(60'000, '*')) + padded(",f") + word(0), Fate::malformed},
    Case{"HostilePattern", padded("/fusiond/" + std::string(200, '*') + "x") + padded(",i") + word(1), Fate::refused},
    Case{"PathOfControlCharacters", padded("/\x01\x02\n") + padded(",i") + word(1), Fate::refused},
    Case{"Unknown", encode_osc({"/nonsense", {1}}), Fate::refused},
    // Type tags.
    Case{"ArgumentsWithoutTypeTags", tempo_with(word(0x42B40000)), Fate::malformed},
    Case{"TypeTagsWithoutComma", tempo_with(padded("f") + word(0x42B40000)), Fate::malformed},
    Case{"TypeTagsWithoutEnd", tempo_with({',', 'f', 'f', 'f'}), Fate::malformed},
    Case{"UnknownType", tempo_with(padded(",Q") + word(0)), Fate::malformed},
    Case{"MoreTypesThanArguments", tempo_with(padded(",ff") + word(0x42B40000)), Fate::malformed},
    Case{"ArgumentMissing", tempo_with(padded(",f")), Fate::malformed},
    Case{"FewerTypesThanArguments", tempo_with(padded(",f") + word(0x42B40000) + word(0)), Fate::malformed},
    Case{"HalfADouble", tempo_with(padded(",d") + word(0)), Fate::malformed},
    Case{"TenThousandTypesWithoutArguments", tempo_with(padded("," + std::string(10'000, 'f'))), Fate::malformed},
    Case{"SixtyThousandFlags", tempo_with(padded("," + std::string(60'000, 'T'))), Fate::refused},
    Case{"AnInfinitum", tempo_with(padded(",I")), Fate::refused},
    Case{"AColourCutShort", tempo_with(padded(",r") + Bytes{}), Fate::malformed},
    Case{"ArrayWithoutEnd", tempo_with(padded(",[f") + word(0x42B40000)), Fate::malformed},
    Case{"ArrayWithoutBeginning", tempo_with(padded(",f]") + word(0x42B40000)), Fate::malformed},
    Case{"SixtyThousandBrackets", tempo_with(padded("," + std::string(60'000, '['))), Fate::malformed},
    Case{"TextThatIsNoNumber", encode_osc({kTempo, {std::string{"96,5"}}}), Fate::refused},
    Case{"TextThatIsNotFinite", encode_osc({kTempo, {std::string{"inf"}}}), Fate::refused},
    Case{"KeyOf60KiB", encode_osc({"/fusiond/key", {std::string(60'000, 'b')}}), Fate::refused},
    // Strings and blobs.
    Case{"StringWithoutEnd", tempo_with(padded(",s") + Bytes{'f', 'a', 's', 't'}), Fate::malformed},
    Case{"StringMissing", tempo_with(padded(",s")), Fate::malformed},
    Case{"StringOf60KiB", encode_osc({kTempo, {std::string(60'000, 'x')}}), Fate::refused},
    Case{"BlobMissing", tempo_with(padded(",b")), Fate::malformed},
    Case{"BlobCutShort", tempo_with(padded(",b") + word(8) + word(0)), Fate::malformed},
    Case{"BlobOfNegativeLength", tempo_with(padded(",b") + word(0xFFFFFFFF) + word(0)), Fate::malformed},
    Case{"BlobOfTheMostNegativeLength", tempo_with(padded(",b") + word(0x80000000) + word(0)), Fate::malformed},
    Case{"BlobLengthThatWrapsWithPadding", tempo_with(padded(",b") + word(0xFFFFFFFD) + word(0)), Fate::malformed},
    Case{"BlobOf2GiB", tempo_with(padded(",b") + word(0x7FFFFFFF) + word(0)), Fate::malformed},
    Case{"BlobBeyondItsPadding", tempo_with(padded(",b") + word(5) + word(0)), Fate::malformed},
    Case{"BlobOf60KiB", tempo_with(padded(",b") + word(60'000) + Bytes(60'000)), Fate::refused},
    // Counts and numbers.
    Case{"AHundredNumbers", encode_osc({kTempo, std::vector<OscArg>(100, 90.0F)}), Fate::refused},
    Case{"TooManyWeights", encode_osc({"/fusiond/weights", std::vector<OscArg>(100, 1.0F)}), Fate::refused},
    Case{"Nan", encode_osc({kTempo, {nan()}}), Fate::refused},
    Case{"Infinity", encode_osc({kTempo, {infinity()}}), Fate::refused},
    Case{"MinusInfinity", encode_osc({kTempo, {-infinity()}}), Fate::refused},
    Case{"NanAsDouble", encode_osc({kTempo, {std::numeric_limits<double>::quiet_NaN()}}), Fate::refused},
    Case{"NanWeights", encode_osc({"/fusiond/weights", {1.0F, nan()}}), Fate::refused},
    Case{"NanSeconds", encode_osc({"/fusiond/subscribe", {nan()}}), Fate::refused},
    Case{"HugeSeconds", encode_osc({"/fusiond/subscribe", {1e30F}}), Fate::refused},
    Case{"NanDump", encode_osc({"/dumpOSC", {nan()}}), Fate::refused},
    // Bundles.
    Case{"BundleWithoutTimeTag", padded("#bundle"), Fate::malformed},
    Case{"BundleWithHalfATimeTag", padded("#bundle") + word(0), Fate::malformed},
    Case{"BundleOfNothing", bundle_head(), Fate::ignored},
    Case{"BundleWithHalfASize", bundle_head() + Bytes{0, 0}, Fate::malformed},
    Case{"ElementOfNoSize", bundle_head() + word(0) + tempo_with({}), Fate::malformed},
    Case{"ElementBeyondTheEnd", bundle_head() + word(64) + tempo_with({}), Fate::malformed},
    Case{"ElementOfNegativeSize", bundle_head() + word(0xFFFFFFF0) + tempo_with({}), Fate::malformed},
    Case{"ElementNotAligned", bundle_head() + word(15) + tempo_with({}), Fate::malformed},
    Case{"GoodElementThenRubbish", bundle_of({encode_osc({kTempo, {90.0F}}), word(0)}), Fate::malformed},
    Case{"NestedNineDeep", nested(9), Fate::malformed},
    Case{"NestedAThousandDeep", nested(1'000), Fate::malformed},
    Case{"NestedThreeThousandDeep", nested(3'000), Fate::malformed},
    Case{"ThousandsOfElements", many_elements(), Fate::refused},
    Case{"64KiBOfZeros", Bytes(65'504), Fate::malformed},
    Case{"64KiBOfBundleHeads", nested(3'200), Fate::malformed},
    Case{"FarFuture", bundle_of({encode_osc({kTempo, {90.0F}})}, {0xFFFFFFFF'FFFFFFFF}), Fate::refused},
    Case{"FarFutureAnswer", bundle_of({encode_osc({"/done", {}})}, {0xFFFFFFFF'FFFFFFFF}), Fate::ignored},
    Case{"LongPast", bundle_of({encode_osc({kTempo, {nan()}})}, {2}), Fate::refused},
    Case{"PastAnswer", bundle_of({encode_osc({"/fail", {}})}, {2}), Fate::ignored}),
    [](const auto& of) { return std::string{of.param.name}; });
// clang-format on

// Each element of good packets cut at every place.
TEST_F(ServerRig, EveryTruncationOfAGoodPacketIsLeftOutOrRefused) {
    const auto before = params_.current().revision;
    const auto whole = bundle_of({encode_osc({"/fusiond/learn", {std::string{"tempo"}}})});
    for (std::size_t size = 0; size < whole.size(); ++size)
        send_bytes({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    sync();
    EXPECT_EQ(params_.current().revision, before);
    EXPECT_EQ(server_->malformed(), whole.size() - 1) << "only the empty bundle is none";
}

TEST_F(ServerRig, PastFutureAndImmediateTimeTagsOfGoodMessagesAreTaken) {
    send_bytes(bundle_of({tempo_message(90)}, {1}));
    sync();
    EXPECT_EQ(tempo(), 90.0);
    send_bytes(bundle_of({tempo_message(91)}, {2}));
    sync();
    EXPECT_EQ(tempo(), 91.0);
    send_bytes(bundle_of({tempo_message(92)}, seconds_after(wall_, 60)));
    sync();
    EXPECT_EQ(tempo(), 91.0);
    pass(std::chrono::seconds{60});
    EXPECT_EQ(tempo(), 92.0);
}

TEST_F(ServerRig, AMalformedMessageIsToldToItsSenderWhereItsPathCanBeRead) {
    send_bytes(tempo_with(word(0x42B40000)));
    sync();
    const auto answers = heard_bare();
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].path, "/fail");
    EXPECT_EQ(std::get<std::string>(answers[0].args[0]), kTempo);
}

}  // namespace
}  // namespace fusion
