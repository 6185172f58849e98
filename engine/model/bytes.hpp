// Little-endian numbers out of and into a byte string, for the bundle and what lies in it.
// Thread: any. Errors: a Reader that has run out of bytes stays failed and reads zeros.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace fusion {

static_assert(std::endian::native == std::endian::little, "the file's byte order is the machine's");

class ByteReader {
public:
    explicit ByteReader(std::span<const std::uint8_t> bytes) : bytes_{bytes} {}

    template <class T>
    requires std::is_trivially_copyable_v<T> T read() {
        T value{};
        const auto from = take(sizeof(T));
        if (!from.empty()) std::memcpy(&value, from.data(), sizeof(T));
        return value;
    }

    // Unsigned LEB128.
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto byte = read<std::uint8_t>();
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if ((byte & 0x80U) == 0) return value;
        }
        failed_ = true;
        return 0;
    }

    // `count` bytes, or none when that many are not left.
    std::span<const std::uint8_t> take(std::uint64_t count) {
        if (failed_ || count > bytes_.size() - at_) {
            failed_ = true;
            return {};
        }
        const auto slice = bytes_.subspan(at_, static_cast<std::size_t>(count));
        at_ += slice.size();
        return slice;
    }

    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] std::size_t at() const { return at_; }
    [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }

private:
    std::span<const std::uint8_t> bytes_;
    std::size_t at_ = 0;
    bool failed_ = false;
};

template <class T>
requires std::is_trivially_copyable_v<T>
void put(std::vector<std::uint8_t>& out, const T& value) {
    const auto at = out.size();
    out.resize(at + sizeof(T));
    std::memcpy(out.data() + at, &value, sizeof(T));
}

inline void put_varint(std::vector<std::uint8_t>& out, std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U) out.push_back(static_cast<std::uint8_t>(value | 0x80U));
    out.push_back(static_cast<std::uint8_t>(value));
}

inline void put_text(std::vector<std::uint8_t>& out, std::string_view text) {
    put_varint(out, text.size());
    out.insert(out.end(), text.begin(), text.end());
}

}  // namespace fusion
