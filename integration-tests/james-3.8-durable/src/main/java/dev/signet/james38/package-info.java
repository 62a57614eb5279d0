// SPDX-License-Identifier: Apache-2.0
/** A James 3.8 whose mail queues outlive it, and a look into them. Knows nothing of Signet, which comes to it as to every James. */
@NullMarked
package dev.signet.james38;

import org.jspecify.annotations.NullMarked;
