// SPDX-License-Identifier: Apache-2.0
/** The demonstration that the README begins with. */
@NullMarked
package dev.signet.demo;

import org.jspecify.annotations.NullMarked;
