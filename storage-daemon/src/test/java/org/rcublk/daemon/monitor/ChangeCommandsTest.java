// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rcublk.daemon.options.ServerAddress;
import org.rcublk.daemon.service.BlockService;
import org.rcublk.daemon.service.PlainNbd;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;

/** The commands that change nodes which exist, over a real socket, on a real service: all of it or nothing. */
@Timeout(60)
class ChangeCommandsTest {
    private final BlockService service = new BlockService(2);

    @TempDir
    private Path folder;

    private Path image;
    private MonitorServer monitor;
    private QmpClient client;

    @BeforeEach
    void start() throws IOException {
        service.addIoThread("t0", -1);
        service.listen(new ServerAddress.Unix(folder.resolve("nbd").toString()), 100);
        monitor = BlockCommands.listen(folder.resolve("m"), service, () -> {});
        client = QmpClient.ready(folder.resolve("m"));
        image = Files.write(folder.resolve("image"), new byte[65536]);
        good("blockdev-add", file("false"));
        good("blockdev-add", "{'driver':'memory','node-name':'mem','size':65536}");
        good("blockdev-add", "{'driver':'raw','node-name':'top','file':'disk'}");
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        monitor.close();
        service.close();
    }

    private String file(String readOnly) {
        return "{'driver':'file','node-name':'disk','filename':'" + image + "','read-only':" + readOnly + "}";
    }

    private JsonNode good(String command, String arguments) throws IOException {
        JsonNode answer = client.execute(command, arguments);
        assertTrue(answer.has("return"), command + ": " + answer);
        return answer.get("return");
    }

    private String bad(String command, String arguments) throws IOException {
        JsonNode answer = client.execute(command, arguments);
        assertEquals("GenericError", answer.at("/error/class").asText(), command + ": " + answer);
        String text = answer.at("/error/desc").asText();
        assertEquals(1, text.lines().count(), text);
        return text;
    }

    private JsonNode node(String name) throws IOException {
        for (JsonNode node : good("query-named-block-nodes", "{}")) {
            if (node.get("node-name").asText().equals(name)) {
                return node;
            }
        }
        throw new AssertionError("no node " + name);
    }

    /** The descriptors of this process that are open on the image; none where that cannot be seen. */
    private long descriptors() throws IOException {
        Path own = Path.of("/proc/self/fd");
        if (!Files.exists(own)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(own)) {
            return open.filter(this::isImage).count();
        }
    }

    private boolean isImage(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).equals(image);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    @Test
    void reopenOfSeveralNodesIsAllOrNothing() throws IOException {
        BlockGraph before = service.graph().current().graph();
        String mem = "{'driver':'memory','node-name':'mem','size':65536,'read-only':true,'colour':1}";
        String text = bad("blockdev-reopen", "{'options':[" + file("true") + "," + mem + "]}");
        assertTrue(text.contains("'mem'") && text.contains("colour"), text);
        assertSame(before, service.graph().current().graph());
        JsonNode published =
                good("blockdev-reopen", "{'options':[" + file("true") + "," + mem.replace(",'colour':1", "") + "]}");
        assertEquals(
                service.graph().current().number(), published.get("version").asLong());
        assertTrue(node("disk").get("ro").asBoolean());
        assertTrue(node("mem").get("ro").asBoolean());
        good("blockdev-reopen", "{'options':[" + file("false") + "]}");
        assertFalse(node("disk").get("ro").asBoolean());
    }

    @Test
    void nullDetachesABackingNode() throws IOException {
        good("blockdev-add", "{'driver':'overlay','node-name':'o','backing':'mem'}");
        good("blockdev-reopen", "{'options':[{'driver':'overlay','node-name':'o','backing':null}]}");
        assertEquals(0, node("o").get("children").size());
        assertEquals(65536, node("o").at("/image/virtual-size").asLong());
    }

    @Test
    void resizeShowsAtOnceAndNotUnderAnExport() throws IOException {
        good("block_resize", "{'node-name':'top','size':131072}");
        assertEquals(131072, node("top").at("/image/virtual-size").asLong());
        assertEquals(131072, Files.size(image));
        good("block-export-add", "{'type':'nbd','id':'e','node-name':'top','writable':true}");
        String text = bad("block_resize", "{'node-name':'disk','size':512}");
        assertTrue(text.contains("root 'e'"), text);
        assertEquals(131072, Files.size(image));
        good("block-export-del", "{'id':'e'}");
        good("block_resize", "{'node-name':'disk','size':512}");
        assertEquals(512, node("top").at("/image/virtual-size").asLong());
        assertEquals(512, Files.size(image));
    }

