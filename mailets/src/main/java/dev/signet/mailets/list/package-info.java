// SPDX-License-Identifier: Apache-2.0
/**
 * What a mailing list does to a message: which ones it never posts, its header fields, the subject, the footer. Works on bytes and
 * knows nothing of James; who the members are and where mail goes is for {@link dev.signet.mailets.ListPost}.
 */
@NullMarked
package dev.signet.mailets.list;

import org.jspecify.annotations.NullMarked;
