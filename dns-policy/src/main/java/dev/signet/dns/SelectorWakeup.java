// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.NioClient;

import java.lang.reflect.Method;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Helps dnsjava before 3.6 to send what it is to send; James 3.8 brings 3.5.2.
 *
 * <p>There a query lies in a list until the selector thread wakes up and finds no reply to read. Where one comes at the moment at which
 * another query wakes it up, which is no rare thing for several at once, that query lies there until the selector's own time-out: it
 * takes a second instead of milliseconds. So the selector is woken up while an answer is missing. dnsjava has no door for that, and
 * newer releases need none.
 */
final class SelectorWakeup {

    private static final int FIRST_MILLIS = 5;
    // When it has woken up by itself.
    private static final int LAST_MILLIS = 1000;

    private static final @Nullable Method SELECTOR = selectorOfOldRelease();

    private SelectorWakeup() {}

    /** Wakes it up now and then, less and less often, until there is an answer. */
    static void until(CompletableFuture<?> answered) {
        if (SELECTOR != null) {
            later(FIRST_MILLIS, answered, SELECTOR);
        }
    }

    private static void later(int millis, CompletableFuture<?> answered, Method selector) {
        // On the thread of all time-outs of the JVM, for an instant.
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, Runnable::run).execute(() -> {
            if (!answered.isDone() && millis < LAST_MILLIS) {
                wakeUp(selector);
                later(2 * millis, answered, selector);
            }
        });
    }

    private static void wakeUp(Method selector) {
        try {
            ((Selector) selector.invoke(null)).wakeup();
        } catch (ReflectiveOperationException e) {
            // It wakes up by itself, later.
        }
    }

    private static @Nullable Method selectorOfOldRelease() {
        try {
            // 3.6 sends whatever woke it up.
            if (Arrays.stream(NioClient.class.getDeclaredMethods()).anyMatch(method -> method.getName().equals("setRegistrationsTask"))) {
                return null;
            }
            Method selector = NioClient.class.getDeclaredMethod("selector");
            selector.setAccessible(true);
            return selector;
        } catch (ReflectiveOperationException | RuntimeException e) {
            // A release of which we know nothing: it has to do without.
            return null;
        }
    }
}
