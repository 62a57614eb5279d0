// SPDX-License-Identifier: Apache-2.0
/**
 * Messages with their expected fates, and a small world to send them through: a name server, a James with Signet, and a mail
 * server outside. The demonstration prints what happens, the integration tests assert it.
 */
@NullMarked
package dev.signet.scenario;

import org.jspecify.annotations.NullMarked;
