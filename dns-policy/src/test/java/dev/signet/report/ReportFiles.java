// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Aggregate reports as others send them, and as nobody should. */
final class ReportFiles {

    private ReportFiles() {}

    /** Those of one folder beside the tests, by their names. */
    static List<Path> files(String folder) {
        try (Stream<Path> files = Files.list(Path.of(ReportFiles.class.getResource(folder).toURI()))) {
            return files.sorted().toList();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(folder, e);
        }
    }

    /** One that tells of the same three messages in its own way. */
    static byte[] dialect(String name) throws IOException {
        return Files.readAllBytes(files("dialects").stream().filter(file -> file.endsWith(name)).findFirst().orElseThrow());
    }

    /** Each that nobody can read; its name begins with the reason. */
    static Map<String, byte[]> malformed() {
        Map<String, byte[]> corpus = new LinkedHashMap<>();
        try {
            for (Path file : files("malformed")) {
                corpus.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
            byte[] sound = dialect("rfc7489.xml");
            String text = new String(sound, StandardCharsets.UTF_8);
            String record = text.substring(text.indexOf("<record>"), text.indexOf("</feedback>"));
            corpus.put("BROKEN_ARCHIVE.gzip-cut-off", Archives.cutOff(Archives.gzip(sound)));
            corpus.put("BROKEN_ARCHIVE.gzip-of-ten-bytes", new byte[] {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, 0});
            corpus.put("BROKEN_ARCHIVE.gzip-of-two-bytes", new byte[] {0x1F, (byte) 0x8B});
            corpus.put("BROKEN_ARCHIVE.gzip-of-an-unknown-method", Archives.damaged(Archives.gzip(sound), 2));
            corpus.put("BROKEN_ARCHIVE.gzip-with-a-wrong-checksum", Archives.damaged(Archives.gzip(sound), -8));
            corpus.put("BROKEN_ARCHIVE.gzip-with-a-wrong-length", Archives.damaged(Archives.gzip(sound), -4));
            corpus.put("BROKEN_ARCHIVE.zip-cut-off", Archives.cutOff(Archives.zip(sound, "r.xml")));
            corpus.put("BROKEN_ARCHIVE.zip-encrypted", Archives.encrypted(Archives.zip(sound, "r.xml")));
            corpus.put("NO_ENTRY.zip-of-nothing", Archives.zip(sound));
            corpus.put("NO_ENTRY.zip-of-a-directory", Archives.zip(sound, "reports/"));
            corpus.put("SEVERAL_ENTRIES.two-reports", Archives.zip(sound, "a.xml", "b.xml"));
            corpus.put("SEVERAL_ENTRIES.one-name-twice-but-for-case", Archives.zip(sound, "a.xml", "A.xml"));
            corpus.put("NESTED_ARCHIVE.gzip-in-gzip", Archives.gzip(Archives.gzip(sound)));
            corpus.put("NESTED_ARCHIVE.gzip-in-zip", Archives.zip(Archives.gzip(sound), "r.xml.gz"));
            corpus.put("NESTED_ARCHIVE.zip-in-gzip", Archives.gzip(Archives.zip(sound, "r.xml")));
            corpus.put("EMPTY.gzip-of-nothing", Archives.gzip(new byte[0]));
            corpus.put("NOT_XML.an-image", new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
            corpus.put("NOT_XML.bzip2", "BZh91AY&SY".getBytes(StandardCharsets.US_ASCII));
            corpus.put("NOT_XML.nul-bytes-in-zip", Archives.zip(new byte[100], "r.xml"));
            corpus.put("BOMB.gzip-of-white-space", Archives.gzip(out -> Archives.spaces(out, 20 << 20)));
            corpus.put("BOMB.zip-of-white-space", Archives.zip(out -> Archives.spaces(out, 20 << 20), "r.xml"));
            // A file large enough for the ratio to allow more than the limit.
            corpus.put("EXPANDS_TOO_FAR.gigabyte-of-white-space", Archives.gzip(out -> Archives.spaces(out, 1 << 30)));
            // As many bytes in front of the root element, where no text is too long.
            corpus.put("BOMB.gzip-of-white-space-behind-a-declaration", Archives.gzip(out -> {
                out.write("<?xml version='1.0'?>".getBytes(StandardCharsets.US_ASCII));
                Archives.spaces(out, 20 << 20);
            }));
            corpus.put("BOMB.a-report-and-then-white-space", Archives.gzip(out -> {
                out.write(sound);
                Archives.spaces(out, 20 << 20);
            }));
            corpus.put("NOT_XML.one-long-name", Archives.gzip(out -> {
                out.write('<');
                for (int i = 0; i < 1 << 14; i++) {
                    out.write("a".repeat(1 << 10).getBytes(StandardCharsets.US_ASCII));
                }
            }));
            corpus.put("TEXT_TOO_LONG.gzip-of-one-text", Archives.gzip(Archives.endless(1 << 20)));
            corpus.put("EXPANDS_TOO_FAR.gzip-of-noise", Archives.gzip(out -> {
                Random random = new Random(1);
                out.write("<feedback><!-- ".getBytes(StandardCharsets.US_ASCII));
                for (int i = 0; i < 34 << 10; i++) {
                    out.write(HexFormat.of().toHexDigits(random.nextLong()).repeat(64).getBytes(StandardCharsets.US_ASCII));
                }
            }));
            corpus.put("FILE_TOO_LARGE.plain", new byte[ReadLimits.DEFAULT.maxFileBytes() + 1]);
            corpus.put("TOO_MANY_RECORDS.51000", Archives.gzip(out -> {
                out.write(text.replace("</feedback>", "").getBytes(StandardCharsets.UTF_8));
                Random random = new Random(1);
                for (int i = 0; i < 51_000; i++) {
                    out.write(record.replace("192.0.2.1", "192.0.2." + random.nextInt(256)).replace("<count>3", "<count>" + random.nextInt(1 << 29))
                            .replace(" ", "").getBytes(StandardCharsets.UTF_8));
                }
                out.write("</feedback>".getBytes(StandardCharsets.UTF_8));
            }));
            corpus.put("TOO_MANY_ELEMENTS.a-record-of-them",
                    text.replace("<auth_results>", "<auth_results>" + "<dkim/>".repeat(2_001)).getBytes(StandardCharsets.UTF_8));
            corpus.put("TOO_DEEP.a-hundred-thousand-levels", ("<feedback>" + "<a>".repeat(100_000)).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return corpus;
    }
}
