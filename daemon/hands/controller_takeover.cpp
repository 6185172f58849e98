#include "daemon/hands/controller_takeover.hpp"

#include <cmath>
#include <utility>

namespace fusion {

ControllerTakeover::Verdict ControllerTakeover::moved(double to, double in_force, double reachable,
                                                      double tolerance) {
    const auto from = std::exchange(at_, to);
    const bool nobody_else = set_.has_value() && *set_ == in_force;
    if (!from || nobody_else || std::abs(to - reachable) <= tolerance ||
        std::abs(*from - reachable) <= tolerance)
        return Verdict::acts;
    if ((*from < reachable) != (to < reachable)) return Verdict::acts;
    // It moved on without the value, and would be elsewhere should the value come back.
    set_.reset();
    return Verdict::waits;
}

}  // namespace fusion
