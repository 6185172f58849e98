// play_session FOLDER: plays FOLDER/session.txt and compares with FOLDER/expected.mid, byte by
// byte.
//   FUSION_WRITE_SESSIONS=1 in the environment writes the expectation anew. It fails then too, and
//   says what is other than before, so that nobody takes a new expectation for a passed test.
// Exit: 0 the same, 1 not, 64 called wrongly.
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "daemon/render.hpp"
#include "engine/base/whole_file.hpp"
#include "engine/model/ngram_generator.hpp"
#include "tests/sessions/midi_words.hpp"
#include "tests/sessions/session_bundle.hpp"

namespace fusion::test {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMostBytes = std::size_t{1} << 20;

Result<Bytes> play(const std::filesystem::path& file) {
    const auto text = read_file(file, kMostBytes);
    if (!text) return tl::unexpected{text.error()};
    const auto session =
        parse_session({reinterpret_cast<const char*>(text->data()), text->size()}, file.string());
    if (!session) return tl::unexpected{session.error()};
    if (!session->bars && !session->length)
        return fail(Error::Code::malformed, fmt::format("{}: it has no end", file.string()));
    const auto bundle = session_bundle();
    const auto generator = make_ngram_generator(bundle);
    SimulatedTime time;
    ParamStore params{bundle.genres, time};
    RenderOptions options;
    options.bars = session->bars.value_or(0);
    options.length = session->length;
    options.changes = session->changes;
    const auto rendered = render(*generator, nullptr, params, time, options);
    if (!rendered) return tl::unexpected{rendered.error()};
    return rendered->bytes;
}

Result<std::vector<std::string>> words_of(const Bytes& bytes, std::string_view name) {
    const auto smf = read_smf(bytes, name);
    if (!smf) return tl::unexpected{smf.error()};
    return in_words(*smf);
}

std::string compare(const Bytes& expected, const Bytes& played) {
    if (expected == played) return {};
    const auto expected_words = words_of(expected, "what was expected");
    if (!expected_words) return expected_words.error().message + "\n";
    const auto played_words = words_of(played, "what was played");
    if (!played_words) return played_words.error().message + "\n";
    const auto difference = first_difference(*expected_words, *played_words);
    if (difference.empty()) return "the events are the same, the bytes of the file are not\n";
    return fmt::format(
        "{} events were expected (-) and {} played (+). The first that differs, with those before "
        "it, by bar:beat:\n{}",
        expected_words->size(), played_words->size(), difference);
}

int run(const std::filesystem::path& folder) {
    const auto played = play(folder / "session.txt");
    if (!played) {
        fmt::print("{}\n", played.error().message);
        return 1;
    }
    const auto file = folder / "expected.mid";
    const auto expected = read_file(file, kMostBytes);
    const auto difference =
        expected ? compare(*expected, *played) : expected.error().message + "\n";
    if (difference.empty()) return 0;
    fmt::print("{}: {}", folder.filename().string(), difference);
    if (std::getenv("FUSION_WRITE_SESSIONS") == nullptr) {
        fmt::print("If that is as it should be: FUSION_WRITE_SESSIONS=1 ./dev test -R sessions\n");
        return 1;
    }
    if (const auto written = write_file(file, *played); !written)
        fmt::print("{}\n", written.error().message);
    else
        fmt::print("Written anew: {}. Listen to it, then run the test again.\n", file.string());
    return 1;
}

}  // namespace
}  // namespace fusion::test

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "usage: play_session FOLDER\n");
        return 64;
    }
    return fusion::test::run(argv[1]);
}
