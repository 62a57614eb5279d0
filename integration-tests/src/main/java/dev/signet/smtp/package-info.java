// SPDX-License-Identifier: Apache-2.0
/**
 * Both ends of an SMTP connection, down to the byte: what a mail library would tidy up is what the tests are about.
 */
@NullMarked
package dev.signet.smtp;

import org.jspecify.annotations.NullMarked;
