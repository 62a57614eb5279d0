// SPDX-License-Identifier: Apache-2.0
package dev.signet.james38;

import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.region.policy.PolicyEntry;
import org.apache.activemq.broker.region.policy.PolicyMap;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.store.kahadb.KahaDBPersistenceAdapter;

import javax.jms.Connection;
import javax.jms.JMSException;
import javax.jms.Message;
import javax.jms.ObjectMessage;
import javax.jms.Session;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;

/**
 * Reads the mail queues of a {@link DurableJames} that is not running: what it had not acknowledged is there still. Arguments are the
 * directory of the KahaDB, and a file that gets a line for each mail, with the name of its queue and its Message-ID field. Nothing is
 * taken out.
 */
public final class LeftInQueues {

    private LeftInQueues() {}

    public static void main(String[] args) throws Exception {
        KahaDBPersistenceAdapter store = new KahaDBPersistenceAdapter();
        store.setDirectory(new File(args[0]));
        PolicyEntry readAll = new PolicyEntry();
        readAll.setMaxBrowsePageSize(Integer.MAX_VALUE);
        PolicyMap policies = new PolicyMap();
        policies.setDefaultEntry(readAll);
        BrokerService broker = new BrokerService();
        broker.setBrokerName("left");
        broker.setUseJmx(false);
        broker.setDataDirectory(args[0]);
        broker.setPersistenceAdapter(store);
        broker.setDestinationPolicy(policies);
        broker.start();
        try {
            Connection connection = new ActiveMQConnectionFactory("vm://left?create=false").createConnection();
            connection.start();
            Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            List<String> lines = new ArrayList<>();
            for (ActiveMQDestination queue : store.getDestinations()) {
                List<String> found = read(session, queue.getPhysicalName());
                if (found.size() != broker.getDestination(queue).getMessageStore().getMessageCount()) {
                    throw new IllegalStateException(queue + ": has more than these " + found);
                }
                lines.addAll(found);
            }
            Files.write(Path.of(args[1]), lines);
        } finally {
            broker.stop();
        }
        // ActiveMQ keeps a thread for half a minute.
        System.exit(0);
    }

    private static List<String> read(Session session, String queue) throws JMSException {
        List<String> lines = new ArrayList<>();
        Enumeration<?> messages = session.createBrowser(session.createQueue(queue)).getEnumeration();
        while (messages.hasMoreElements()) {
            lines.add(queue + " " + messageId((Message) messages.nextElement()));
        }
        return lines;
    }

    /** James's queue has a mail as an object, which is its bytes. */
    private static String messageId(Message message) throws JMSException {
        String text = new String((byte[]) ((ObjectMessage) message).getObject(), StandardCharsets.ISO_8859_1);
        return text.lines().filter(line -> line.startsWith("Message-ID: ")).findFirst().orElse("none");
    }
}
