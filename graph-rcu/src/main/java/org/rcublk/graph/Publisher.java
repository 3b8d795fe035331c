// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.VolatileLoad;
import org.rcublk.rcu.Mutants;
import org.rcublk.rcu.Steps;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one reference to the current version, and what follows each exchange of it.
 *
 * <p>Order within one publication: the children of nodes that leave are retained, so that no other publication can close
 * them under their parents; then the exchange; then requests are let in again, which are waiting; then the grace periods
 * that cover it are asked for (asked before the exchange, they might end before a reader of the old version began); then
 * nodes are retired; last, detached roots are told, who may close their domain on that.
 *
 * @param <P> the plan that I/O follows
 */
@GlobalState
final class Publisher<P> {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final boolean TWO_FIELDS = Mutants.on("graph-two-fields");
    private static final boolean PUBLISH_BY_SET = Mutants.on("graph-publish-set");
    private static final boolean RELEASE_EARLY = Mutants.on("graph-release-before-publish");

    private static final VarHandle CURRENT;

    static {
        try {
            CURRENT = MethodHandles.lookup().findVarHandle(Publisher.class, "current", Version.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Volatile loads and compare-and-sets only. The load pairs with the count that a reader makes before it in
     * {@code ReadDomain.downRead}: an acquire load might be ordered before that count, and a drain miss the reader.
     */
    @VolatileLoad
    private volatile Version<P> current = Version.first();

    @SuppressWarnings("VersionInField") // of a negative control, and null without it
    private volatile @Nullable Version<P> gatesApart;

    /** What of a publication the thread is in. */
    private static final ThreadLocal<@Nullable String> WITHIN = new ThreadLocal<>();

    private final Retirer retirer = new Retirer();
    private final List<GraphListener> listeners = new CopyOnWriteArrayList<>();

    /** What readers see. */
    @AnyThread
    Version<P> current() {
        if (TWO_FIELDS) {
            Version<P> rest = current;
            if (Steps.ENABLED) {
                Steps.reach("graph.torn-load");
            }
            Version<P> gates = gatesApart;
            return gates == null ? rest : Version.torn(rest, gates);
        }
        return current;
    }

    /** What writers derive from: the same, without the negative control's fault. */
    @AnyThread
    Version<P> latest() {
        return current;
    }

    @AnyThread
    Retirer retirer() {
        return retirer;
    }

    @AnyThread
    List<GraphListener> listeners() {
        return listeners;
    }

    /**
     * Publishes a step if its first version is still current, and sees to what follows; false if it is not.
     *
     * @param exchanged told first, so that whatever fails later finds the caller's claims final
     * @param released told as soon as the release hooks were called
     */
    boolean publish(Step<P> step, Runnable exchanged, Runnable released) {
        requireOutside("a publication");
        List<NodeState> retained = new ArrayList<>();
        boolean published = false;
        try {
            published = retainChildren(step, retained) && exchange(step);
        } finally {
            if (!published) {
                retained.forEach(NodeState::release);
            }
        }
        if (published) {
            exchanged.run();
            settle(step, released);
        }
        return published;
    }

    private static boolean retainChildren(Step<?> step, List<NodeState> retained) {
        for (Step.Retired retired : step.retired()) {
            for (NodeState child : retired.children()) {
                if (!child.retain()) {
                    return false; // it has left the graph, so the step's first version is not current any more
                }
                retained.add(child);
            }
        }
        return true;
    }

    private boolean exchange(Step<P> step) {
        if (RELEASE_EARLY) {
            release(step);
            if (Steps.ENABLED) {
                Steps.reach("graph.released-early");
            }
        }
        if (Steps.ENABLED) {
            Steps.reach("graph.publish");
        }
        if (PUBLISH_BY_SET) {
            current = step.after();
            return true;
        }
        boolean exchanged = CURRENT.compareAndSet(this, step.before(), step.after());
        if (TWO_FIELDS && exchanged) {
            if (Steps.ENABLED) {
                Steps.reach("graph.between-fields");
            }
            gatesApart = step.after();
        }
        return exchanged;
    }

    private void settle(Step<P> step, Runnable released) {
        if (Steps.ENABLED) {
            Steps.reach("graph.committed");
        }
        if (!RELEASE_EARLY) {
            release(step);
        }
        guarded("account of a release", released);
        if (Steps.ENABLED) {
            Steps.reach("graph.released");
        }
        letGo(step);
        long number = step.after().number();
        for (String id : step.roots()) {
            RootState changed = step.changed(id);
            if (changed != null) {
                guarded("cover of root '" + id + "'", () -> changed.cover(number));
            }
        }
        if (Steps.ENABLED) {
            Steps.reach("graph.covered");
        }
        for (Step.Retired retired : step.retired()) {
            guarded("retirement of node '" + retired.node().name() + "'", () -> retirer.retire(retired));
        }
        for (BlockNode old : step.reset()) {
            guarded("close of the old settings of node '" + old.name() + "'", () -> retirer.reset(old));
        }
        for (String id : step.roots()) {
            RootState detached = step.detached(id);
            if (detached != null) {
                letGo(detached, step.before().route(id));
                guarded("detach hook of root '" + id + "'", detached::detached);
            }
        }
    }

    private void release(Step<P> step) {
        for (String id : step.roots()) {
            RootState released = step.released(id);
            if (released != null) {
                guarded("release hook of root '" + id + "'", released::released);
            }
        }
    }

    /** Has drivers let go what they hold back of requests that are about to be waited for. */
    private static void letGo(Step<?> step) {
        for (String id : step.roots()) {
            Route<?> gated = step.gated(id);
            if (gated != null) {
                letGo(gated.root().state(), gated);
            }
        }
    }

    /** The same for roots that are waited for without a gate. */
    void letGo(Version<P> version, List<RootState> roots) {
        for (RootState root : roots) {
            Route<P> route = version.route(root.id());
            if (route != null && Identity.same(route.root().state(), root)) {
                letGo(root, route);
            }
        }
    }

    private static void letGo(RootState root, @Nullable Route<?> route) {
        if (route != null) {
            route.reached()
                    .forEach((name, node) -> guarded("gate hook of node '" + name + "'", () -> node.gated(root)));
        }
    }

    void tell(Publication publication) {
        GraphEvents.published(publication);
        for (GraphListener listener : listeners) {
            guarded("listener", () -> listener.published(publication));
        }
    }

    /**
     * Runs what is not ours, or may fail: no failure of it may keep the rest of a publication from being done, and no
     * publication may begin in it (hazard H28).
     */
    private static void guarded(String what, Runnable foreign) {
        String outer = WITHIN.get();
        WITHIN.set(what);
        try {
            foreign.run();
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed; the publication stands", what, e);
        } finally {
            if (outer == null) {
                WITHIN.remove();
            } else {
                WITHIN.set(outer);
            }
        }
    }

    /**
     * Refuses a change from within what a publication calls.
     *
     * @throws IllegalStateException if the calling thread is in the middle of a publication
     */
    @AnyThread
    static void requireOutside(String call) {
        String within = WITHIN.get();
        if (within != null) {
            throw new IllegalStateException(call + " from within the " + within
                    + ": the publication that called it is not over; change the graph on another thread");
        }
    }
}
