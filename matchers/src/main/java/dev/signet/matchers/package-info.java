// SPDX-License-Identifier: Apache-2.0
/**
 * Matchers that ask the verdict which the hook or {@code VerifyMail} stored with a mail. They decide nothing and look nothing up.
 */
@NullMarked
package dev.signet.matchers;

import org.jspecify.annotations.NullMarked;
