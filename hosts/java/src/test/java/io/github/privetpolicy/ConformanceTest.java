package io.github.privetpolicy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The conformance suite (conformance/README.md), and threads. */
class ConformanceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory MAKE = JsonNodeFactory.instance;
    private static final Path SUITE = Path.of("../../conformance/5");

    private static JsonNode read(Path path) throws IOException {
        return JSON.readTree(path.toFile());
    }

    private static ArrayNode row(MenuItem item) {
        ArrayNode row = MAKE.arrayNode().add(item.id()).add(item.label()).add(item.state());
        row.add(JSON.valueToTree(item.verbs())).add(JSON.valueToTree(item.operations()));
        return row.add(list(item.children(), ConformanceTest::row));
    }

    private static <T> ArrayNode list(List<T> items, Function<T, JsonNode> each) {
        ArrayNode list = MAKE.arrayNode();
        items.forEach(item -> list.add(each.apply(item)));
        return list;
    }

    private static JsonNode answer(Session session, String key) {
        Policy policy = session.policy();
        return switch (key) {
            case "operations" -> list(policy.operations(), id -> {
                Decision decision = session.decide(id);
                assertEquals(decision.verdict() == Verdict.ALLOWED, session.can(id));
                ArrayNode row = MAKE.arrayNode().add(decision.verdict().name().toLowerCase());
                return row.add(JSON.valueToTree(decision.obligations()));
            });
            case "allowed" -> JSON.valueToTree(session.allowed());
            case "menu" -> list(session.menu(), ConformanceTest::row);
            case "holds" -> list(policy.privileges(), id ->
                    MAKE.arrayNode().add(session.holds(id).granted()).add(session.holds(id).effective()));
            case "from" -> list(policy.privileges(), id -> session.holds(id).from());
            case "token" -> MAKE.textNode(session.token());
            case "subject" -> session.subject();
            case "inputs" -> list(policy.operations(), session::inputs);
            case "validUntil" -> session.validUntil()
                    .<JsonNode>map(until -> MAKE.numberNode(until.getEpochSecond())).orElse(MAKE.nullNode());
            case "snapshot" -> MAKE.textNode(session.snapshot());
            default -> throw new AssertionError(key);
        };
    }

    private static JsonNode fault(String code, String id) {
        return MAKE.objectNode().put("code", code).put("id", id);
    }

    private static JsonNode result(Supplier<?> call) {
        try {
            call.get();
            return MAKE.textNode("no error");
        } catch (PrivetException error) {
            return fault(error.code(), error.id());
        }
    }

    /** Compares as JSON texts: numbers of different Java types are the same. */
    private static void same(JsonNode expected, JsonNode actual, String about) {
        assertEquals(JSON.valueToTree(parsed(expected)), (JsonNode) JSON.valueToTree(parsed(actual)), about);
    }

    private static JsonNode parsed(JsonNode node) {
        try {
            return JSON.readTree(node.toString());
        } catch (IOException error) {
            throw new AssertionError(error);
        }
    }

    private static int compare(JsonNode is, Supplier<Session> begin, String about) {
        if (is.has("error")) {
            same(is.get("error"), result(begin), about);
            return 1;
        }
        Session session = begin.get();
        is.fieldNames().forEachRemaining(key -> same(is.get(key), answer(session, key), about + ": " + key));
        return is.size();
    }

    @Test
    void policies() throws IOException {
        int count = 0;
        List<Path> paths;
        try (var files = Files.list(SUITE.resolve("policies"))) {
            paths = files.sorted().toList();
        }
        for (Path path : paths) {
            JsonNode file = read(path);
            Policy policy = Policy.open(file.get("pack").binaryValue());
            for (JsonNode test : file.get("cases")) {
                JsonNode subject = test.get("subject");
                String about = path.getFileName() + " " + subject;
                Supplier<Session> begin = () -> test.has("now")
                        ? policy.session(subject, Instant.ofEpochSecond(test.get("now").asLong()))
                        : policy.session(subject);
                count += compare(test.get("is"), begin, about);
                for (JsonNode step : test.path("changes")) {
                    count += compare(step.get("is"), () -> begin.get().with(step.get("change")), about + step);
                }
                for (JsonNode step : test.path("tokens")) {
                    count += compare(step.get("is"), () ->
                            policy.restore(step.get("token").asText(), step.path("facts")), about + step);
                }
            }
            Session session = policy.session(Map.of());
            for (JsonNode unknown : file.path("unknown")) {
                String id = unknown.get(1).asText();
                Supplier<?> call = switch (unknown.get(0).asText()) {
                    case "operation" -> () -> session.can(id);
                    case "privilege" -> () -> session.holds(id);
                    default -> () -> session.menuItem(id);
                };
                assertEquals(fault("unknown-id", id), result(call));
            }
        }
        assertTrue(count > 1000, count + " comparisons");
    }

    @Test
    void packs() throws IOException {
        for (JsonNode test : read(SUITE.resolve("packs.json"))) {
            byte[] pack = test.get("pack").binaryValue();
            JsonNode expected = test.get("valid").asBoolean() ? MAKE.textNode("no error") : fault("invalid-pack", "");
            assertEquals(expected, result(() -> Policy.open(pack)), test.get("why").asText());
        }
    }

    private static Policy orders() throws IOException {
        return Policy.open(read(Path.of("../test/guard.json")).get("pack").binaryValue());
    }

    @Test
    void threadsShareAPolicyAndASession() throws Exception {
        Policy policy = orders();
        Session shared = policy.session(Subject.withRoles("clerk"));
        var threads = Executors.newFixedThreadPool(8);
        List<Future<Void>> all = new ArrayList<>();
        for (int number = 0; number < 8; number++) {
            int first = number;
            Callable<Void> work = () -> {
                for (int turn = first; turn < first + 200; turn++) {
                    boolean isClerk = turn % 2 == 0;
                    Session session = policy.session(isClerk ? Subject.withRoles("clerk") : Subject.withRoles());
                    assertEquals(isClerk ? List.of("orders.list") : List.of(), session.allowed());
                    assertEquals(isClerk, session.can("orders.list"));
                    assertEquals(Verdict.ALLOWED, shared.decide("orders.list").verdict());
                    assertEquals(shared.token(), policy.restore(shared.token(), Map.of()).token());
                }
                return null;
            };
            all.add(threads.submit(work));
        }
        for (Future<Void> done : all) {
            done.get();
        }
        threads.shutdown();
    }

    @Test
    void sessionsThatNobodyClosesAreFreed() throws IOException {
        Policy policy = orders();
        Session first = policy.session(Subject.withRoles("clerk"));
        // More than an instance has handles for
        for (int made = 0; made < 100_000; made++) {
            policy.session(Map.of());
        }
        assertEquals(List.of("orders.list"), first.allowed());
    }

    @Test
    void closedSessions() throws IOException {
        Session session = orders().session(Subject.withRoles("clerk"));
        session.close();
        session.close();
        List<Supplier<Object>> calls = List.of(() -> session.can("orders.list"), () -> session.decide("orders.list"), session::allowed, session::menu,
                () -> session.menuItem("orders"), () -> session.holds("stock"), session::token, session::subject, session::snapshot,
                () -> session.inputs("orders.list"), session::validUntil, () -> session.with(java.util.Map.of()));
        for (Supplier<Object> call : calls) {
            assertEquals("invalid-call", code(call));
        }
    }

    private static String code(Supplier<?> call) {
        return org.junit.jupiter.api.Assertions.assertThrows(PrivetException.class, call::get).code();
    }

    @Test
    void modulesWithoutAPolicyAreRefused() throws IOException {
        byte[] host;
        try (var resource = Policy.class.getResourceAsStream("host.wasm")) {
            host = resource.readAllBytes();
        }
        byte[] minimal = {0, 'a', 's', 'm', 1, 0, 0, 0};
        byte[] pack = java.util.Base64.getDecoder().decode(JSON.readTree(Path.of("../test/guard.json").toFile()).get("pack").asText());
        for (byte[] wasm : Arrays.asList(null, new byte[0], "junk".getBytes(), minimal, Arrays.copyOf(minimal, 9), pack, host,
                Arrays.copyOf(host, host.length - 1))) {
            assertEquals("invalid-pack", code(() -> Policy.embedded(wasm)));
        }
    }

    @Test
    void argumentsOfWrongTypesAreRefused() throws IOException {
        Policy policy = orders();
        Session session = policy.session(Subject.withRoles("clerk"));
        List<Supplier<Object>> unknown = List.of(() -> session.can(null), () -> session.decide(null), () -> session.inputs(null),
                () -> session.holds(null), () -> session.menuItem(null), () -> session.can(""));
        unknown.forEach(call -> assertEquals("unknown-id", code(call)));
        List<Supplier<Object>> subjects = List.of(() -> policy.session(null), () -> policy.session(5), () -> policy.session(new Object()),
                () -> session.with(null), () -> session.with(new Object()), () -> policy.restore(session.token(), null),
                () -> policy.restore(session.token(), new Object()), () -> policy.population(null));
        subjects.forEach(call -> assertEquals("invalid-subject", code(call)));
        assertEquals("invalid-token", code(() -> policy.restore(null, java.util.Map.of())));
        assertEquals("invalid-options", code(() -> policy.session(Subject.withRoles("clerk"), null)));
        assertEquals("invalid-pack", code(() -> Policy.open(null)));
    }

    @Test
    void populations() throws IOException {
        Policy policy = orders();
        var allowed = policy.population(List.of(Subject.withRoles("clerk"), Subject.withRoles(), Subject.withRoles("clrk")));
        assertEquals("[Optional[[orders.list]], Optional[[]], Optional.empty]", allowed.toString());
    }

    @Test
    void idsThatAreUnknownSayWhatWasProbablyMeant() throws IOException {
        Session session = orders().session(Map.of());
        PrivetException error = assertThrows(PrivetException.class, () -> session.can("orders.lits"));
        assertTrue(error.getMessage().contains("did you mean `orders.list`?"), error.getMessage());
    }
}
