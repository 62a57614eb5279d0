// SPDX-License-Identifier: Apache-2.0
package dev.signet.james39;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.multibindings.Multibinder;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.mailetcontainer.impl.CompositeProcessorImpl;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.Protocol;
import org.apache.james.mailrepository.memory.MailRepositoryStoreConfiguration;
import org.apache.james.mailrepository.memory.MemoryMailRepository;
import org.apache.james.mailrepository.memory.MemoryMailRepositoryStore;
import org.apache.james.mailrepository.memory.MemoryMailRepositoryUrlStore;
import org.apache.james.mailrepository.memory.SimpleMailRepositoryLoader;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.james.rrt.api.RecipientRewriteTable;
import org.apache.james.rrt.memory.MemoryRecipientRewriteTable;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.james.server.core.configuration.Configuration;
import org.apache.james.server.core.configuration.FileConfigurationProvider;
import org.apache.james.server.core.filesystem.FileSystemImpl;
import org.apache.james.util.LoggingLevel;
import org.apache.james.utils.ExtensionModule;
import org.apache.james.utils.GuiceMailetLoader;
import org.apache.james.utils.GuiceMatcherLoader;
import org.apache.james.utils.MailetConfigurationOverride;
import org.apache.james.utils.PropertiesProvider;
import org.apache.mailet.MailetContext;
import org.apache.mailet.base.test.FakeMailContext;

import jakarta.mail.MessagingException;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Runs the processors of {@code conf/mailetcontainer.xml} in a working directory, with James's own loaders taking mailets and
 * matchers from its {@code extensions-jars}.
 *
 * <p>To be loaded by a class loader of its own, hence a {@link UnaryOperator}: nothing but the JDK's types is common to both
 * sides. It takes the bytes of a message and returns what {@link
 * Departure} wrote.
 */
public final class MailetContainer implements UnaryOperator<byte[]>, AutoCloseable {

    private static final String SENDER = "editor@news.example";
    private static final String RECIPIENT = "bob@home.example";
    private static final String CLIENT = "192.0.2.25";

    private final CompositeProcessorImpl processors;
    private final Departure.Log departures;

    /**
     * Loads and starts everything.
     *
     * @throws Exception what James would stop with
     */
    public MailetContainer(Path workingDirectory) throws Exception {
        Configuration.Basic configuration = Configuration.builder()
                .workingDirectory(workingDirectory.toFile())
                .configurationPath(new Configuration.ConfigurationPath("file://conf/"))
                .build();
        FileSystem fileSystem = new FileSystemImpl(configuration.directories());
        HierarchicalConfiguration<ImmutableNode> xml =
                new FileConfigurationProvider(fileSystem, configuration).getConfiguration("mailetcontainer", LoggingLevel.INFO);
        Injector injector = Guice.createInjector(new ExtensionModule(), new Server(fileSystem, configuration, repositories()));
        departures = injector.getInstance(Departure.Log.class);
        processors = new CompositeProcessorImpl(
                injector.getInstance(MetricFactory.class),
                injector.getInstance(MailetContext.class),
                injector.getInstance(GuiceMatcherLoader.class),
                injector.getInstance(GuiceMailetLoader.class));
        processors.configure(xml.configurationAt("processors"));
        processors.init();
    }

    private static MailRepositoryStore repositories() throws Exception {
        MailRepositoryStoreConfiguration.Item memory = new MailRepositoryStoreConfiguration.Item(
                List.of(new Protocol("memory")), MemoryMailRepository.class.getName(), new BaseHierarchicalConfiguration());
        MemoryMailRepositoryStore repositories = new MemoryMailRepositoryStore(
                new MemoryMailRepositoryUrlStore(), new SimpleMailRepositoryLoader(), MailRepositoryStoreConfiguration.forItems(memory));
        repositories.init();
        return repositories;
    }

    /** What mailets may have injected in a James, as far as this one goes. */
    private static final class Server extends AbstractModule {

        private final FileSystem fileSystem;
        private final Configuration configuration;
        private final MailRepositoryStore repositories;

        Server(FileSystem fileSystem, Configuration configuration, MailRepositoryStore repositories) {
            this.fileSystem = fileSystem;
            this.configuration = configuration;
            this.repositories = repositories;
        }

        @Override
        protected void configure() {
            bind(FileSystem.class).toInstance(fileSystem);
            bind(MailRepositoryStore.class).toInstance(repositories);
            // An empty one, which needs nothing else of a James: Guice injects nothing into what a provider makes.
            bind(RecipientRewriteTable.class).toProvider(MemoryRecipientRewriteTable::new);
            bind(Departure.Log.class).toInstance(new Departure.Log());
            bind(PropertiesProvider.class).toInstance(new PropertiesProvider(fileSystem, configuration.configurationPath()));
            bind(MetricFactory.class).toInstance(new RecordingMetricFactory());
            bind(MailetContext.class).toInstance(FakeMailContext.defaultContext());
            Multibinder.newSetBinder(binder(), MailetConfigurationOverride.class);
        }
    }

    @Override
    public byte[] apply(byte[] message) {
        String name = MailImpl.getId();
        try {
            MailImpl mail = MailImpl.builder().name(name).sender(SENDER).addRecipient(RECIPIENT).build();
            mail.setRemoteAddr(CLIENT);
            mail.setMessageNoCopy(
                    new MimeMessageWrapper(MimeMessageInputStreamSource.create(name, new ByteArrayInputStream(message))));
            processors.service(mail);
            return departures.take(name);
        } catch (MessagingException e) {
            throw new IllegalStateException("the container threw", e);
        }
    }

    @Override
    public void close() {
        processors.dispose();
    }
}
