// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.signet.dns.DomainName;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;

/**
 * Writes the fields of a verdict's JSON.
 *
 * @param all also those that say nothing: null, 0, false and empty lists. Programs are promised them; a mail in a queue need not carry them along
 */
record VerdictFields(JsonGenerator json, boolean all) {

    void write(String key, @Nullable String value) throws IOException {
        if (all || value != null) {
            json.writeStringField(key, value);
        }
    }

    void write(String key, int value) throws IOException {
        if (all || value != 0) {
            json.writeNumberField(key, value);
        }
    }

    void write(String key, boolean value) throws IOException {
        if (all || value) {
            json.writeBooleanField(key, value);
        }
    }

    void write(String key, List<DomainName> names) throws IOException {
        if (all || !names.isEmpty()) {
            json.writeArrayFieldStart(key);
            for (DomainName name : names) {
                json.writeString(name.ascii());
            }
            json.writeEndArray();
        }
    }

    void begin(String key) throws IOException {
        json.writeObjectFieldStart(key);
    }

    void end() throws IOException {
        json.writeEndObject();
    }
}
