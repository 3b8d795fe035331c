// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.rcu.Mutants;
import org.rcublk.rcu.Steps;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what left the graph (guarantee C). A node waits for a grace period of each root that ever reached it and whose
 * reach is not covered yet, whether the root is still attached or not; then for its control uses, among them the
 * parents that left with it or before it and are not closed. Then it is flushed and closed, once, on a virtual thread of
 * its own: a node that hangs there delays nobody but its own children.
 *
 * <p>The count of outstanding grace periods starts one too high, and the one comes off when all are registered, so that
 * it cannot reach zero early. Whoever takes it to zero starts the close.
 */
@GlobalState
final class Retirer {
    private static final Logger LOG = LoggerFactory.getLogger(Retirer.class);

    private static final boolean SHARED_CLOSER = Mutants.on("graph-shared-closer");
    private static final Executor ONE_FOR_ALL =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().factory()); // of a negative control
    private static final boolean CLOSE_BEFORE_GP = Mutants.on("graph-close-before-gp");

    private final AtomicInteger notClosed = new AtomicInteger();

    /** Nodes that left the graph and are not closed. */
    @AnyThread
    int notClosed() {
        return notClosed.get();
    }

    /** Takes over a node that a published version lacks; the caller has retained its children. */
    void retire(Step.Retired retired) {
        NodeState state = retired.node().state();
        if (!state.retire()) {
            LOG.error(
                    "node '{}' left the graph twice; it is closed once",
                    retired.node().name());
            retired.children().forEach(NodeState::release);
            return;
        }
        notClosed.incrementAndGet();
        List<RootState> waiting = new ArrayList<>();
        AtomicInteger outstanding = new AtomicInteger(1);
        Runnable covered = () -> {
            if (outstanding.decrementAndGet() == 0) {
                state.whenUnused(() -> startClose(retired, waiting));
            }
        };
        retired.reached().forEach((root, until) -> {
            if (!CLOSE_BEFORE_GP && root.elapsedVersion() < until) {
                waiting.add(root);
                root.countRetired(1);
                outstanding.incrementAndGet();
            }
        });
        for (RootState root : List.copyOf(waiting)) {
            long until = retired.reached().get(root).getOrElse(0L);
            // Not retire(): a publication must not wait for room, and nothing here may block a release queue.
            root.domain()
                    .whenElapsed(root.cookieFor(until))
                    .thenRun(covered)
                    .whenComplete((nothing, failure) -> reportFailure(retired, failure));
        }
        covered.run();
    }

    private static void reportFailure(Step.Retired retired, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.error(
                    "node '{}' left the graph, and its close could not be started",
                    retired.node().name(),
                    failure);
        }
    }

    /**
     * Closes the settings of a description that another has replaced. The change drained the node, so no request is left
     * that could see them; a control use may.
     */
    void reset(BlockNode old) {
        if (Identity.same(old.settings(), NodeSettings.NONE)) {
            return;
        }
        old.state()
                .whenUnused(() ->
                        Thread.ofVirtual().name("rcublk-reopen-" + old.name()).start(() -> closeSettings(old)));
    }

    private static void closeSettings(BlockNode node) {
        try {
            node.settings().close();
        } catch (Exception | Error e) {
            LOG.error("what node '{}' owned by its settings could not be closed cleanly", node.name(), e);
        }
    }

    private void startClose(Step.Retired retired, List<RootState> waited) {
        Runnable close = () -> close(retired, waited);
        String name = "rcublk-close-" + (SHARED_CLOSER ? "all" : retired.node().name());
        if (Steps.ENABLED && Steps.starts(name, close)) {
            return;
        }
        if (SHARED_CLOSER) {
            ONE_FOR_ALL.execute(close);
        } else {
            Thread.ofVirtual().name(name).start(close);
        }
    }

    private void close(Step.Retired retired, List<RootState> waited) {
        NodeState state = retired.node().state();
        String name = retired.node().name();
        try {
            if (!retired.node().readOnly()) {
                state.flush(retired.node());
            }
        } catch (Exception | Error e) {
            LOG.error("node '{}' could not be flushed before it was closed; what it held may be lost", name, e);
        }
        if (Steps.ENABLED) {
            Steps.reach("graph.close");
        }
        try {
            state.close();
        } catch (Exception | Error e) {
            LOG.error("node '{}' could not be closed cleanly", name, e);
        }
        closeSettings(retired.node());
        state.closed();
        waited.forEach(root -> root.countRetired(-1));
        notClosed.decrementAndGet();
        retired.children().forEach(NodeState::release);
    }
}
