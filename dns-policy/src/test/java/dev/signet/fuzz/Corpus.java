// SPDX-License-Identifier: Apache-2.0
package dev.signet.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;

/**
 * What a target begins with, and what every test run replays: inputs written by hand, and those that fuzzing found to reach
 * something new, in {@code TestClass.method.zip} beside the test class.
 */
public final class Corpus {

    private Corpus() {}

    /**
     * All inputs of one target.
     *
     * @param written by hand, one char per byte
     */
    public static Stream<byte[]> of(Class<?> test, String method, String... written) {
        return Stream.concat(Stream.of(written).map(text -> text.getBytes(StandardCharsets.ISO_8859_1)), found(test, method).stream());
    }

    private static List<byte[]> found(Class<?> test, String method) {
        List<byte[]> inputs = new ArrayList<>();
        try (InputStream file = test.getResourceAsStream(test.getSimpleName() + "." + method + ".zip")) {
            if (file == null) {
                throw new IllegalStateException("no corpus of " + test.getSimpleName() + "." + method);
            }
            ZipInputStream zip = new ZipInputStream(file);
            while (zip.getNextEntry() != null) {
                inputs.add(zip.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (inputs.isEmpty()) {
            throw new IllegalStateException("an empty corpus of " + test.getSimpleName() + "." + method);
        }
        return inputs;
    }
}
