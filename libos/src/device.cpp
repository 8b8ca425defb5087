// SPDX-License-Identifier: MIT
/// Devices: registers and interrupts.
#include "os/device.hpp"

#include "base/assert.hpp"

#include "generated/object/irq_handler.hpp"

namespace os {

auto Device::registers() const -> base::RegisterBlock {
    ASSERT(info_.address != 0);
    return base::RegisterBlock{info_.address};
}

void Device::acknowledge_interrupt() const {
    if (!has_interrupt()) {
        return;
    }
    (void)object::IrqHandler{info_.irq_handler}.acknowledge(); // it has one, and acknowledging cannot fail
}

} // namespace os
