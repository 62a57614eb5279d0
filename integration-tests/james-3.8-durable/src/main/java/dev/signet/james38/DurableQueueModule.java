// SPDX-License-Identifier: Apache-2.0
package dev.signet.james38;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Scopes;
import com.google.inject.Singleton;
import org.apache.activemq.store.PersistenceAdapter;
import org.apache.activemq.store.kahadb.KahaDBPersistenceAdapter;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.queue.activemq.ActiveMQMailQueueFactory;
import org.apache.james.queue.activemq.EmbeddedActiveMQ;
import org.apache.james.queue.activemq.metric.ActiveMQMetricCollectorNoop;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueItemDecoratorFactory;
import org.apache.james.queue.api.ManageableMailQueue;

/** Mail queues in a broker of James's own, whose KahaDB is in {@code var/store/activemq} of the working directory. */
final class DurableQueueModule extends AbstractModule {

    @Override
    protected void configure() {
        // As it comes: what a producer sent is on disk when it returns.
        bind(PersistenceAdapter.class).to(KahaDBPersistenceAdapter.class).in(Scopes.SINGLETON);
        bind(EmbeddedActiveMQ.class).in(Scopes.SINGLETON);
    }

    @Provides
    @Singleton
    ActiveMQMailQueueFactory factory(EmbeddedActiveMQ broker, MailQueueItemDecoratorFactory decorators, MetricFactory metrics, GaugeRegistry gauges) {
        ActiveMQMailQueueFactory factory = new ActiveMQMailQueueFactory(broker, decorators, metrics, gauges, new ActiveMQMetricCollectorNoop());
        // Messages in the broker, with the envelope: one thing to be lost or kept.
        factory.setUseBlobMessages(false);
        factory.setUseJMX(false);
        return factory;
    }

    // James asks by each of these three names.

    @Provides
    MailQueueFactory<? extends ManageableMailQueue> manageable(ActiveMQMailQueueFactory factory) {
        return factory;
    }

    @Provides
    MailQueueFactory<? extends MailQueue> queue(ActiveMQMailQueueFactory factory) {
        return factory;
    }

    @Provides
    MailQueueFactory<?> any(ActiveMQMailQueueFactory factory) {
        return factory;
    }
}
