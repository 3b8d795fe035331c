// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.monitor;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rcublk.daemon.options.ArgumentException;
import org.rcublk.daemon.options.Arguments;
import org.rcublk.daemon.service.ServiceException;
import org.rcublk.driver.OptionException;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.graph.GraphException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the monitor: greeting, negotiation, then commands in order, each with one answer. Whatever the client
 * sends, an answer follows and the connection goes on, unless it sends nothing but garbage. Runs on one thread.
 */
final class QmpConnection {
    private static final Logger LOG = LoggerFactory.getLogger(QmpConnection.class);
    private static final int MAX_ERRORS_IN_A_ROW = 32;
    private static final Set<String> MEMBERS = Set.of("execute", "arguments", "id");
    private static final String NEGOTIATE = "qmp_capabilities";

    private final MessageReader reader;
    private final MessageWriter writer;
    private final Map<String, Command> commands;
    private final Runnable quit;
    private boolean negotiated;

    /**
     * A connection that is not served yet.
     *
     * @param commands by name
     * @param quit called after the answer to quit; must not wait for this connection to end
     */
    QmpConnection(InputStream in, OutputStream out, Map<String, Command> commands, Runnable quit) {
        this.reader = new MessageReader(in);
        this.writer = new MessageWriter(out);
        this.commands = commands;
        this.quit = quit;
    }

    /**
     * Serves the client until it goes, or asks the daemon to quit.
     *
     * @throws IOException when the connection broke
     */
    void serve() throws IOException {
        writer.write(Map.of("QMP", Map.of("version", ProtocolCommands.version(), "capabilities", List.of())));
        int errorsInARow = 0;
        while (errorsInARow < MAX_ERRORS_IN_A_ROW) {
            try {
                Map<String, Object> message = reader.next();
                if (message == null) {
                    return;
                }
                errorsInARow = 0;
                if (answer(message)) {
                    return;
                }
            } catch (MalformedMessageException e) {
                errorsInARow++;
                writer.write(error(null, QmpException.GENERIC, e.getMessage()));
            }
        }
        LOG.warn("monitor: closed a connection after {} malformed messages in a row", errorsInARow);
    }

    /** Answers a message; true after the one that ends the daemon. */
    private boolean answer(Map<String, Object> message) throws IOException {
        Object id = message.get("id");
        try {
            Object result = execute(message);
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("return", result);
            putId(answer, id);
            if (ProtocolCommands.QUIT.equals(message.get("execute"))) {
                quit(answer);
                return true;
            }
            writer.write(answer);
        } catch (QmpException e) {
            writer.write(error(id, e.errorClass(), e.getMessage()));
        }
        return false;
    }

    /** The daemon ends also when the client does not wait for the answer, or for the event behind it. */
    private void quit(Map<String, Object> answer) throws IOException {
        try {
            writer.write(answer);
            writer.write(shutdownEvent());
        } finally {
            quit.run();
        }
    }

    private Object execute(Map<String, Object> message) throws QmpException {
        for (String member : message.keySet()) {
            if (!MEMBERS.contains(member)) {
                throw generic("unknown member '" + member + "' of a message: use execute, arguments and id");
            }
        }
        if (!(message.get("execute") instanceof String name)) {
            throw generic("'execute' must be there and name a command");
        }
        Map<String, Object> arguments = arguments(message.get("arguments"));
        if (name.equals(NEGOTIATE)) {
            return negotiate(arguments);
        }
        if (!negotiated) {
            throw new QmpException(
                    QmpException.COMMAND_NOT_FOUND,
                    "command '" + name + "' is not available before '" + NEGOTIATE + "': send that first");
        }
        Command command = commands.get(name);
        if (command == null) {
            throw new QmpException(
                    QmpException.COMMAND_NOT_FOUND,
                    "command '" + name + "' does not exist: query-commands lists those that do");
        }
        return run(name, command, Arguments.ofJson(name, arguments));
    }

    @SuppressWarnings("unchecked") // a JsonTree's maps have strings for keys
    private static Map<String, Object> arguments(@Nullable Object arguments) throws QmpException {
        if (arguments == null) {
            return Map.of();
        }
        if (arguments instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw generic("'arguments' must be an object");
    }

    private Object negotiate(Map<String, Object> values) throws QmpException {
        if (negotiated) {
            throw new QmpException(
                    QmpException.COMMAND_NOT_FOUND, "'" + NEGOTIATE + "' was sent before: send commands now");
        }
        Arguments arguments = Arguments.ofJson(NEGOTIATE, values);
        if (values.get("enable") instanceof List<?> list && list.isEmpty()) {
            return done();
        }
        List<String> enable = refusing(() -> arguments.strings("enable"));
        if (!enable.isEmpty()) {
            throw generic(NEGOTIATE + ": there is no capability '" + enable.getFirst() + "': leave it out");
        }
        refusing(() -> {
            arguments.end();
            return true;
        });
        return done();
    }

    private Object done() {
        negotiated = true;
        return Map.of();
    }

    private static Object run(String name, Command command, Arguments arguments) throws QmpException {
        return refusing(() -> {
            try {
                return command.run(arguments);
            } catch (RuntimeException | Error e) {
                if (isUsers(e)) {
                    throw e;
                }
                LOG.error("monitor: command '{}' failed", name, e);
                throw new QmpException(QmpException.GENERIC, name + ": internal error, see the log: " + e);
            }
        });
    }

    /** Whether the user can mend it, and its message says how. */
    private static boolean isUsers(Throwable error) {
        return error instanceof ArgumentException
                || error instanceof GraphException
                || error instanceof DrainTimeoutException
                || error instanceof OptionException
                || error instanceof ServiceException;
    }

    private interface Refusable<T> {
        T get() throws QmpException, IOException;
    }

    private static <T> T refusing(Refusable<T> body) throws QmpException {
        try {
            return body.get();
        } catch (RuntimeException | IOException e) {
            throw generic(String.valueOf(e.getMessage()));
        }
    }

    private static QmpException generic(String message) {
        return new QmpException(QmpException.GENERIC, message);
    }

    private static Map<String, Object> error(@Nullable Object id, String errorClass, @Nullable String message) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("error", Map.of("class", errorClass, "desc", String.valueOf(message)));
        putId(answer, id);
        return answer;
    }

    private static void putId(Map<String, Object> answer, @Nullable Object id) {
        if (id != null) {
            answer.put("id", id);
        }
    }

    private static Map<String, Object> shutdownEvent() {
        long now = System.currentTimeMillis();
        return Map.of(
                "event", "SHUTDOWN",
                "data", Map.of("guest", false, "reason", "host-qmp-quit"),
                "timestamp", Map.of("seconds", now / 1000, "microseconds", now % 1000 * 1000));
    }
}
