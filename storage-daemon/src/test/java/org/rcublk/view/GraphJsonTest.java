// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class GraphJsonTest {
    private static final String NODE =
            "{'name':'a','driver':'raw','options':{},'filter':false,'implicit':false,'read-only':false,'gated':false,"
                    + "'children':[]}";

    private static String refusal(String json) {
        String text = assertThrows(GraphJsonException.class, () -> GraphJson.parse(json))
                .getMessage();
        assertEquals(1, text.lines().count(), text);
        return text;
    }

    @Test
    void comesBackEqual() {
        Samples.all().values().forEach(GraphJsonTest::assertComesBack);
        for (int seed = 0; seed < 300; seed++) {
            assertComesBack(RandomViews.view(seed, 1 + seed % 40, seed % 4));
        }
    }

    private static void assertComesBack(GraphView view) {
        GraphView back = GraphJson.parse(GraphJson.compact(view));
        assertEquals(view, back);
        assertEquals(view, GraphJson.parse(GraphJson.pretty(view)));
        assertEquals(GraphJson.compact(view), GraphJson.compact(back));
        assertTrue(GraphJson.pretty(view).chars().allMatch(c -> c < 0x7f));
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        GraphView view = Samples.demo();
        String json = GraphJson.compact(view);
        assertTrue(!json.contains("in-flight") && !json.contains("parked") && !json.contains("frozen"), json);
        assertTrue(GraphJson.compact(Samples.gated()).contains("\"frozen-by\":\"commit0\""));
    }

    @Test
    void passesOverKeysThatALaterProgramMayAdd() {
        String node = NODE.replace("'driver'", "'later':{'x':[1]},'driver'");
        String json = ("{'version':3,'later':[{}],'roots':[],'nodes':[" + node + "]}").replace('\'', '"');
        assertEquals("raw", GraphJson.parse(json).nodes().getFirst().driver());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | is not a JSON object",
                "[] | graph is not a JSON object",
                "{ | malformed JSON",
                "{} x | malformed JSON",
                "{'version':1,'version':2} | Duplicate",
                "{} | graph.nodes is not a JSON array",
                "{'nodes':[]} | graph.roots is not a JSON array",
                "{'nodes':[],'roots':[],'version':-1} | graph.version is not a number from 0",
                "{'nodes':[],'roots':[],'version':1.5} | graph.version is not a number from 0",
                "{'nodes':[],'roots':[],'version':99999999999999999999} | graph.version is not a number from 0",
                "{'nodes':[1],'roots':[]} | graph.nodes[0] is not a JSON object",
                "{'nodes':[{}],'roots':[]} | graph.nodes[0].name is missing",
                "{'nodes':[{'name':null}],'roots':[]} | graph.nodes[0].name is not a text",
                "{'nodes':[NODE,NODE],'roots':[]} | two nodes have the name 'a'",
                "{'nodes':[NODE],'roots':[{'id':'r','kind':'job','node':'b','used':[],'shared':[],'gated':true}]}"
                        + " | root 'r' leads to node 'b', which does not exist",
                "{'nodes':[NODE],'roots':[{'id':'r','kind':'job','node':'a','used':[1],'shared':[],'gated':true}]}"
                        + " | graph.roots[0].used holds what is not a text",
                "{'nodes':[NODE],'roots':[{'id':'r','kind':'job','node':'a','used':[],'shared':[],'gated':0}]}"
                        + " | graph.roots[0].gated is not true or false"
            })
    void refuses(String json, String reason) {
        String text = refusal(json.replace("NODE", NODE).replace('\'', '"'));
        assertTrue(text.contains(reason), text);
    }

    @Test
    void refusesEdgesThatLeadNowhereOrRoundInACircle() {
        String to = NODE.replace(
                "[]", "[{'name':'file','child':'CHILD','roles':[],'used':[],'shared':[],'frozen-by':'j'}]");
        String json = ("{'version':1,'roots':[],'nodes':[" + to + "]}").replace('\'', '"');
        String nowhere = refusal(json.replace("CHILD", "b"));
        assertTrue(nowhere.contains("edge 'file' of node 'a' leads to node 'b'"), nowhere);
        String circle = refusal(json.replace("CHILD", "a"));
        assertTrue(circle.contains("cycle") && circle.contains("'a'"), circle);
    }

    @Test
    void isBounded() {
        assertTrue(refusal("[".repeat(1_000_000)).contains("depth"));
        assertTrue(refusal(" ".repeat(GraphJson.MAX_LENGTH + 1)).contains("longer than"));
        assertTrue(refusal("{\"" + "x".repeat(5000) + "\":1}").contains("malformed"));
    }

    @Test
    void anyDamageIsOneClearErrorOrAnotherGraph() {
        String json = GraphJson.compact(Samples.gated());
        String pieces = "{}[]\",:0-1eE.truenlax\\\u0000\u00e4\ud800 ";
        int refused = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            StringBuilder damaged = new StringBuilder(json);
            for (int i = random.nextInt(4); i >= 0 && !damaged.isEmpty(); i--) {
                int at = random.nextInt(damaged.length());
                switch (random.nextInt(4)) {
                    case 0 -> damaged.setCharAt(at, pieces.charAt(random.nextInt(pieces.length())));
                    case 1 -> damaged.insert(at, pieces.charAt(random.nextInt(pieces.length())));
                    case 2 -> damaged.delete(at, at + 1 + random.nextInt(20));
                    default -> damaged.setLength(Math.max(1, at));
                }
            }
            try {
                GraphView view = GraphJson.parse(damaged.toString());
                assertEquals(view, GraphJson.parse(GraphJson.compact(view)), "seed " + seed);
            } catch (GraphJsonException e) {
                refused++;
                assertEquals(1, String.valueOf(e.getMessage()).lines().count(), "seed " + seed + e.getMessage());
            }
        }
        assertTrue(refused > 10_000 && refused < 20_000, "refused " + refused);
    }
}
