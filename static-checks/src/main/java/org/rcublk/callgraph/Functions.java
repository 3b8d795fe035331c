// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Whom the calls of functional interfaces reach. An interface that is analysed reaches every lambda and method reference of its
 * type; an interface of a library (Runnable, Function) would reach far too many so, and reaches those that flow to the receiver.
 */
final class Functions {
    /** What was put into a container that nobody can tell. */
    private static final Object ANYWHERE = new Object();

    /** They stand for what their fields hold; the object whose field it is goes first, and is not put anywhere. */
    private static final Set<String> ACCESSORS =
            Set.of("java/lang/invoke/VarHandle", "java/util/concurrent/atomic/AtomicReferenceFieldUpdater");

    private static final String OBJECT = "java/lang/Object";

    private final Types types;
    private final Rules rules;
    private final Library library;
    private final Nodes nodes;
    private final FunctionFlow flow = new FunctionFlow();
    private final List<FunctionSite> sites = new ArrayList<>();
    private final Map<String, List<FunctionSite>> byType = new HashMap<>();
    private final Map<FunctionSite, Set<String>> labels = new LinkedHashMap<>();
    private final AnonymousClasses anonymous;
    private final Set<Call> followed = new HashSet<>();

    private record Parameter(MethodRef method, int index) {}

    private record Result(MethodRef method) {}

    private record Argument(Call call, int index) {}

    /** What was put into the value that a library call returned. */
    private record Kept(Call call) {}

    Functions(Types types, Rules rules, Library library, Nodes nodes) {
        this.types = types;
        this.rules = rules;
        this.library = library;
        this.nodes = nodes;
        this.anonymous = new AnonymousClasses(types, rules, nodes);
    }

    /** First for all methods: the functional objects that they make, and how values move inside them. */
    void declare(MethodFacts method) throws CallGraphException {
        if (!method.isStatic() && types.implementsLibraryFunction(method.owner)) {
            flow.seed(new Parameter(method.ref(), 0), new Receiver.Instance(method.owner, false));
        }
        for (FunctionSite site : method.functions) {
            sites.add(site);
            labels.put(site, new HashSet<>());
            flow.seed(site, site);
            for (int i = 0; i < site.captured.size(); i++) {
                flow(method, site.captured.get(i), new Parameter(site.body, i));
            }
        }
        for (Set<Origin> value : method.returned) {
            flow(method, value, new Result(method.ref()));
        }
        for (MethodFacts.Store store : method.stores) {
            for (Object into : containers(method, store.into())) {
                flow(method, store.value(), into);
            }
        }
    }

    private void flow(MethodFacts in, Set<Origin> from, Object to) throws CallGraphException {
        for (Origin origin : from) {
            if (origin instanceof Origin.Created created && isFollowed(created.type)) {
                flow.seed(created, new Receiver.Instance(created.type, true));
            }
            flow.flow(place(in, origin), to);
        }
    }

    private boolean isFollowed(String created) throws CallGraphException {
        return types.isAnonymous(created) || types.implementsLibraryFunction(created);
    }

    private Object place(MethodFacts in, Origin origin) throws CallGraphException {
        return switch (origin) {
            case Origin.Parameter(int index) -> new Parameter(in.ref(), index);
            case Origin.Field(String owner, String name) -> new Origin.Field(types.declaring(owner, name), name);
            default -> origin;
        };
    }

    /**
     * Where what is put into a value can be found again. A library call may return what holds its receiver, or is held by it, and
     * so on along a chain that may be long, branch and go round: each call of it is followed once in the whole program.
     */
    private Set<Object> containers(MethodFacts in, Set<Origin> origins) throws CallGraphException {
        Deque<Call> chained = new ArrayDeque<>();
        Set<Object> found = containers(in, origins, chained);
        for (Call call = chained.poll(); call != null; call = chained.poll()) {
            if (followed.add(call)) {
                for (Object place : containers(in, call.arguments.getFirst(), chained)) {
                    flow.flow(new Kept(call), place);
                }
            }
        }
        return found;
    }

    private Set<Object> containers(MethodFacts in, Set<Origin> origins, Deque<Call> chained) throws CallGraphException {
        Set<Object> found = new HashSet<>();
        for (Origin origin : origins) {
            found.add(place(in, origin));
            if (origin instanceof Call call && call.kind != Call.Kind.STATIC && isLibrary(call)) {
                found.add(new Kept(call));
                chained.add(call);
            } else if (origin instanceof Call || origin instanceof Origin.Parameter) {
                found.add(ANYWHERE);
            }
        }
        return found;
    }

