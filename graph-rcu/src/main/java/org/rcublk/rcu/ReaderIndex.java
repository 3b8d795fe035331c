// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.BitSet;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;

/**
 * A registration as a reader: a small process-wide number that selects one slot in every domain. At most one thread may
 * use an index at a time, because slots are written without read-modify-write instructions. {@link ReaderThread}
 * registers by itself; code that manages its own threads acquires an index and passes it to
 * {@link ReadDomain#downRead(int)}.
 *
 * <p>A released index is handed out again with the counters of its slots kept: a section that was begun on it may still
 * be open and is still counted.
 */
@GlobalState
public final class ReaderIndex implements AutoCloseable {
    /** Of a negative control: how many indices it knows the owners of. */
    static final int MOST_WITH_OWNERS = 1 << 12;

    private static final boolean COUNT_OWNERS = Mutants.on("rcu-slot-zeroed");
    private static final BitSet TAKEN = new BitSet();
    private static final int[] OWNERS = new int[COUNT_OWNERS ? MOST_WITH_OWNERS : 0]; // written under TAKEN

    private final int value;
    private boolean open = true;

    @AnyThread
    private ReaderIndex(int value) {
        this.value = value;
    }

    /**
     * Registers a reader.
     *
     * @return the lowest index that is free
     */
    public static ReaderIndex acquire() {
        synchronized (TAKEN) {
            int free = TAKEN.nextClearBit(0);
            TAKEN.set(free);
            if (COUNT_OWNERS) {
                OWNERS[free]++;
            }
            return new ReaderIndex(free);
        }
    }

    /** Which owner of an index the calling thread is, counted from 1: of a negative control. */
    @AnyThread
    static int owner(int reader) {
        return OWNERS[reader];
    }

    /**
     * The number to pass to a domain.
     *
     * @return a small number, 0 or more
     */
    @AnyThread
    public int value() {
        return value;
    }

    /** Ends the registration. Its counters stay; the next {@link #acquire} may adopt them. */
    @Override
    public void close() {
        // The monitor orders the last writes of the old owner before the first reads of the next one.
        synchronized (TAKEN) {
            if (open) {
                open = false;
                TAKEN.clear(value);
            }
        }
    }
}
