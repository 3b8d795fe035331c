// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyValuesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "driver=file,filename=a.img              | {driver=file, filename=a.img}",
                "file,filename=a.img                     | {driver=file, filename=a.img}",
                "driver=raw,file.driver=file,file.filename=x | {driver=raw, file={driver=file, filename=x}}",
                "filename=a,,b                           | {filename=a,b}",
                "filename=a,,,,b,driver=x                | {filename=a,,b, driver=x}",
                "filename=a=b                            | {filename=a=b}",
                "a=                                      | {a=}",
                "a=1,                                    | {a=1}",
                "a.0=x,a.1=y                             | {a=[x, y]}",
                "a.1=y,a.0=x                             | {a=[x, y]}",
                "c.0.driver=x,c.0.file=f,c.1.driver=y    | {c=[{driver=x, file=f}, {driver=y}]}",
                "a.b.c.d=1                               | {a={b={c={d=1}}}}",
                "{\"a\":1,\"b\":[true,\"x\"],\"c\":{\"d\":1.5,\"e\":null}} | {a=1, b=[true, x], c={d=1.5, e=null}}"
            })
    void parses(String text, String expected) {
        assertEquals(expected, KeyValues.parse("--x", text, "driver").toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                  | empty",
                "a=1,b                 | 'b' has no '='",
                "a=1,a=2               | 'a' is given twice",
                "a=1,a.b=2             | 'a' has a value",
                "a.b=1,a=2             | 'a' is given twice",
                "=1                    | '' is not a key",
                "a..b=1                | 'a..b' is not a key",
                "a.=1                  | 'a.' is not a key",
                "a b=1                 | 'a b' is not a key",
                "a,,b=1                | 'a,b' is not a key",
                "0=1                   | begin with a number",
                "a.0=1,a.b=2           | both numbers and names",
                "a.0=1,a.2=2           | 'a.1' is missing",
                "a.00=1                | 'a.00' is not a key",
                "{                     | ends before the object does",
                "{}x                   | malformed JSON",
                "{} {}                 | nothing after it",
                "{\"a\":1,\"a\":2}     | Duplicate",
                "{'a':1}               | malformed JSON",
                "{\"a\":NaN}           | malformed JSON",
                "{\"a\":1,}            | malformed JSON",
                "{\"a\":99999999999999999999} | malformed JSON",
                "{\"a\":01}            | malformed JSON"
            })
    void refuses(String text, String reason) {
        ArgumentException error = assertThrows(ArgumentException.class, () -> KeyValues.parse("--x", text, "driver"));
        assertTrue(error.getMessage().contains(reason), error.getMessage());
        assertTrue(error.getMessage().startsWith("--x: "), error.getMessage());
        assertEquals(1, error.getMessage().lines().count(), error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"64,true", "65,false"})
    void nestingIsBounded(int depth, boolean good) {
        String text = "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
        if (good) {
            assertEquals(1, KeyValues.parse("--x", text, null).size());
        } else {
            assertThrows(ArgumentException.class, () -> KeyValues.parse("--x", text, null));
        }
    }
}
