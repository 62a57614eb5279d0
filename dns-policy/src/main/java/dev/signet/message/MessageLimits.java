// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

/**
 * How much of a header block is looked at. A message beyond these is never half judged: its header block says what was
 * exceeded ({@link HeaderBlock#overLimit}) and each protocol answers with its permanent error.
 *
 * @param maxHeaderBytes bytes before the empty line, at least 1024
 * @param maxFields header fields, at least 10
 */
public record MessageLimits(int maxHeaderBytes, int maxFields) {

    /** 1 MiB and 10,000 fields: ten times what Postfix lets in by default, and still a few milliseconds of work. */
    public static final MessageLimits DEFAULT = new MessageLimits(1 << 20, 10_000);

    public MessageLimits {
        if (maxHeaderBytes < 1024) {
            throw new IllegalArgumentException("maxHeaderBytes: found " + maxHeaderBytes + ", expected 1024 or more");
        }
        if (maxFields < 10) {
            throw new IllegalArgumentException("maxFields: found " + maxFields + ", expected 10 or more");
        }
    }
}
