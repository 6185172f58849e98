#include "daemon/reload.hpp"

#include <pthread.h>
#include <sys/stat.h>

#include <utility>

#include <fmt/format.h>

#include "daemon/bundle_place.hpp"
#include "daemon/live_config.hpp"
#include "engine/base/log.hpp"

namespace fusion {
namespace {

std::string_view word_of(Reload::Outcome::State state) {
    using State = Reload::Outcome::State;
    switch (state) {
        case State::none: return "none";
        case State::begun: return "begun";
        case State::done: return "done";
        case State::refused: return "refused";
    }
    return "";
}

}  // namespace

BundleMark mark_of(const Config& config) {
    BundleMark mark;
    mark.place = bundle_place(config.bundle_path);
    struct stat about {};
    if (::stat(mark.place.c_str(), &about) != 0) return mark;
    mark.size = static_cast<std::uint64_t>(about.st_size);
    mark.inode = about.st_ino;
    mark.changed_ns = std::int64_t{about.st_mtim.tv_sec} * 1'000'000'000 + about.st_mtim.tv_nsec;
    return mark;
}

Reload::Reload(const Config& now, std::vector<std::string> genres, Composers composers,
               ReadConfig read, Obey obey)
    : genres_{std::move(genres)},
      composers_{composers},
      read_{std::move(read)},
      obey_{std::move(obey)},
      mark_{mark_of(now)},
      device_{now.device} {}

Reload::~Reload() {
    if (thread_.joinable()) thread_.join();
}

void Reload::begin() {
    expect_thread(ThreadRole::control);
    if (last_.state == Outcome::State::begun) {
        again_ = true;
        return;
    }
    last_ = {last_.number + 1, Outcome::State::begun, ""};
    log::info("reading configuration and bundle anew");
    if (thread_.joinable()) thread_.join();
    thread_ = std::thread{[this] {
        pthread_setname_np(pthread_self(), "fusion-reload");
        auto all = read_all();
        const std::lock_guard lock{mutex_};
        arrived_.emplace(std::move(all));
    }};
}

Result<Reload::Read> Reload::read_all() const {
    if (!read_) return fail(Error::Code::unsupported, "this run has no configuration to read");
    auto config = read_();
    if (!config) return fail(Error::Code::malformed, config.error().message);
    if (auto suited = suits(*config, genres_); !suited) return tl::unexpected{suited.error()};
    Read read{std::move(*config), {}, nullptr};
    read.mark = mark_of(read.config);
    if (read.mark == mark_ && read.config.device == device_) return read;
    auto bundle = open_bundle(read.config);
    if (!bundle) return fail(Error::Code::malformed, bundle.error().message);
    read.loaded = std::make_shared<Loaded>(Loaded{std::move(*bundle), {}});
    auto generators = make_generators(read.loaded->bundle, read.config.device);
    if (!generators) return fail(Error::Code::malformed, generators.error().message);
    read.loaded->generators = std::move(*generators);
    if (auto fit = fits(*read.loaded); !fit)
        return fail(fit.error().code,
                    fmt::format("bundle {}: {}", read.mark.place.string(), fit.error().message));
    return read;
}

Status Reload::fits(const Loaded& loaded) const {
    const auto& [neural, fallback, stand_in] = loaded.generators;
    if ((neural != nullptr) != (composers_.neural != nullptr))
        return fail(Error::Code::unsupported,
                    neural != nullptr
                        ? "it has networks, and what plays has none: restart to play it"
                        : "it has no networks, and what plays has: restart to play it");
    if (neural != nullptr)
        if (auto fit = composers_.neural->fits(*neural); !fit) return fit;
    if (auto fit = composers_.stand_in->fits(*stand_in); !fit) return fit;
    return composers_.fallback->fits(*fallback);
}

bool Reload::turn() {
    std::optional<Result<Read>> arrived;
    {
        const std::lock_guard lock{mutex_};
        arrived.swap(arrived_);
    }
    if (arrived) put_in_place(std::move(*arrived));
    if (composers_.neural != nullptr) composers_.neural->sweep();
    composers_.fallback->sweep();
    composers_.stand_in->sweep();
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(retired_, [&](const auto& one) { return now - one.since > kReadYet; });
    if (last_.state != Outcome::State::begun && std::exchange(again_, false)) begin();
    return last_.state == Outcome::State::begun;
}

void Reload::put_in_place(Result<Read> read) {
    if (!read) {
        last_.state = Outcome::State::refused;
        last_.what = read.error().message;
        log::error("not reloaded: {}; what plays goes on as it is", last_.what);
        return;
    }
    if (read->loaded) {
        const auto offer = [&](ExchangeGenerator* to, Generator* next) {
            // It fits: nobody else has offered one since.
            if (to != nullptr)
                static_cast<void>(to->offer(std::shared_ptr<Generator>{read->loaded, next}));
        };
        offer(composers_.neural, read->loaded->generators.neural.get());
        offer(composers_.fallback, read->loaded->generators.fallback.get());
        offer(composers_.stand_in, read->loaded->generators.stand_in.get());
        if (loaded_) retired_.push_back({std::move(loaded_), std::chrono::steady_clock::now()});
        loaded_ = read->loaded;
    }
    mark_ = read->mark;
    device_ = read->config.device;
    last_.what = obey_(read->config, read->loaded ? &read->loaded->bundle : nullptr);
    if (read->loaded) last_.what += fmt::format("; bundle {} plays", mark_.place.string());
    last_.state = Outcome::State::done;
    log::info("reloaded: {}", last_.what);
}

std::optional<std::string> Reload::bundle_record() const {
    if (!loaded_) return {};
    return loaded_->bundle.record;
}

void Reload::add_verb(OscNamespace& names) {
    names.add_verb(
        "/fusiond/reload",
        [this](const OscMessage& message, const OscReply& reply) {
            const bool only_asks = !message.args.empty() && osc_number(message.args[0]) == 0.0;
            if (!only_asks) begin();
            // What was asked for meanwhile is the next one.
            const auto number = last_.number + (!only_asks && again_ ? 1U : 0U);
            reply(OscMessage{"/fusiond/reload.reply",
                             {static_cast<std::int32_t>(number), std::string{word_of(last_.state)},
                              last_.what}});
        },
        1);
}

}  // namespace fusion
