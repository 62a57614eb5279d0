// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

/** A user of James, who logs in with the whole address. */
public record Account(String address, String password) {}
