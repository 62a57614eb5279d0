// SPDX-License-Identifier: Apache-2.0
/**
 * The Sender Rewriting Scheme: whoever forwards a mail puts an address of its own into the envelope, so that SPF holds at the next
 * server, and can tell from that address alone where a bounce has to go.
 *
 * <p>There is no RFC. The format is that of the paper by Shevek, "The Sender Rewriting Scheme" (2004), as its reference
 * implementation Mail::SRS writes it in "guarded" form, and libsrs2 and PostSRSd with it:
 *
 * <pre>
 * SRS0=HHHH=TT=domain=local@forwarder         of local@domain
 * SRS1=HHHH=domain==HHHH=TT=d=l@forwarder     of SRS0=HHHH=TT=d=l@domain, an address that somebody else rewrote
 * </pre>
 *
 * <p>{@code HHHH} is the beginning of an HMAC-SHA1 in Base64, over the rest in lower case; {@code TT} the day modulo 1024, in Base32.
 * The sign behind {@code SRS0} and {@code SRS1} may be {@code +} or {@code -}, too. An SRS1 address keeps the first forwarder's
 * part whole and returns straight to it, however many forwarders there were: an address never grows more than once.
 */
@NullMarked
package dev.signet.srs;

import org.jspecify.annotations.NullMarked;
