#include "engine/corpus/sha256.hpp"

#include <array>
#include <new>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace fusion {

Sha256::Sha256() : context_{EVP_MD_CTX_new()} {
    if (context_ == nullptr ||
        EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_), EVP_sha256(), nullptr) != 1)
        throw std::bad_alloc{};
}

Sha256::~Sha256() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }

void Sha256::add(std::span<const std::uint8_t> bytes) {
    EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), bytes.data(), bytes.size());
}

void Sha256::add(std::string_view text) {
    EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), text.data(), text.size());
}

std::string Sha256::hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), digest.data(), &size);
    std::string text;
    for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
    return text;
}

}  // namespace fusion
