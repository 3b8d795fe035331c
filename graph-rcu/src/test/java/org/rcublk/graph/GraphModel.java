// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the graph should be: mutable maps, every question answered by walking all of it, nothing kept beside. An operation
 * throws {@link Refused} and may leave a mess then; work on a {@link #copy}.
 */
final class GraphModel {
    enum Kind {
        FILTERED,
        COW,
        IMAGE,
        DATA
    }

    record Link(String name, Kind kind, String child, String frozenBy) {}

    record Node(boolean filter, boolean implicit, boolean readOnly, List<Link> links) {}

    record Root(String node, Set<Permission> used, Set<Permission> shared) {}

    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }
    }

    final Map<String, Node> nodes = new TreeMap<>();
    final Map<String, Root> roots = new TreeMap<>();

    GraphModel copy() {
        GraphModel copy = new GraphModel();
        copy.nodes.putAll(nodes);
        copy.roots.putAll(roots);
        return copy;
    }

    // ---- operations ----

    void add(String name, Node node) {
        require(!nodes.containsKey(name), name + " exists");
        node.links().forEach(l -> require(nodes.containsKey(l.child()), "no child " + l.child()));
        nodes.put(name, node);
    }

    void remove(String name) {
        require(nodes.containsKey(name), "no " + name);
        require(unused(name), name + " is used");
        removeUnused(name, null);
    }

    private void removeUnused(String name, String stays) {
        Node gone = nodes.get(name);
        gone.links().forEach(l -> require(l.frozenBy() == null, "frozen"));
        nodes.remove(name);
        for (Link link : gone.links()) {
            Node child = nodes.get(link.child());
            if (child != null && child.implicit() && !link.child().equals(stays) && unused(link.child())) {
                removeUnused(link.child(), stays);
            }
        }
    }

    void attach(String id, Root root) {
        require(!roots.containsKey(id) && nodes.containsKey(root.node()), "cannot attach " + id);
        roots.put(id, root);
    }

    void detach(String id) {
        require(roots.remove(id) != null, "no root " + id);
    }

    void regrant(String id, Root grant) {
        require(roots.containsKey(id), "no root " + id);
        roots.put(id, new Root(roots.get(id).node(), grant.used(), grant.shared()));
    }

    void insertFilter(String name, String filter) {
        require(nodes.containsKey(name), "no " + name);
        add(filter, new Node(true, false, false, List.of(new Link("file", Kind.FILTERED, name, null))));
        moveUsers(name, filter);
    }

    void dropFilter(String name) {
        require(nodes.containsKey(name) && nodes.get(name).filter(), "no filter " + name);
        String child = link(name, Kind.FILTERED).child();
        moveUsers(name, child);
        require(unused(name), name + " is used");
        removeUnused(name, child);
    }

    void append(String base, String overlay) {
        require(nodes.containsKey(base) && nodes.containsKey(overlay) && !base.equals(overlay), "no such nodes");
        require(link(overlay, Kind.COW) == null && !nodes.get(overlay).filter() && unused(overlay), "no overlay");
        relink(overlay, plus(nodes.get(overlay).links(), new Link("backing", Kind.COW, base, null)));
        moveUsers(base, overlay);
    }

    void replace(String from, String to) {
        require(nodes.containsKey(from) && nodes.containsKey(to) && !from.equals(to), "no such nodes");
        moveUsers(from, to);
    }

    void setBacking(String name, String backing) {
        require(nodes.containsKey(name), "no " + name);
        Link old = link(name, Kind.COW);
        List<Link> links = new ArrayList<>(nodes.get(name).links());
        if (backing != null) {
            require(nodes.containsKey(backing) && !reach(backing, null).contains(name), "missing or a cycle");
        }
        if (old != null && (backing == null || !old.child().equals(backing))) {
            require(old.frozenBy() == null, "frozen");
        }
        if (old == null && backing != null) {
            links.add(new Link("backing", Kind.COW, backing, null));
        } else if (old != null && backing == null) {
            links.remove(old);
        } else if (old != null) {
            links.set(links.indexOf(old), new Link(old.name(), Kind.COW, backing, old.frozenBy()));
        }
        relink(name, links);
        if (old != null && !old.child().equals(backing)) {
            goIfImplicit(old.child());
        }
    }

    void setChild(String parent, String name, String child) {
        require(nodes.containsKey(parent) && nodes.containsKey(child), "no such nodes");
        List<Link> links = new ArrayList<>(nodes.get(parent).links());
        Link old = links.stream()
                .filter(l -> l.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Refused("no child " + name));
        require(!reach(child, null).contains(parent), "cycle");
        require(old.frozenBy() == null || old.child().equals(child), "frozen");
        links.set(links.indexOf(old), new Link(name, old.kind(), child, old.frozenBy()));
        relink(parent, links);
        if (!old.child().equals(child)) {
            goIfImplicit(old.child());
        }
    }

    private void goIfImplicit(String name) {
        if (nodes.get(name).implicit() && unused(name)) {
            removeUnused(name, null);
        }
    }

    void addChild(String parent, Link link) {
        require(nodes.containsKey(parent) && nodes.containsKey(link.child()), "no such nodes");
        require(!reach(link.child(), null).contains(parent), "cycle");
        relink(parent, plus(nodes.get(parent).links(), link));
    }

    void removeChild(String parent, String name) {
        require(nodes.containsKey(parent), "no " + parent);
        Link gone = nodes.get(parent).links().stream()
                .filter(l -> l.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Refused("no child " + name));
        require(gone.frozenBy() == null, "frozen");
        require(!(nodes.get(parent).filter() && gone.kind() == Kind.FILTERED), "a filter needs it");
        List<Link> links = new ArrayList<>(nodes.get(parent).links());
        links.remove(gone);
        relink(parent, links);
        goIfImplicit(gone.child());
    }

    void dropIntermediate(String top, String base) {
        List<String> chain = chain(top, base);
        require(!chain.isEmpty(), "nothing to drop");
        moveUsers(top, base);
        for (String name : chain) {
            if (nodes.containsKey(name)) {
                remove(name);
            }
        }
    }

    void reopen(String name, boolean readOnly) {
        require(nodes.containsKey(name), "no " + name);
        Node node = nodes.get(name);
        nodes.put(name, new Node(node.filter(), node.implicit(), readOnly, node.links()));
    }

    void freeze(String top, String base, String by) {
        for (String name : chain(top, base)) {
            Link link = below(name);
            require((by == null) == (link.frozenBy() != null), "frozen, or not"); // by one job, in this model
            List<Link> links = new ArrayList<>(nodes.get(name).links());
            links.set(links.indexOf(link), new Link(link.name(), link.kind(), link.child(), by));
            relink(name, links);
        }
    }

    // ---- helpers ----

    private void moveUsers(String from, String to) {
        Set<String> above = reach(to, from);
        for (String parent : List.copyOf(nodes.keySet())) {
            List<Link> links = new ArrayList<>();
            for (Link link : nodes.get(parent).links()) {
                boolean moves = link.child().equals(from) && !above.contains(parent);
                require(!moves || link.frozenBy() == null, "frozen");
                links.add(moves ? new Link(link.name(), link.kind(), to, null) : link);
            }
            relink(parent, links);
        }
        roots.replaceAll((id, r) -> r.node().equals(from) ? new Root(to, r.used(), r.shared()) : r);
    }

    private List<String> chain(String top, String base) {
        require(nodes.containsKey(top) && nodes.containsKey(base), "no such nodes");
        List<String> names = new ArrayList<>();
        for (String at = top; !at.equals(base); at = below(at).child()) {
            names.add(at);
            require(below(at) != null, "no chain");
        }
        return names;
    }

    private Link below(String name) {
        Link cow = link(name, Kind.COW);
        return cow == null ? link(name, Kind.FILTERED) : cow;
    }

    private Link link(String name, Kind kind) {
        return nodes.get(name).links().stream()
                .filter(l -> l.kind() == kind)
                .findFirst()
                .orElse(null);
    }

    private void relink(String name, List<Link> links) {
        Node old = nodes.get(name);
        require(links.stream().map(Link::name).distinct().count() == links.size(), "one name twice");
        for (Kind once : List.of(Kind.FILTERED, Kind.COW, Kind.IMAGE)) {
            require(links.stream().filter(l -> l.kind() == once).count() <= 1, "two " + once);
        }
        nodes.put(name, new Node(old.filter(), old.implicit(), old.readOnly(), List.copyOf(links)));
    }

    private static List<Link> plus(List<Link> links, Link link) {
        List<Link> more = new ArrayList<>(links);
        more.add(link);
        return more;
    }

    private boolean unused(String name) {
        return roots.values().stream().noneMatch(r -> r.node().equals(name))
                && nodes.values().stream()
                        .noneMatch(
                                n -> n.links().stream().anyMatch(l -> l.child().equals(name)));
    }

    /** What a node reaches, itself included, by other ways than over links to one node. */
    private Set<String> reach(String from, String notOver) {
        Set<String> seen = new LinkedHashSet<>(List.of(from));
        List<String> next = new ArrayList<>(seen);
        while (!next.isEmpty()) {
            for (Link link : nodes.get(next.removeFirst()).links()) {
                if (!link.child().equals(notOver) && seen.add(link.child())) {
                    next.add(link.child());
                }
            }
        }
        return seen;
    }

    private static void require(boolean condition, String why) {
        if (!condition) {
            throw new Refused(why);
        }
    }

    // ---- permissions ----

    /** Every user of a node, as what it uses and shares; found by asking all of its users, to the top. */
    List<Root> users(String name) {
        List<Root> users = new ArrayList<>();
        roots.values().stream().filter(r -> r.node().equals(name)).forEach(users::add);
        nodes.forEach((parent, node) -> {
            for (Link link : node.links()) {
                if (link.child().equals(name)) {
                    users.add(rule(node, link, total(parent)));
                }
            }
        });
        return users;
    }

    Root total(String name) {
        Set<Permission> used = EnumSet.noneOf(Permission.class);
        Set<Permission> shared = EnumSet.allOf(Permission.class);
        for (Root user : users(name)) {
            used.addAll(user.used());
            shared.retainAll(user.shared());
        }
        return new Root(name, used, shared);
    }

    private static Root rule(Node node, Link link, Root above) {
        Set<Permission> used = EnumSet.noneOf(Permission.class);
        used.addAll(above.used());
        Set<Permission> shared = EnumSet.noneOf(Permission.class);
        shared.addAll(above.shared());
        switch (link.kind()) {
            case FILTERED -> {}
            case COW -> {
                used.retainAll(EnumSet.of(Permission.CONSISTENT_READ));
                shared = EnumSet.of(Permission.CONSISTENT_READ, Permission.WRITE_UNCHANGED);
            }
            case IMAGE, DATA -> {
                if (used.contains(Permission.WRITE_UNCHANGED)) {
                    used.add(Permission.WRITE);
                }
                if (used.contains(Permission.WRITE)) {
                    used.add(Permission.RESIZE);
                }
                shared.remove(Permission.RESIZE);
                if (link.kind() == Kind.IMAGE) {
                    used.add(Permission.CONSISTENT_READ);
                    shared.remove(Permission.WRITE);
                    if (!node.readOnly()) {
                        used.add(Permission.WRITE);
                        used.add(Permission.RESIZE);
                    }
                }
            }
        }
        return new Root(link.child(), used, shared);
    }

    void requireSound() {
        for (Map.Entry<String, Node> entry : nodes.entrySet()) {
            List<Root> users = users(entry.getKey());
            for (int i = 0; i < users.size(); i++) {
                for (int j = 0; j < users.size(); j++) {
                    int refuser = j;
                    require(
                            i == j
                                    || users.get(i).used().stream()
                                            .allMatch(p ->
                                                    users.get(refuser).shared().contains(p)),
                            "conflict on " + entry.getKey());
                }
                require(
                        !entry.getValue().readOnly()
                                || EnumSet.of(Permission.CONSISTENT_READ)
                                        .containsAll(users.get(i).used()),
                        "read-only " + entry.getKey());
            }
        }
    }
}
