// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import com.google.inject.AbstractModule;

/**
 * Makes {@link Signet} when James starts, so that a mistake in {@code conf/signet.properties} shows before anything else of ours
 * is loaded. Named in {@code conf/extensions.properties}:
 *
 * <pre>{@code guice.extension.module=dev.signet.mailets.SignetModule}</pre>
 *
 * <p>Nothing depends on that: without it James makes {@link Signet} when it loads the first mailet or hook.
 */
public final class SignetModule extends AbstractModule {

    @Override
    protected void configure() {
        bind(Signet.class).asEagerSingleton();
    }
}