    private boolean isLibrary(Call call) {
        return types.analysed(call.target.owner()) == null;
    }

    /** What a call passes, the receiver first. */
    void arguments(MethodFacts in, Call call) throws CallGraphException {
        for (int i = 0; i < call.arguments.size(); i++) {
            if (isReference(call, i)) {
                flow(in, call.arguments.get(i), new Argument(call, i));
            }
        }
    }

    private static boolean isReference(Call call, int index) {
        return declared(call, index).getSort() >= Type.ARRAY;
    }

    private static Type declared(Call call, int index) {
        int parameter = call.kind == Call.Kind.STATIC ? index : index - 1;
        return parameter < 0
                ? Type.getObjectType(call.target.owner())
                : Type.getArgumentTypes(call.target.descriptor())[parameter];
    }

    /** The call may run this method. */
    void bind(Call call, MethodFacts method) {
        for (int i = 0; i < call.arguments.size(); i++) {
            if (isReference(call, i)) {
                flow.flow(new Argument(call, i), new Parameter(method.ref(), i));
            }
        }
        flow.flow(new Result(method.ref()), call);
    }

    /** Functions and anonymous objects that the call passes for annotated parameters of the method have their labels. */
    void labels(Call call, @Nullable MethodFacts method) throws CallGraphException {
        if (method == null) {
            return;
        }
        for (int i = 0; i < method.parameterAnnotations.size(); i++) {
            int argument = call.kind == Call.Kind.STATIC ? i : i + 1;
            if (argument < call.arguments.size() && isReference(call, argument)) {
                Set<String> found = rules.ofParameter(method, i);
                if (!found.isEmpty()) {
                    flow.listen(new Argument(call, argument), receiver -> {
                        switch (receiver) {
                            case FunctionSite site -> labelsOf(site).addAll(found);
                            case Receiver.Instance instance -> anonymous.label(instance.type(), found);
                        }
                    });
                }
            }
        }
    }

    private Set<String> labelsOf(FunctionSite site) {
        return labels.computeIfAbsent(site, _ -> new HashSet<>());
    }

    /** Lets the call reach the functions that its receiver may be; says whether there are some by type alone. */
    boolean dispatch(Node node, Call call) throws CallGraphException {
        String owner = call.target.owner();
        ClassFacts type = types.find(owner);
        if (type == null || !type.isInterface()) {
            return false;
        }
        if (!type.analysed) {
            boolean function = types.isLibraryFunction(owner);
            flow.listen(new Argument(call, 0), receiver -> {
                if (receiver instanceof FunctionSite site && types.isSubtype(site.type, owner)) {
                    run(node, call, site);
                } else if (function && receiver instanceof Receiver.Instance instance) {
                    run(node, call, instance);
                }
            });
            return false;
        }
        for (FunctionSite site : ofType(owner)) {
            run(node, call, site);
        }
        return !ofType(owner).isEmpty();
    }

    private List<FunctionSite> ofType(String type) throws CallGraphException {
        List<FunctionSite> found = byType.get(type);
        if (found == null) {
            found = new ArrayList<>();
            for (FunctionSite site : sites) {
                if (types.isSubtype(site.type, type)) {
                    found.add(site);
                }
            }
            byType.put(type, found);
        }
        return found;
    }

    /** The call runs the function's body or, of its interface, a method that has code already. */
    private void run(Node node, Call call, FunctionSite site) throws CallGraphException {
        MethodRef called = call.target;
        MethodFacts declared = types.resolve(site.type, called.name(), called.descriptor());
        if (declared != null && !declared.is(Opcodes.ACC_ABSTRACT)) {
            if (types.isAnalysed(declared)) {
                String via = "via interface " + Names.type(called.owner());
                node.add(new Edge(node, nodes.method(declared), Edge.Kind.VIRTUAL, call.line, via, call.throwing));
                bind(call, declared);
            }
            return;
        }
        Node body = nodes.find(site.body);
        int count = Type.getArgumentCount(called.descriptor());
        if (body == null
                || !called.name().equals(site.method)
                || count != Type.getArgumentCount(site.methodDescriptor)) {
            return;
        }
        String note = "lambda via " + Names.type(called.owner());
        node.add(new Edge(node, body, Edge.Kind.FUNCTION, call.line, note, call.throwing));
        for (int i = 1; i < call.arguments.size(); i++) {
            flow.flow(new Argument(call, i), new Parameter(site.body, site.captured.size() + i - 1));
        }
        flow.flow(new Result(site.body), call);
    }

