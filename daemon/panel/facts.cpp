#include "daemon/panel/facts.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace fusion {
namespace {

using Json = nlohmann::ordered_json;

// Only what a person reads: the whole record is 26 kB of learning curves.
Json bundle_json(const PanelFacts& facts) {
    Json bundle{{"file", facts.bundle_file}};
    const auto record = Json::parse(facts.bundle_record, nullptr, false);
    if (!record.is_object()) return bundle;
    for (const auto* key : {"made", "preset", "licence", "corpus_digest"})
        if (const auto it = record.find(key); it != record.end() && it->is_string())
            bundle[key] = *it;
    const auto of_genre = [&](const char* key, const std::string& genre) {
        const auto all = record.find(key);
        return all != record.end() && all->is_object() ? all->value(genre, Json{}) : Json{};
    };
    for (const auto& genre : facts.genres) {
        if (auto pieces = of_genre("pieces", genre); pieces.is_object())
            bundle["pieces"][genre] = std::move(pieces);
        if (const auto phase1 = of_genre("phase1", genre); phase1.is_object())
            if (const auto it = phase1.find("validation_cross_entropy");
                it != phase1.end() && it->is_number())
                bundle["cross_entropy"][genre] = *it;
    }
    return bundle;
}

std::chrono::microseconds microseconds_of(const timeval& time) {
    return std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
}

double seconds_of(std::chrono::microseconds time) {
    return std::chrono::duration<double>(time).count();
}

}  // namespace

std::string as_json(const PanelFacts& facts) {
    const Json json{{"name", facts.name},
                    {"version", facts.version},
                    {"output", facts.output},
                    {"osc", facts.osc},
                    {"genres", facts.genres},
                    {"panels", facts.panels},
                    {"most_panels", facts.most_panels},
                    {"cpu_seconds", seconds_of(facts.cpu)},
                    {"up_seconds", seconds_of(facts.up)},
                    {"bundle", bundle_json(facts)}};
    // Names of genres come from a file, and may be no UTF-8.
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::chrono::microseconds cpu_time() {
    rusage usage{};
    if (::getrusage(RUSAGE_SELF, &usage) != 0) return {};
    return microseconds_of(usage.ru_utime) + microseconds_of(usage.ru_stime);
}

namespace {

bool is_everywhere(const std::string& bind) { return bind == "0.0.0.0" || bind == "::"; }

}  // namespace

std::string panel_url(const std::string& bind, std::uint16_t port) {
    if (bind == "localhost" || bind == "0.0.0.0") return panel_url("127.0.0.1", port);
    if (bind == "::") return panel_url("::1", port);
    return bind.find(':') == std::string::npos ? fmt::format("http://{}:{}/", bind, port)
                                               : fmt::format("http://[{}]:{}/", bind, port);
}

std::string panel_address(const std::string& bind, std::uint16_t port) {
    auto text = panel_url(bind, port);
    std::array<char, 256> host{};
    if (is_everywhere(bind) && ::gethostname(host.data(), host.size() - 1) == 0)
        text += fmt::format(", from another device http://{}.local:{}/", host.data(), port);
    return text;
}

}  // namespace fusion
