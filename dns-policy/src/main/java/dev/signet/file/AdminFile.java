// SPDX-License-Identifier: Apache-2.0
package dev.signet.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A text file of the administrator's.
 *
 * @param path where it is
 * @param kind what it is, for messages, such as {@code "key file"}
 * @param expected what it should hold, for messages, such as {@code "a private key in PEM"}
 * @param maxBytes a larger one is refused; above all it is not /dev/zero
 */
public record AdminFile(Path path, String kind, String expected, int maxBytes) {

    /**
     * Reads all of it.
     *
     * @throws UnusableFileException if it is missing, unreadable or too large
     */
    public String read(Charset charset) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(maxBytes + 1);
        } catch (NoSuchFileException e) {
            throw unusable("found no such file, expected " + expected, e);
        } catch (AccessDeniedException e) {
            throw unusable("found it unreadable for this user, expected " + expected, e);
        } catch (IOException e) {
            throw unusable("cannot be read (" + e.getMessage() + "), expected " + expected, e);
        }
        if (bytes.length > maxBytes) {
            throw unusable("found more than " + maxBytes + " bytes, expected " + expected);
        }
        return new String(bytes, charset);
    }

    /**
     * For whoever finds fault with what it holds.
     *
     * @param problem what was found, and what was expected
     */
    public UnusableFileException unusable(String problem) {
        return new UnusableFileException(kind + " " + path + ": " + problem);
    }

    /** The same, with its cause. */
    public UnusableFileException unusable(String problem, Throwable cause) {
        return new UnusableFileException(kind + " " + path + ": " + problem, cause);
    }
}
