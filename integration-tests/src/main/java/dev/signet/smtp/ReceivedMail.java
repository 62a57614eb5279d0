// SPDX-License-Identifier: Apache-2.0
package dev.signet.smtp;

/**
 * One mail that {@link SmtpSink} took.
 *
 * @param helo what the client called itself
 * @param message its exact bytes, one char each, dots unstuffed
 */
public record ReceivedMail(Envelope envelope, String helo, String message) {}
