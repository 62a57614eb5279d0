// SPDX-License-Identifier: Apache-2.0
package dev.signet.testing;

import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import java.util.Arrays;
import java.util.Optional;

/** The replies of a {@link Behaviour}. */
final class Misbehaviour {

    private static final Name ELSEWHERE = Name.fromConstantString("elsewhere.invalid.");
    private static final int TTL = 60;

    private Misbehaviour() {}

    /**
     * What goes over the wire; empty for silence.
     *
     * @param sound the reply of a server that behaves; may be changed here
     * @param limit octets that fit into the reply
     */
    static Optional<byte[]> reply(Behaviour behaviour, Message query, Message sound, boolean overTcp, int limit) {
        Optional<Message> reply = switch (behaviour) {
            case SILENT -> Optional.empty();
            case SERVFAIL -> Optional.of(failure(query, Rcode.SERVFAIL));
            case REFUSED -> Optional.of(failure(query, Rcode.REFUSED));
            case FORMERR -> Optional.of(failure(query, Rcode.FORMERR));
            case TRUNCATED_OVER_UDP -> Optional.of(overTcp ? sound : truncated(query));
            case TRUNCATED_ALWAYS, TRUNCATED_AND_TCP_CLOSES -> Optional.of(truncated(query));
            case TRUNCATED_AND_TCP_SILENT -> overTcp ? Optional.empty() : Optional.of(truncated(query));
            case GARBAGE, ONE_CNAME_A_REPLY -> Optional.of(sound);
            case WRONG_ID -> Optional.of(withOtherId(sound));
            case WRONG_QUESTION -> Optional.of(toOtherQuestion(query, sound));
            case WRONG_TYPE -> Optional.of(withOtherType(query));
            case WRONG_NAME -> Optional.of(withOtherName(query, sound));
            case ECHO -> Optional.of(query);
            case NXDOMAIN_WITH_RECORDS -> Optional.of(deniedToExist(sound));
            case REFERRAL -> Optional.of(referral(query));
            case CNAME_LOOP -> Optional.of(cnameLoop(query));
        };
        return reply.map(message -> message.toWire(limit))
                .map(octets -> behaviour == Behaviour.GARBAGE ? garbage(octets) : octets);
    }

    private static Message empty(Message query) {
        return LoopbackZone.emptyReply(query, query.getQuestion());
    }

    private static Message failure(Message query, int rcode) {
        Message reply = empty(query);
        reply.getHeader().setRcode(rcode);
        return reply;
    }

    private static Message truncated(Message query) {
        Message reply = empty(query);
        reply.getHeader().setFlag(Flags.TC);
        return reply;
    }

    /** Keeps the message id, so that it is not simply somebody else's reply. */
    private static byte[] garbage(byte[] octets) {
        byte[] garbage = octets.clone();
        Arrays.fill(garbage, 2, garbage.length, (byte) 0xFF);
        return garbage;
    }

    private static Message withOtherId(Message reply) {
        reply.getHeader().setID((reply.getHeader().getID() + 1) & 0xFFFF);
        return reply;
    }

    private static Message toOtherQuestion(Message query, Message sound) {
        Record asked = query.getQuestion();
        Message reply = LoopbackZone.emptyReply(query, Record.newRecord(ELSEWHERE, asked.getType(), asked.getDClass()));
        sound.getSection(Section.ANSWER).forEach(record -> reply.addRecord(record, Section.ANSWER));
        return reply;
    }

    private static Message withOtherType(Message query) {
        Message reply = empty(query);
        boolean txt = query.getQuestion().getType() != Type.TXT;
        byte[] data = txt ? new byte[] {1, 'x'} : new byte[] {127, 0, 0, 1};
        Name name = query.getQuestion().getName();
        reply.addRecord(Record.newRecord(name, txt ? Type.TXT : Type.A, DClass.IN, TTL, data), Section.ANSWER);
        return reply;
    }

    private static Message withOtherName(Message query, Message sound) {
        Message reply = empty(query);
        sound.getSection(Section.ANSWER)
                .forEach(record -> reply.addRecord(LoopbackZone.renamed(record, ELSEWHERE), Section.ANSWER));
        return reply;
    }

    private static Message deniedToExist(Message sound) {
        sound.getHeader().setRcode(Rcode.NXDOMAIN);
        return sound;
    }

    private static Message referral(Message query) {
        Message reply = empty(query);
        reply.addRecord(new NSRecord(Name.root, DClass.IN, TTL, ELSEWHERE), Section.AUTHORITY);
        return reply;
    }

    private static Message cnameLoop(Message query) {
        Message reply = empty(query);
        Name name = query.getQuestion().getName();
        reply.addRecord(new CNAMERecord(name, DClass.IN, TTL, ELSEWHERE), Section.ANSWER);
        reply.addRecord(new CNAMERecord(ELSEWHERE, DClass.IN, TTL, name), Section.ANSWER);
        return reply;
    }
}
