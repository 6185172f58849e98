// The digest of a corpus.
// Who calls: data_set.cpp. Thread: any. Errors: none.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace fusion {

// SHA-256 as it goes, in lower-case hex.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void add(std::span<const std::uint8_t> bytes);
    void add(std::string_view text);
    [[nodiscard]] std::string hex();  // once, at the end

private:
    void* context_;  // EVP_MD_CTX
};

}  // namespace fusion
