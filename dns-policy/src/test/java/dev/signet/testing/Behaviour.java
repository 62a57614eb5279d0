// SPDX-License-Identifier: Apache-2.0
package dev.signet.testing;

/** What a {@link LoopbackDns} does about one name instead of answering as it should. */
public enum Behaviour {
    /** Says nothing, so that the client runs into its time-out. */
    SILENT,
    SERVFAIL,
    REFUSED,
    FORMERR,
    /** A truncated, empty reply over UDP; the right one over TCP. */
    TRUNCATED_OVER_UDP,
    /** A truncated reply both ways: the rest is not to be had. */
    TRUNCATED_ALWAYS,
    /** Truncated over UDP; TCP connections are closed without a word. */
    TRUNCATED_AND_TCP_CLOSES,
    /** Truncated over UDP; silence over TCP. */
    TRUNCATED_AND_TCP_SILENT,
    /** The right message id, then octets that are no DNS message. */
    GARBAGE,
    /** The right answer under another message id. */
    WRONG_ID,
    /** The right answer, said to be one to another question. */
    WRONG_QUESTION,
    /** Records of a type that was not asked for. */
    WRONG_TYPE,
    /** Records of a name that was not asked for. */
    WRONG_NAME,
    /** The query sent back, not marked as a reply. */
    ECHO,
    /** Records in a message whose code says that the name does not exist. */
    NXDOMAIN_WITH_RECORDS,
    /** The NS records of some other server, as from one that does not resolve for others. */
    REFERRAL,
    /** A CNAME to a second name, and from there back, in one reply. */
    CNAME_LOOP,
    /** The first CNAME alone, though the name server knows where the chain goes on. */
    ONE_CNAME_A_REPLY,
}
