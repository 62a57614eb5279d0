// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.dkim.DkimCheck;
import dev.signet.dkim.DkimOptions;
import dev.signet.dkim.DkimState;
import dev.signet.dkim.DkimVerifier;
import dev.signet.message.BodyHashes;
import dev.signet.message.MessageLimits;
import dev.signet.message.MessageReader;
import org.apache.james.jdkim.DKIMVerifier;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The least heap in which a message that lies in a file is verified, found by trying: each size in a process of its own. */
final class LeastHeap {

    private static final List<Integer> SIZES = List.of(2_000, 1_000_000, 20_000_000);
    private static final List<Integer> HEAPS = List.of(3, 4, 6, 8, 12, 16, 24, 32, 40, 48, 64, 96, 128);

    private LeastHeap() {}

    static void run() throws Exception {
        System.out.println();
        System.out.println("Least heap that DKIM verification of a message in a file takes, MB of -Xmx");
        System.out.println();
        System.out.println("| message bytes | Signet | jDKIM |");
        System.out.println("|---:|---:|---:|");
        for (int size : SIZES) {
            SignedMessage message = SignedMessage.of(size);
            Path eml = Files.createTempFile("message", ".eml");
            try {
                Files.write(eml, message.bytes());
                List<String> row = new ArrayList<>(List.of("%,d".formatted(size)));
                for (String who : List.of("signet", "jdkim")) {
                    row.add(least(who, eml, message.keyRecord()));
                }
                System.out.println("| " + String.join(" | ", row) + " |");
            } finally {
                Files.delete(eml);
            }
        }
    }

    private static String least(String who, Path eml, String keyRecord) throws IOException, InterruptedException {
        for (int heap : HEAPS) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xmx" + heap + "m",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                            "-cp", System.getProperty("java.class.path"), LeastHeap.class.getName(), who, eml.toString(), keyRecord)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() == 0) {
                return Integer.toString(heap);
            }
        }
        return "more than " + HEAPS.getLast();
    }

    /** Ends well if the message verified. */
    public static void main(String[] arguments) throws Exception {
        String keyRecord = arguments[2];
        try (InputStream in = new BufferedInputStream(Files.newInputStream(Path.of(arguments[1])))) {
            boolean verified = switch (arguments[0]) {
                case "signet" -> bySignet(in, keyRecord);
                case "jdkim" -> new DKIMVerifier((methods, selector, token) -> List.of(keyRecord)).verify(in).size() == 1;
                default -> throw new IllegalArgumentException(arguments[0]);
            };
            System.exit(verified ? 0 : 1);
        }
    }

    private static boolean bySignet(InputStream in, String keyRecord) throws IOException {
        MessageReader reader = MessageReader.open(in, MessageLimits.DEFAULT);
        BodyHashes hashes = new BodyHashes();
        DkimCheck check = new DkimVerifier(DkimOptions.DEFAULT, InstantSource.system())
                .begin(reader.header(), Optional.empty(), SignedMessage.dns(keyRecord), hashes);
        reader.readBody(hashes);
        return check.results().getFirst().state() == DkimState.PASS;
    }
}
