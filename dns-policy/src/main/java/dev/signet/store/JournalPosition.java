// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

/**
 * How far a journal has come.
 *
 * @param journal one's own, at most 36 characters
 * @param position grows with each batch
 */
public record JournalPosition(String journal, long position) {}