    private void run(Node node, Call call, Receiver.Instance instance) throws CallGraphException {
        if (!types.isSubtype(instance.type(), call.target.owner())) {
            return;
        }
        for (MethodFacts method : methods(instance, call.target)) {
            String via = "via interface " + Names.type(call.target.owner());
            node.add(new Edge(node, nodes.method(method), Edge.Kind.VIRTUAL, call.line, via, call.throwing));
            bind(call, method);
        }
    }

    private List<MethodFacts> methods(Receiver.Instance instance, MethodRef called) throws CallGraphException {
        if (!instance.exact()) {
            return types.implementations(new MethodRef(instance.type(), called.name(), called.descriptor()));
        }
        MethodFacts method = types.resolve(instance.type(), called.name(), called.descriptor());
        return method == null || !types.isAnalysed(method) ? List.of() : List.of(method);
    }

    /** A call of a library method: containers keep what they are given, and functions may be called at once. */
    void library(MethodFacts in, Node node, Call call) throws CallGraphException {
        if (types.isLibraryFunction(call.target.owner()) || library.handsOver(call.target)) {
            return;
        }
        boolean receiver = call.kind != Call.Kind.STATIC;
        Set<Object> kept = receiver ? containers(in, call.arguments.getFirst()) : Set.of();
        for (int i = 0; i < call.arguments.size(); i++) {
            if (!isReference(call, i) || (i == 1 && ACCESSORS.contains(call.target.owner()))) {
                continue;
            }
            Argument argument = new Argument(call, i);
            flow.flow(argument, call);
            if (i > 0 || !receiver) {
                kept.forEach(place -> flow.flow(argument, place));
                passed(node, call, i);
            }
        }
        if (call.target.descriptor().endsWith(")L" + OBJECT + ";")) {
            flow.flow(ANYWHERE, call);
        }
    }

    private void passed(Node node, Call call, int index) {
        Type declared = declared(call, index);
        String type = (declared.getSort() == Type.ARRAY ? declared.getElementType() : declared).getInternalName();
        if (type.equals(OBJECT)) {
            return;
        }
        flow.listen(new Argument(call, index), receiver -> {
            switch (receiver) {
                case FunctionSite site -> {
                    Node body = nodes.find(site.body);
                    if (body != null && types.isSubtype(site.type, type)) {
                        passed(node, call, body);
                        mayRun(call, index, site.body, site.captured.size());
                    }
                }
                case Receiver.Instance instance -> passed(node, call, index, instance, type);
            }
        });
    }

    private void passed(Node node, Call call, Node body) {
        String note = "passed to " + Names.type(call.target.owner()) + "." + call.target.name();
        node.add(new Edge(node, body, Edge.Kind.PASSED, call.line, note, call.throwing));
    }

    private void passed(Node node, Call call, int index, Receiver.Instance instance, String type)
            throws CallGraphException {
        ClassFacts declared = types.find(type);
        if (declared == null || !types.isLibraryFunction(type) || !types.isSubtype(instance.type(), type)) {
            return;
        }
        for (MethodFacts method : declared.methods.values()) {
            if (method.is(Opcodes.ACC_ABSTRACT)) {
                for (MethodFacts body : methods(instance, method.ref())) {
                    passed(node, call, nodes.method(body));
                    mayRun(call, index, body.ref(), 1);
                }
            }
        }
    }

    /** The library gives the function what it holds or was given, and may hand out what the function returns. */
    private void mayRun(Call call, int function, MethodRef body, int firstArgument) {
        flow.flow(new Result(body), call);
        int count =
                Type.getArgumentCount(body.descriptor()) + 1; // one too many, of a body without receiver, does no harm
        for (int i = 0; i < call.arguments.size(); i++) {
            for (int j = firstArgument; i != function && j < count; j++) {
                flow.flow(new Argument(call, i), new Parameter(body, j));
            }
        }
    }

    /** Lets everything flow, and gives each function the rule that it has by then. */
    void solve() throws CallGraphException {
        flow.solve();
        anonymous.solve();
        for (FunctionSite site : sites) {
            Node body = nodes.find(site.body);
            if (body == null) {
                continue;
            }
            Set<String> own = labelsOf(site);
            String rule = Rules.strictest(own);
            MethodFacts method = types.resolve(site.type, site.method, site.methodDescriptor);
            if (method != null) {
                rules.others(method).forEach(label -> body.label("@" + label));
                Rules.Found found = rule == null ? rules.of(method) : null;
                rule = found == null ? rule : found.rule();
            }
            if (rule != null) {
                body.rule(rule, Node.RuleOrigin.PARAMETER);
            }
            own.stream().filter(label -> !Rules.THREADS.contains(label)).forEach(label -> body.label("@" + label));
        }
    }
}
