// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
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
import org.rcublk.view.GraphFormat;
import org.rcublk.view.GraphJson;
import org.rcublk.view.GraphView;

/** Every command, over a real socket, on a real service. */
@Timeout(60)
class BlockCommandsTest {
    private final BlockService service = new BlockService(2);

    @TempDir
    private Path folder;

    private MonitorServer monitor;
    private QmpClient client;

    @BeforeEach
    void start() throws IOException {
        service.addIoThread("t0", -1);
        service.listen(new ServerAddress.Unix(folder.resolve("nbd").toString()), 100);
        monitor = BlockCommands.listen(folder.resolve("m"), service, () -> {});
        client = QmpClient.ready(folder.resolve("m"));
        good("blockdev-add", "{'driver':'memory','node-name':'disk0','size':1048576}");
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        monitor.close();
        service.close();
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

    @Test
    void aLifeOfADisk() throws IOException {
        good(
                "block-export-add",
                "{'type':'nbd','id':'e','node-name':'disk0','name':'n','writable':true,'iothread':['t0']}");
        JsonNode export = good("query-block-exports", "{}").get(0);
        assertEquals("e", export.get("id").asText());
        assertEquals("disk0", export.get("node-name").asText());
        assertTrue(export.get("uri").asText().startsWith("nbd+unix:///n?socket="), export.toString());

        good(
                "x-blockdev-insert-filter",
                "{'node':'disk0','filter':{'driver':'passthrough','node-name':'f0'},'deadline-ms':30000}");
        JsonNode nodes = good("query-named-block-nodes", "{}");
        assertEquals(2, nodes.size());
        JsonNode filter = nodes.get(1);
        assertEquals("f0", filter.get("node-name").asText());
        assertEquals("passthrough", filter.get("drv").asText());
        assertEquals(1048576, filter.at("/image/virtual-size").asLong());
        assertEquals("disk0", filter.at("/children/0/node-name").asText());
        assertEquals("filtered", filter.at("/children/0/role/0").asText());
        assertEquals("e", filter.at("/roots/0").asText());

        good("blockdev-add", "{'driver':'overlay','node-name':'top','size':1048576}");
        good("blockdev-snapshot", "{'node':'f0','overlay':'top'}");
        good("x-blockdev-remove-filter", "{'node-name':'f0','deadline-ms':30000}");
        JsonNode rcu = good("x-query-rcu", "{}");
        assertEquals(service.graph().current().number(), rcu.get("version").asLong());
        assertTrue(rcu.get("gates").asLong() >= 3, rcu.toString());
        JsonNode root = rcu.at("/roots/0");
        assertEquals("top", root.get("node").asText());
        assertEquals(0, root.get("open-tokens").asInt());
        for (String key : new String[] {
            "live-versions",
            "retired-not-closed",
            "parked",
            "parked-total",
            "last-gate-ns",
            "last-drain-ns",
            "last-grace-period-ns"
        }) {
            assertTrue(root.get(key).isIntegralNumber(), key);
        }

        good("block-export-del", "{'id':'e'}");
        good("blockdev-del", "{'node-name':'top'}");
        good("blockdev-del", "{'node-name':'disk0'}");
        assertEquals(0, good("query-named-block-nodes", "{'flat':true}").size());
        assertEquals(0, good("query-block-exports", "{}").size());
        assertEquals(0, good("x-query-rcu", "{}").get("roots").size());
    }

    @Test
    void theGraphInEachFormat() throws IOException {
        good("block-export-add", "{'type':'nbd','id':'e','node-name':'disk0','writable':true}");
        good("x-blockdev-insert-filter", "{'node':'disk0','filter':{'driver':'passthrough','node-name':'f0'}}");
        JsonNode graph = good("x-query-graph", "{}");
        assertEquals(graph, good("x-query-graph", "{'format':'json'}"));
        GraphView view = GraphJson.parse(graph.toString());
        assertEquals(service.graph().current().number(), view.version());
        assertEquals("f0", view.roots().getFirst().node());
        assertEquals(0, view.roots().getFirst().inFlight());
        assertEquals(1048576, view.nodes().get(1).size());
        for (GraphFormat format : List.of(GraphFormat.DOT, GraphFormat.MERMAID, GraphFormat.SVG)) {
            String arguments = "{'format':'" + format.word() + "'}";
            assertEquals(format.draw(view), good("x-query-graph", arguments).asText());
        }
    }

    @Test
    void theGraphInTheFormOfQemu() throws IOException {
        good("block-export-add", "{'type':'nbd','id':'e','node-name':'disk0','writable':true}");
        good("x-blockdev-insert-filter", "{'node':'disk0','filter':{'driver':'passthrough','node-name':'f0'}}");
        String expected = "{'nodes':[{'id':1,'type':'block-driver','name':'disk0'},"
                + "{'id':2,'type':'block-driver','name':'f0'},{'id':3,'type':'block-backend','name':'e'}],"
                + "'edges':[{'parent':3,'child':2,'name':'root','perm':['consistent-read','write'],"
                + "'shared-perm':['consistent-read','write','write-unchanged']},"
                + "{'parent':2,'child':1,'name':'file','perm':['consistent-read','write'],"
                + "'shared-perm':['consistent-read','write','write-unchanged']}]}";
        assertEquals(new ObjectMapper().readTree(expected.replace('\'', '"')), good("x-debug-query-block-graph", "{}"));
    }

    @Test
    void requestsInFlightAndParkedAreCountedByRoot() throws IOException {
        good("blockdev-add", "{'driver':'null-co','node-name':'slow','latency-ns':4000000000000000000}");
        good("block-export-add", "{'type':'nbd','id':'a','node-name':'slow','iothread':'t0'}");
        try (PlainNbd stuck = new PlainNbd(folder.resolve("nbd"), "slow");
                PlainNbd late = new PlainNbd(folder.resolve("nbd"), "slow");
                QmpClient other = QmpClient.ready(folder.resolve("m"))) {
            stuck.startRead(0, 4096);
            awaitRoot(root -> root.get("in-flight").asInt() == 1);
            other.send("{\"execute\":\"x-blockdev-insert-filter\",\"arguments\":{\"node\":\"slow\","
                    + "\"filter\":{\"driver\":\"passthrough\",\"node-name\":\"f0\"},\"deadline-ms\":3000}}");
            awaitRoot(root -> root.get("gated").asBoolean());
            late.startRead(4096, 4096);
            awaitRoot(root -> root.get("parked").asInt() == 1
                    && root.get("in-flight").asInt() == 1
                    && root.get("gated").asBoolean());
            assertTrue(other.read().has("error"));
        }
    }

    private void awaitRoot(Predicate<JsonNode> condition) throws IOException {
        long end = System.nanoTime() + 20_000_000_000L;
        JsonNode root = good("x-query-graph", "{}").at("/roots/0");
        while (!condition.test(root)) {
            assertTrue(System.nanoTime() < end, root.toString());
            Thread.onSpinWait();
            root = good("x-query-graph", "{}").at("/roots/0");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "blockdev-add | {'driver':'memory','size':512} | 'node-name' is missing",
                "blockdev-add | {'node-name':'x'} | driver",
                "blockdev-add | {'driver':'zfs','node-name':'x'} | 'zfs'",
                "blockdev-add | {'driver':'memory','node-name':'x','size':512,'colour':1} | colour",
                "blockdev-add | {'driver':'memory','node-name':'x','size':true} | size",
                "blockdev-add | {'driver':'memory','node-name':'disk0','size':512} | 'disk0'",
                "blockdev-add | {'driver':'raw','node-name':'x','file':'x'} | cycle",
                "blockdev-add | {'driver':'raw','node-name':'x','file':null} | file",
                "blockdev-add | {'driver':'file','node-name':'x','filename':'/no/such/file'} | /no/such/file",
                "blockdev-add | {'driver':'file','node-name':'x','filename':'/'} | directory",
                "blockdev-del | {} | 'node-name' is missing",
                "blockdev-del | {'node-name':'nobody'} | 'nobody' does not exist",
                "blockdev-del | {'node-name':7} | must be a string",
                "blockdev-snapshot | {'node':'disk0'} | 'overlay' is missing",
                "blockdev-snapshot | {'node':'disk0','overlay':'nobody'} | 'nobody' does not exist",
                "blockdev-snapshot | {'node':'disk0','overlay':'disk0'} | disk0",
                "x-blockdev-insert-filter | {'node':'disk0'} | 'filter' is missing",
                "x-blockdev-insert-filter | {'node':'disk0','filter':'f'} | must be an object",
                "x-blockdev-insert-filter | {'node':'disk0','filter':{'driver':'passthrough'}} | 'filter.node-name' is missing",
                "x-blockdev-insert-filter | {'node':'no','filter':{'driver':'passthrough','node-name':'f'}} | 'no' does not exist",
                "x-blockdev-insert-filter | {'node':'disk0','filter':{'driver':'passthrough','node-name':'f'},'deadline-ms':'1'} | whole number",
                "x-blockdev-insert-filter | {'node':'disk0','filter':{'driver':'passthrough','node-name':'f'},'deadline-ms':-1} | from 0",
                "x-blockdev-remove-filter | {'node-name':'disk0'} | disk0",
                "x-blockdev-remove-filter | {'node-name':'disk0','force':true} | unknown key 'force'",
                "block-export-add | {'type':'nbd','id':'e','node-name':'nobody'} | 'nobody'",
                "block-export-add | {'type':'fuse','id':'e','node-name':'disk0'} | nbd",
                "block-export-add | {'type':'nbd','id':'e','node-name':'disk0','iothread':'t7'} | 't7'",
                "block-export-del | {'id':'nobody'} | 'nobody' does not exist",
                "block-export-del | {'id':'nobody','mode':'soft'} | use safe or hard",
                "query-named-block-nodes | {'a':1} | unknown key 'a'",
                "query-block-exports | {'a':1} | unknown key 'a'",
                "x-query-rcu | {'a':1} | unknown key 'a'",
                "x-query-graph | {'a':1} | unknown key 'a'",
                "x-query-graph | {'format':'png'} | 'png': use json, dot, mermaid or svg",
                "x-query-graph | {'format':1} | must be a string",
                "x-debug-query-block-graph | {'a':1} | unknown key 'a'"
            })
    void refuses(String command, String arguments, String reason) throws IOException {
        String text = bad(command, arguments);
        assertTrue(text.contains(reason), text);
        assertEquals(1, good("query-named-block-nodes", "{}").size());
    }

    @Test
    void aMissedDeadlineNamesTheRequestAndOthersGoOn() throws IOException {
        good("blockdev-add", "{'driver':'null-co','node-name':'slow','latency-ns':4000000000000000000}");
        good("block-export-add", "{'type':'nbd','id':'a','node-name':'slow','iothread':'t0'}");
        try (PlainNbd stuck = new PlainNbd(folder.resolve("nbd"), "slow");
                QmpClient other = QmpClient.ready(folder.resolve("m"))) {
            stuck.startRead(0, 4096);
            while (good("x-query-rcu", "{}").at("/roots/0/open-tokens").asInt() == 0) {
                Thread.onSpinWait();
            }
            client.send("{\"execute\":\"x-blockdev-insert-filter\",\"arguments\":{\"node\":\"slow\","
                    + "\"filter\":{\"driver\":\"passthrough\",\"node-name\":\"f0\"},\"deadline-ms\":500}}");
            assertTrue(other.execute(
                            "x-blockdev-insert-filter",
                            "{'node':'disk0','filter':{'driver':'passthrough','node-name':'f1'}}")
                    .has("return"));
            String text = client.read().at("/error/desc").asText();
            assertTrue(text.contains("read of 4096 bytes at 0 in node 'slow' for root 'a' on t0"), text);
            assertEquals("slow", good("x-query-rcu", "{}").at("/roots/0/node").asText());
        }
    }
}