    @Test
    void replaceMovesUsers() throws IOException {
        good("x-blockdev-replace-node", "{'from':'disk','to':'mem','deadline-ms':20000}");
        assertEquals("mem", node("top").at("/children/0/node-name").asText());
    }

    @Test
    void aTransactionIsOneVersion() throws IOException {
        good("block-export-add", "{'type':'nbd','id':'e','node-name':'top','writable':true}");
        good("blockdev-add", "{'driver':'overlay','node-name':'o1'}");
        good("blockdev-add", "{'driver':'overlay','node-name':'o2','size':65536}");
        List<String> torn = new CopyOnWriteArrayList<>();
        service.graph().addListener(publication -> {
            int filters = publication.graph().nodes().values().count(BlockNode::filter);
            BlockNode overlay = publication.graph().find("o1");
            if (overlay != null && overlay.children().size() != filters) {
                torn.add(publication.description());
            }
        });
        long changes = good("x-query-rcu", "{}").get("changes").asLong();
        JsonNode published = good(
                "transaction",
                "{'actions':[{'type':'blockdev-snapshot','data':{'node':'top','overlay':'o1'}},"
                        + "{'type':'x-blockdev-insert-filter','data':{'node':'o1','filter':{'driver':'passthrough','node-name':'f'}}},"
                        + "{'type':'blockdev-snapshot','data':{'node':'mem','overlay':'o2'}},"
                        + "{'type':'blockdev-reopen','data':{'options':[{'driver':'memory','node-name':'mem','size':65536,'read-only':true}]}}],"
                        + "'deadline-ms':20000}");
        assertEquals(changes + 1, good("x-query-rcu", "{}").get("changes").asLong());
        assertEquals(
                service.graph().current().number(), published.get("version").asLong());
        assertEquals(List.of(), torn, "versions with one of the changes only");
        assertEquals("f", good("x-query-rcu", "{}").at("/roots/0/node").asText());
        assertEquals("mem", node("o2").at("/children/0/node-name").asText());
        assertTrue(node("mem").get("ro").asBoolean());
        good(
                "transaction",
                "{'actions':[{'type':'x-blockdev-remove-filter','data':{'node-name':'f'}},"
                        + "{'type':'x-blockdev-replace-node','data':{'from':'o1','to':'top'}},"
                        + "{'type':'blockdev-reopen','data':{'options':[{'driver':'overlay','node-name':'o1','backing':null}]}}]}");
        assertEquals("top", good("x-query-rcu", "{}").at("/roots/0/node").asText());
    }

    /** What the second takes the place of is in no version, and must not stay open. */
    @Test
    void aNodeReopenedTwiceInOneVersionLeavesNothingOpen() throws IOException {
        long open = descriptors();
        String reopen = "{'type':'blockdev-reopen','data':{'options':[%s]}}";
        for (int i = 0; i < 3; i++) {
            good(
                    "transaction",
                    "{'actions':[" + reopen.formatted(file("true")) + "," + reopen.formatted(file("false")) + "]}");
        }
        assertTrue(service.graph().awaitClosed(Duration.ofSeconds(20)));
        until("no more is open than before", () -> descriptors() == open);
        good("blockdev-del", "{'node-name':'top'}");
        good("blockdev-del", "{'node-name':'disk'}");
        until("nothing is open", () -> descriptors() == 0);
        good("blockdev-add", file("false")); // whose lock nobody holds
        String filter = "{'type':'x-blockdev-insert-filter','data':{'node':'mem','filter':"
                + "{'driver':'passthrough','node-name':'f'}}},"
                + "{'type':'x-blockdev-remove-filter','data':{'node-name':'f'}}";
        good("transaction", "{'actions':[" + filter + "]}");
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void until(String what, Condition condition) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < end, what);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void anExportedDiskIsNotReplacedByOneOfAnotherSize() throws IOException {
        good("block-export-add", "{'type':'nbd','id':'e','node-name':'top','writable':true}");
        good("blockdev-add", "{'driver':'memory','node-name':'small','size':512}");
        String text = bad("x-blockdev-replace-node", "{'from':'top','to':'small'}");
        assertTrue(text.contains("'e' would have 512 bytes instead of 65536"), text);
        text = bad("x-blockdev-replace-node", "{'from':'disk','to':'small'}");
        assertTrue(text.contains("512 bytes instead of 65536"), text);
        good("x-blockdev-replace-node", "{'from':'top','to':'mem'}");
    }

