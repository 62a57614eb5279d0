// SPDX-License-Identifier: Apache-2.0
/** The real mailet container of James 3.9, without the rest of the server. */
@NullMarked
package dev.signet.james39;

import org.jspecify.annotations.NullMarked;
