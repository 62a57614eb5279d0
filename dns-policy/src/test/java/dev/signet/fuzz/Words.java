// SPDX-License-Identifier: Apache-2.0
package dev.signet.fuzz;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the fuzzer is to put into inputs of a target now and then, one char per byte. Jazzer's own annotation cannot hold a line end: it
 * takes escapes for text, and stumbles over the bytes.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Words {
    String[] value();
}
