package io.github.privetpolicy.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.ECKey;
import io.github.privetpolicy.Policy;
import io.github.privetpolicy.PrivetException;
import io.github.privetpolicy.Session;
import jakarta.servlet.FilterChain;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** The requests of hosts/test/guard.json with the answers of privet/edge; the filter. */
class GuardTest {
    static final ObjectMapper JSON = new ObjectMapper();
    static final JsonNode FILE = file();
    static final Policy POLICY = policy();
    static final List<String> GOOD = texts(FILE.get("cases").get(0).get("authorization"));

    private static JsonNode file() {
        try {
            return JSON.readTree(Path.of("../test/guard.json").toFile());
        } catch (java.io.IOException error) {
            throw new AssertionError(error);
        }
    }

    private static Policy policy() {
        try {
            return Policy.open(FILE.get("pack").binaryValue());
        } catch (java.io.IOException error) {
            throw new AssertionError(error);
        }
    }

    static Guard.Builder options() {
        try {
            ECPublicKey key = ECKey.parse(FILE.get("jwk").toString()).toECPublicKey();
            return Guard.of(POLICY).key(key).issuer(FILE.get("issuer").asText()).audience(FILE.get("audience").asText())
                    .algorithms(JWSAlgorithm.parse(FILE.get("algorithm").asText())).onProblem(error -> {});
        } catch (Exception error) {
            throw new AssertionError(error);
        }
    }

    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    @Test
    void requests() throws Exception {
        for (JsonNode test : FILE.get("cases")) {
            Guard guard = options().facts(claims -> JSON.convertValue(test.get("facts"), new com.fasterxml.jackson.core.type.TypeReference<Map<String, Object>>() {}))
                    .revoked(claims -> "mallory".equals(claims.get("sub"))).build();
            ObjectNode answer = JSON.createObjectNode().put("status", 200);
            String operation = test.get("operation").asText();
            try (Session session = guard.require(
                    texts(test.get("authorization")), operation, texts(test.get("discharges")).toArray(String[]::new))) {
                assertTrue(session.can(operation));
            } catch (ProblemException problem) {
                JsonNode details = JSON.readTree(problem.body());
                answer.put("status", problem.status()).put("code", problem.code());
                answer.set("title", details.get("title"));
                answer.set("detail", details.get("detail"));
                answer.put("challenge", problem.headers().get("WWW-Authenticate"));
            }
            assertEquals(test.get("is"), answer, test.get("why").asText());
        }
        assertTrue(FILE.get("cases").size() > 30);
    }

    @Test
    void hooksThatFailRefuse() {
        List<Throwable> told = new ArrayList<>();
        Map<String, Consumer<Guard.Builder>> faults = Map.of(
                "facts-unavailable", it -> it.facts(claims -> { throw new IllegalStateException("down"); }),
                "revocation-unavailable", it -> it.revoked(claims -> { throw new IllegalStateException("down"); }));
        faults.forEach((code, set) -> {
            Guard.Builder options = options().onProblem(told::add);
            set.accept(options);
            ProblemException refused = assertThrows(ProblemException.class, () -> options.build().require(GOOD, "orders.list"));
            assertEquals(List.of(code, 503), List.of(refused.code(), refused.status()));
        });
        Guard keyless = Guard.of(POLICY).keys((selector, context) -> { throw new KeySourceException("down"); })
                .issuer(FILE.get("issuer").asText()).audience(FILE.get("audience").asText())
                .algorithms(JWSAlgorithm.ES256).onProblem(told::add).build();
        assertEquals("keys-unavailable",
                assertThrows(ProblemException.class, () -> keyless.require(GOOD, "orders.list")).code());
        assertEquals(3, told.size());
    }

    @Test
    void optionsThatAreUnsafeAreRefused() throws Exception {
        PublicKey es384 = pair("EC", 384), rs1024 = pair("RSA", 1024), rs = pair("RSA", 2048), ed = pair("Ed25519", 255);
        List<Supplier<Guard.Builder>> wrong = List.of(
                () -> Guard.of(), () -> options().key(null), () -> options().issuer(null), () -> options().claim(null), () -> options().clock(null),
                () -> options().issuer(""), () -> options().audience(""), () -> options().algorithms(),
                () -> options().algorithms(JWSAlgorithm.HS256), () -> options().algorithms(new JWSAlgorithm("none")),
                () -> options().algorithms(new JWSAlgorithm("XX1")), () -> options().algorithms(JWSAlgorithm.EdDSA), () -> options().algorithms(JWSAlgorithm.ES256, null),
                () -> options().algorithms(JWSAlgorithm.ES384), () -> options().algorithms(JWSAlgorithm.ES256, JWSAlgorithm.RS256),
                () -> options().key(es384), () -> options().key(rs), () -> options().key(ed),
                () -> options().key(rs1024).algorithms(JWSAlgorithm.RS256), () -> options().keys((selector, context) -> List.of()),
                () -> Guard.of((Policy) null).key(es384).issuer("i").audience("a").algorithms(JWSAlgorithm.ES384));
        for (Supplier<Guard.Builder> options : wrong) {
            assertEquals("invalid-options", assertThrows(PrivetException.class, () -> options.get().build()).code());
        }
        options().key(es384).algorithms(JWSAlgorithm.ES384).build();
        options().key(rs).algorithms(JWSAlgorithm.RS256, JWSAlgorithm.PS512).build();
        for (String route : List.of("findings", "/orders", "GET", "GET orders", "get /orders", "GET  /orders", "")) {
            assertEquals("invalid-options", assertThrows(PrivetException.class,
                    () -> new PrivetFilter(options().build(), Map.of(route, "orders.list"))).code(), route);
        }
    }

    private static PublicKey pair(String algorithm, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair().getPublic();
    }

    @Test
    void anOperationThatNoPolicyHasIsAnErrorOfTheCode() {
        PrivetException error = assertThrows(PrivetException.class, () -> options().build().require(GOOD, "orders.lits"));
        assertEquals("unknown-id", error.code());
        assertThrows(PrivetException.class, () -> new PrivetFilter(options().build(), Map.of("GET /orders", "orders.lits")));
    }

    @Test
    void theFilterGuardsItsRoutesAndRefusesOthers() throws Exception {
        PrivetFilter filter = new PrivetFilter(options().build(), Map.of("GET /orders", "orders.list"));
        record Request(String path, List<String> authorization, int status) {}
        for (Request test : List.of(new Request("/orders", GOOD, 200), new Request("/orders", List.of(), 401), new Request("/other", GOOD, 403))) {
            MockHttpServletRequest request = new MockHttpServletRequest("GET", test.path());
            request.setServletPath(test.path());
            test.authorization().forEach(header -> request.addHeader("Authorization", header));
            MockHttpServletResponse response = new MockHttpServletResponse();
            List<Boolean> can = new ArrayList<>();
            FilterChain chain = (given, answer) -> can.add(((Session) given.getAttribute(PrivetFilter.SESSION)).can("orders.list"));
            filter.doFilter(request, response, chain);
            assertEquals(test.status(), response.getStatus());
            assertEquals(test.status() == 200 ? List.of(true) : List.of(), can);
            if (test.status() == 200) {
                Session session = (Session) request.getAttribute(PrivetFilter.SESSION);
                assertEquals("invalid-call", assertThrows(PrivetException.class, () -> session.can("orders.list")).code());
            } else {
                assertEquals("application/problem+json", response.getContentType());
            }
        }
    }
}
