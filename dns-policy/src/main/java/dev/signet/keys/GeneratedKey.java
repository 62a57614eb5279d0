// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A new key, which only its owner may see.
 *
 * @param key ready to sign
 * @param pem the same as unencrypted PKCS#8
 */
public record GeneratedKey(SigningKey key, String pem) {

    static GeneratedKey of(PrivateKeyInfo info) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject("PRIVATE KEY", info.getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException("a string takes all that is written", e);
        }
        return new GeneratedKey(SigningKey.of(info), text.toString().replace("\r\n", "\n"));
    }

    /**
     * Writes the PEM to a new file that only its owner may read and write, from its first moment on.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is such a file: it may be the only copy of a key in use
     * @throws IOException if the file cannot be written; then there is none
     * @throws UnsupportedOperationException if the file system does not know such rights; then there is no file either
     */
    public void writeTo(Path file) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (SeekableByteChannel out = Files.newByteChannel(file, options, ownerOnly)) {
            writeAll(out, file);
        }
    }

    /** Says nothing about the private key. */
    @Override
    public String toString() {
        return key.type() + ", " + key.bits() + " bits";
    }

    private void writeAll(SeekableByteChannel out, Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(pem.getBytes(StandardCharsets.US_ASCII));
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }
}
