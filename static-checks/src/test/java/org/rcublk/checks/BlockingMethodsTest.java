// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rcublk.checks.BlockingMethods.Answer;
import org.rcublk.checks.BlockingMethods.Entry;

class BlockingMethodsTest {
    private final BlockingMethods known = BlockingMethods.known();

    @Test
    void tellsOverloadsApart() {
        assertTrue(known.blocks("java/util/concurrent/locks/Lock", "tryLock", "(JLjava/util/concurrent/TimeUnit;)Z"));
        assertFalse(known.blocks("java/util/concurrent/locks/Lock", "tryLock", "()Z"));
        assertTrue(known.blocks("java/nio/channels/Selector", "select", "(J)I"));
        assertFalse(known.blocks("java/nio/channels/Selector", "selectNow", "()I"));
    }

    @Test
    void subtypesAreTheCallersBusiness() {
        assertEquals(Answer.UNLISTED, known.answer("java/util/concurrent/locks/ReentrantLock", "lock", "()V"));
        assertEquals(Answer.HARMLESS, known.answer("java/io/ByteArrayInputStream", "read", "()I"));
        assertEquals(Answer.BLOCKS, known.answer("java/io/InputStream", "read", "()I"));
    }

    /** A misspelt line would silently never match. */
    @Test
    void everyLineNamesAMethodOfTheJdk() throws Exception {
        for (Entry entry : known.entries()) {
            Class<?> owner = Class.forName(entry.owner().replace('/', '.'));
            boolean found = entry.method().equals("*")
                    || (entry.method().equals("<init>") && owner.getDeclaredConstructors().length > 0)
                    || List.of(owner.getDeclaredMethods()).stream().anyMatch(method -> names(entry, method));
            assertTrue(found, () -> entry + " names nothing");
        }
    }

    private static boolean names(Entry entry, Method method) {
        return method.getName().equals(entry.method())
                && (entry.parameters().equals("*") || descriptor(method).startsWith("(" + entry.parameters() + ")"));
    }

    private static String descriptor(Method method) {
        return MethodTypeDesc.of(
                        method.getReturnType().describeConstable().orElseThrow(),
                        List.of(method.getParameterTypes()).stream()
                                .map(type -> type.describeConstable().orElseThrow())
                                .toList())
                .descriptorString();
    }

    @Test
    void addedLinesComeFirst() {
        BlockingMethods more = known.plus(BlockingMethods.parse(List.of("!java/lang/Thread#sleep(J)", "a/B#c(*)")));
        assertFalse(more.blocks("java/lang/Thread", "sleep", "(J)V"));
        assertTrue(more.blocks("java/lang/Thread", "sleep", "(JI)V"));
        assertTrue(more.blocks("a/B", "c", "()V"));
        assertFalse(known.blocks("a/B", "c", "()V"));
    }

    @Test
    void refusesOtherForms() {
        for (String line : List.of("a/B", "a/B#c", "a/B#(*)", "!#c(*)", "a/B#c(*) x")) {
            assertThrows(IllegalArgumentException.class, () -> BlockingMethods.parse(List.of(line)), line);
        }
    }
}