    @Test
    void anExportsIdIsAName() throws IOException {
        for (String id : List.of("1", "a b", "a\\n", "x".repeat(128))) {
            String text = bad("block-export-add", "{'type':'nbd','id':'" + id + "','node-name':'top'}");
            assertTrue(text.contains("an export's id") && text.length() < 200, text);
        }
    }

    @Test
    void aTransactionThatFailsLeavesNothing() throws IOException {
        good("block-export-add", "{'type':'nbd','id':'e','node-name':'top','writable':true}");
        good("blockdev-add", "{'driver':'overlay','node-name':'o1'}");
        BlockGraph before = service.graph().current().graph();
        long open = descriptors();
        String filter = "{'type':'x-blockdev-insert-filter','data':{'node':'top','filter':"
                + "{'driver':'passthrough','node-name':'f'}}}";
        String text = bad(
                "transaction",
                "{'actions':[" + filter + ",{'type':'blockdev-snapshot','data':{'node':'nobody','overlay':'o1'}}]}");
        assertTrue(text.contains("action 2 (blockdev-snapshot)") && text.contains("nobody"), text);
        assertSame(before, service.graph().current().graph());
        text = bad(
                "transaction",
                "{'actions':[" + filter + ",{'type':'blockdev-reopen','data':{'options':[" + file("true") + "]}}]}");
        assertTrue(text.contains("read-only"), text); // the export writes: known of the final graph only
        assertEquals("top", good("x-query-rcu", "{}").at("/roots/0/node").asText());
        assertFalse(node("disk").get("ro").asBoolean());
        assertEquals(open, descriptors(), "what the reopen opened is closed");
        try (PlainNbd disk = new PlainNbd(folder.resolve("nbd"), "top")) {
            assertEquals(0, disk.write(0, new byte[] {1, 2}));
        }
        good("transaction", "{'actions':[" + filter + "]}"); // its name is free
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "blockdev-reopen | {} | 'options' is missing",
                "blockdev-reopen | {'options':[]} | empty list",
                "blockdev-reopen | {'options':{}} | must be a list of objects",
                "blockdev-reopen | {'options':['mem']} | must be a list of objects",
                "blockdev-reopen | {'options':[{'driver':'memory','size':65536}]} | 'node-name' is missing",
                "blockdev-reopen | {'options':[{'driver':'memory','node-name':'mem','size':512}]} | use block_resize",
                "blockdev-reopen | {'options':[{'driver':'raw','node-name':'top','file':null}]} | 'file' has to say",
                "block_resize | {'size':512} | 'node-name' is missing",
                "block_resize | {'node-name':'mem'} | 'size' is missing",
                "block_resize | {'node-name':'mem','size':-1} | from 0",
                "block_resize | {'node-name':'mem','size':'1M'} | whole number",
                "block_resize | {'node-name':'nobody','size':512} | 'nobody' does not exist",
                "x-blockdev-change | {'parent':'top'} | exclude each other",
                "x-blockdev-change | {'parent':'top','child':'file','node':'mem'} | exclude each other",
                "x-blockdev-change | {'parent':'top','child':'file'} | keeps the children",
                "x-blockdev-change | {'parent':'top','node':'mem'} | keeps the children",
                "x-blockdev-replace-node | {'from':'top'} | 'to' is missing",
                "x-blockdev-replace-node | {'from':'top','to':'top'} | cannot replace itself",
                "transaction | {} | 'actions' is missing",
                "transaction | {'actions':[]} | empty list",
                "transaction | {'actions':[{'type':'abort','data':{}}]} | action 1 (abort): 'type' is 'abort': use one of",
                "transaction | {'actions':[{'type':'blockdev-snapshot'}]} | action 1: 'data' is missing",
                "transaction | {'actions':[{'type':'blockdev-snapshot','data':{'node':'mem'}}]} | (blockdev-snapshot): 'overlay' is missing",
                "transaction | {'actions':[{'type':'x-blockdev-remove-filter','data':{'node-name':'mem','a':1}}]} | unknown key 'a'",
                "transaction | {'actions':[{'type':'x-blockdev-remove-filter','data':{'node-name':'mem'}}]} | is no filter"
            })
    void refuses(String command, String arguments, String reason) throws IOException {
        BlockGraph before = service.graph().current().graph();
        String text = bad(command, arguments);
        assertTrue(text.contains(reason), text);
        assertSame(before, service.graph().current().graph());
    }
}
