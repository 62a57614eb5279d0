// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

/** What a domain publishes. */
sealed interface Published {

    /** One sound record. */
    record Sound(SpfRecord record) implements Published {}

    /** No record. */
    record Nothing() implements Published {}

    /** Not even the domain is there. */
    record NoDomain(SpfResult.State result) implements Published {}

    /** Something that is no record by the grammar, or too many of them. */
    record Malformed(String reason) implements Published {}

    /** The DNS did not tell. */
    record Unknown(String cause) implements Published {}
}
