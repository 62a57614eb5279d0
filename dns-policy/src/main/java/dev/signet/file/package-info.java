// SPDX-License-Identifier: Apache-2.0
/** Files that the administrator writes: keys, secrets, lists of names. Read with care, and again when they change. And secrets that we make. */
@NullMarked
package dev.signet.file;

import org.jspecify.annotations.NullMarked;
