// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;

/**
 * Binds what the hook and the mailets share. Named in {@code conf/extensions.properties}:
 *
 * <pre>{@code guice.extension.module=dev.signet.mailets.SignetModule}</pre>
 *
 * <p>It may be left out: Guice then finds {@link Signet} by itself, and the instance is shared just the same.
 */
public final class SignetModule extends AbstractModule {

    @Override
    protected void configure() {
        bind(Signet.class).in(Scopes.SINGLETON);
        bind(FailureReporter.class).in(Scopes.SINGLETON);
    }
}
