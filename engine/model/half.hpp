// IEEE 754 half precision, for weights on disk: half the bundle's size, and 11 bits are more than
// the weights' own noise. Portable, because clang 14 has no _Float16 on x86-64. Thread: any.
// Errors: none; what is too large becomes infinity, as the standard has it.
#pragma once

#include <bit>
#include <cstdint>

namespace fusion {

// Rounds to nearest, ties to even.
constexpr std::uint16_t to_half(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits >> 16U) & 0x8000U);
    const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
    if (magnitude > 0x7F800000U) return static_cast<std::uint16_t>(sign | 0x7E00U);  // NaN
    if (magnitude >= 0x47800000U)
        return static_cast<std::uint16_t>(sign | 0x7C00U);  // 65536 and more
    std::uint32_t mantissa = 0;
    unsigned dropped = 13;
    if (magnitude >= 0x38800000U) {  // 2^-14: a normal half
        mantissa = magnitude - 0x38000000U;
    } else {
        const unsigned shift = 113U - (magnitude >> 23U);
        if (shift > 11U) return sign;  // below 2^-25, half of the least half: rounds to zero
        mantissa = (magnitude & 0x7FFFFFU) | 0x800000U;
        dropped += shift;
    }
    const std::uint32_t half = mantissa >> dropped;
    const std::uint32_t rest = mantissa & ((1U << dropped) - 1U);
    const std::uint32_t middle = 1U << (dropped - 1U);
    const bool up = rest > middle || (rest == middle && (half & 1U) != 0);
    return static_cast<std::uint16_t>(sign | (half + (up ? 1U : 0U)));
}

constexpr float from_half(std::uint16_t half) {
    const std::uint32_t sign = (half & 0x8000U) << 16U;
    const std::uint32_t exponent = (half >> 10U) & 0x1FU;
    const std::uint32_t mantissa = half & 0x3FFU;
    if (exponent == 0) {  // zero or subnormal: mantissa * 2^-24
        const float magnitude = static_cast<float>(mantissa) * 0x1p-24F;
        return sign != 0 ? -magnitude : magnitude;
    }
    const std::uint32_t wide = exponent == 31U ? 255U : exponent + 112U;
    return std::bit_cast<float>(sign | (wide << 23U) | (mantissa << 13U));
}

}  // namespace fusion
