// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

class SigningKeyTest {

    private static final byte[] DATA = "..from:joe@example.com\r\n..".getBytes(StandardCharsets.US_ASCII);

    @Test
    void signsTheExampleOfRfc8463() throws Exception {
        // Appendix A.1 and A.2: the key, and the fields in relaxed form; Ed25519 signatures are deterministic.
        byte[] seed = Base64.getDecoder().decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=");
        SigningKey key = SigningKey.of(new PrivateKeyInfo(
                new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519), new DEROctetString(seed)));
        byte[] signed = """
                from:Joe SixPack <joe@football.example.com>
                to:Suzie Q <suzie@shopping.example.net>
                subject:Is dinner ready?
                date:Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
                message-id:<20030712040037.46341.5F8J@football.example.com>
                dkim-signature:v=1; a=ed25519-sha256; c=relaxed/relaxed; d=football.example.com; \
                i=@football.example.com; q=dns/txt; s=brisbane; t=1528637909; h=from : to : subject : date : \
                message-id : from : subject : date; bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=; b="""
                .replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);

        assertThat(Base64.getEncoder().encodeToString(key.publicKey())).isEqualTo("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        assertThat(Base64.getEncoder().encodeToString(key.sign(signed, 0, signed.length)))
                .isEqualTo("/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==");
    }

    @Test
    void signsARangeWithRsa() throws Exception {
        SigningKey key = SigningKey.of(rsa(2048).getPrivate());
        assertThat(key.type()).isEqualTo(KeyType.RSA);
        assertThat(key.bits()).isEqualTo(2048);
        assertThat(key.warning()).isEmpty();
        assertThat(verifies(key, key.sign(DATA, 2, DATA.length - 4))).isTrue();
    }

    @Test
    void signsARangeWithEd25519() throws Exception {
        SigningKey key = SigningKey.of(KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate());
        assertThat(key.type()).isEqualTo(KeyType.ED25519);
        assertThat(key.bits()).isEqualTo(256);
        assertThat(key.warning()).isEmpty();
        assertThat(verifies(key, key.sign(DATA, 2, DATA.length - 4))).isTrue();
    }

    @Test
    void signsForManyThreadsAtOnce() throws Exception {
        for (SigningKey key : List.of(SigningKey.of(rsa(1024).getPrivate()),
                SigningKey.of(KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate()))) {
            // Both algorithms are deterministic: any disturbance would show as a different signature.
            byte[] expected = key.sign(DATA, 0, DATA.length);
            List<byte[]> signatures = IntStream.range(0, 400).parallel().mapToObj(i -> key.sign(DATA, 0, DATA.length)).toList();
            assertThat(signatures).hasSize(400).allMatch(signature -> Arrays.equals(signature, expected));
        }
    }

    @Test
    void refusesAKeyUnder1024Bits() throws Exception {
        KeyPair weak = rsa(512);
        assertThatThrownBy(() -> SigningKey.of(weak.getPrivate()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("found an RSA key of 512 bits, expected 1024 to 8192");
    }

    @ParameterizedTest
    @CsvSource({"1024, true", "2047, true", "2048, false"})
    void warnsAboutAKeyUnder2048Bits(int bits, boolean warns) throws Exception {
        assertThat(SigningKey.of(rsa(bits).getPrivate()).warning().isPresent()).isEqualTo(warns);
    }

    @ParameterizedTest
    @CsvSource({"EC, an EC key", "DSA, a DSA key", "Ed448, an Ed448 key", "RSASSA-PSS, an RSA key for RSASSA-PSS only"})
    void refusesOtherKindsOfKey(String algorithm, String found) throws Exception {
        KeyPair other = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        assertThatThrownBy(() -> SigningKey.of(other.getPrivate()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("found " + found + ", expected an RSA or Ed25519 private key");
    }

    @Test
    void refusesAnRsaKeyWhoseHalvesDoNotBelongTogether() throws Exception {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) rsa(1024).getPrivate();
        PrivateKeyInfo mixed = new PrivateKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                new RSAPrivateKey(key.getModulus(), BigInteger.valueOf(17), key.getPrivateExponent(), key.getPrimeP(), key.getPrimeQ(),
                        key.getPrimeExponentP(), key.getPrimeExponentQ(), key.getCrtCoefficient()));
        assertThatThrownBy(() -> SigningKey.of(mixed)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("RSA key");
    }

    @Test
    void refusesAnEd25519KeyOfAnotherLength() throws Exception {
        PrivateKeyInfo tooShort = new PrivateKeyInfo(
                new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519), new DEROctetString(new byte[31]));
        assertThatThrownBy(() -> SigningKey.of(tooShort))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("found an Ed25519 key of 31 octets, expected 32");
    }

    @Test
    void namesTypesAsKeyRecordsAndSignaturesDo() {
        assertThat(KeyType.values()).extracting(KeyType::tag).containsExactly("rsa", "ed25519");
        assertThat(KeyType.values()).extracting(KeyType::algorithm).containsExactly("rsa-sha256", "ed25519-sha256");
    }

    static KeyPair rsa(int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    /** Verifies what was signed over DATA without its first and last two bytes, by the published public key and the JDK alone. */
    private static boolean verifies(SigningKey key, byte[] signature) throws GeneralSecurityException {
        byte[] signed = Arrays.copyOfRange(DATA, 2, DATA.length - 2);
        return switch (key.type()) {
            case RSA -> {
                PublicKey publicKey = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(key.publicKey()));
                yield verifies("SHA256withRSA", publicKey, signed, signature);
            }
            case ED25519 -> {
                // RFC 8410 §10.1: these twelve octets and the key make a SubjectPublicKeyInfo.
                byte[] spki = Arrays.copyOf(Base64.getDecoder().decode("MCowBQYDK2VwAyEA"), 12 + Ed25519.PUBLIC_KEY_SIZE);
                System.arraycopy(key.publicKey(), 0, spki, 12, Ed25519.PUBLIC_KEY_SIZE);
                PublicKey publicKey = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
                yield verifies("Ed25519", publicKey, MessageDigest.getInstance("SHA-256").digest(signed), signature);
            }
        };
    }

    private static boolean verifies(String algorithm, PublicKey key, byte[] data, byte[] signature) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(key);
        verifier.update(data);
        return verifier.verify(signature);
    }
}
