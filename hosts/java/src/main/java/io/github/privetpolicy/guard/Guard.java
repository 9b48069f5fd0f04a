package io.github.privetpolicy.guard;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEProcessor;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import io.github.privetpolicy.Decision;
import io.github.privetpolicy.Policy;
import io.github.privetpolicy.PrivetException;
import io.github.privetpolicy.Session;
import io.github.privetpolicy.Verdict;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.io.IOException;
import java.text.ParseException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Guards requests as {@code privet/edge} does: verifies the JWT of a request and decides by the token in it. Nothing is allowed by
 * default. Threads may share it. Needs nimbus-jose-jwt.
 *
 * <pre>{@code
 * Guard guard = Guard.of(policy).key(publicKey).issuer("https://id.shop.example").audience("https://api.shop.example")
 *         .algorithms(JWSAlgorithm.ES256).build();
 * Session session = guard.require(headers, "orders.list"); // or throws ProblemException
 * }</pre>
 */
public final class Guard {
    static final int MOST_LETTERS = 8192;
    private static final int LAYOUT_LETTERS = 12;
    /** The algorithms of public keys that Nimbus verifies with what Java has: not EdDSA. */
    private static final List<JWSAlgorithm> KNOWN = Arrays.asList(
            JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512, JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.RS512,
            JWSAlgorithm.PS256, JWSAlgorithm.PS384, JWSAlgorithm.PS512);

    private final Builder options;
    private final DefaultJOSEProcessor<SecurityContext> verifier = new DefaultJOSEProcessor<>();

    private Guard(Builder options) {
        this.options = options;
        verifier.setJWSKeySelector(options.keys);
        verifier.setJWSTypeVerifier((type, context) -> {}); // issuers write several
    }

    /** The options of a guard. The policies are the newest first: the first one with the layout of a token decides alone. */
    public static Builder of(Policy... policies) {
        return new Builder(policies == null ? List.of() : Arrays.asList(policies.clone()));
    }

    /** Collects options. */
    public static final class Builder {
        private final List<Policy> policies;
        private PublicKey key;
        private JWKSource<SecurityContext> source;
        private JWSKeySelector<SecurityContext> keys;
        private Set<JWSAlgorithm> algorithms = Set.of();
        private String issuer = "";
        private String audience = "";
        private String claim = "privet";
        private Function<Map<String, Object>, Map<String, ?>> facts = claims -> Map.of();
        private Predicate<Map<String, Object>> revoked = claims -> false;
        private Consumer<Throwable> onProblem = error -> System.getLogger("privet").log(System.Logger.Level.ERROR, "privet", error);
        private Clock clock = Clock.systemUTC();

        private Builder(List<Policy> policies) {
            this.policies = policies;
        }

        /** The issuer's public key: an {@code ECPublicKey} or an {@code RSAPublicKey}, as the algorithms are. */
        public Builder key(PublicKey key) {
            this.key = key;
            return this;
        }

        /** The keys of the issuer, such as {@code JWKSourceBuilder.create(url).build()}. */
        public Builder keys(JWKSource<SecurityContext> source) {
            this.source = source;
            return this;
        }

        public Builder issuer(String issuer) {
            this.issuer = issuer;
            return this;
        }

        public Builder audience(String audience) {
            this.audience = audience;
            return this;
        }

        /** The algorithms of the issuer: ES, RS and PS, each with 256, 384 and 512. */
        public Builder algorithms(JWSAlgorithm... algorithms) {
            this.algorithms = algorithms == null ? Set.of() : new LinkedHashSet<>(Arrays.asList(algorithms));
            return this;
        }

        /** The claim that has the token; {@code privet} by default. */
        public Builder claim(String claim) {
            this.claim = claim;
            return this;
        }

        /** The current facts of the person of these claims. What it does not give is unknown. */
        public Builder facts(Function<Map<String, Object>, Map<String, ?>> facts) {
            this.facts = facts;
            return this;
        }

        /** Whether these claims are revoked. */
        public Builder revoked(Predicate<Map<String, Object>> revoked) {
            this.revoked = revoked;
            return this;
        }

        /** Is told of errors that are not the client's; by default the system's logger. */
        public Builder onProblem(Consumer<Throwable> onProblem) {
            this.onProblem = onProblem;
            return this;
        }

        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** @throws PrivetException with the code {@code invalid-options}; its id is the option that is missing, unsafe or wrong */
        public Guard build() {
            if (policies.isEmpty() || policies.contains(null)) {
                throw invalid("policies", "must have the policy that decides, and no null");
            }
            if (issuer == null || issuer.isEmpty()) {
                throw invalid("issuer", "is required: without it, tokens of any issuer with the key would pass");
            }
            if (audience == null || audience.isEmpty()) {
                throw invalid("audience", "is required: without it, tokens for other services would pass");
            }
            if (algorithms.isEmpty() || !KNOWN.containsAll(algorithms)) {
                throw invalid("algorithms", "must have those of the issuer, of " + KNOWN);
            }
            for (Object option : new Object[] {claim, facts, revoked, onProblem, clock}) {
                if (option == null) {
                    throw invalid("claim", "and `facts`, `revoked`, `onProblem` and `clock` cannot be null");
                }
            }
            if ((key == null) == (source == null)) {
                throw invalid("key", "or `keys` is required, and not both");
            }
            for (JWSAlgorithm algorithm : key == null ? Set.<JWSAlgorithm>of() : algorithms) {
                if (!fits(key, algorithm)) {
                    throw invalid("key", "is no public key for " + algorithm + "; give one of its curve, or of RSA with 2,048 bits");
                }
            }
            keys = source != null
                    ? new JWSVerificationKeySelector<>(algorithms, source)
                    : (header, context) -> algorithms.contains(header.getAlgorithm()) ? List.of(key) : List.of();
            return new Guard(this);
        }
    }

    /** Whether a key is one that the verifier of an algorithm takes. */
    private static boolean fits(PublicKey key, JWSAlgorithm algorithm) {
        if (key instanceof RSAPublicKey rsa) {
            return JWSAlgorithm.Family.RSA.contains(algorithm) && rsa.getModulus().bitLength() >= 2048;
        }
        return key instanceof ECPublicKey ec && Curve.forJWSAlgorithm(algorithm) != null
                && Curve.forJWSAlgorithm(algorithm).contains(Curve.forECParameterSpec(ec.getParams()));
    }

    private static PrivetException invalid(String option, String fault) {
        return new PrivetException("invalid-options", option, "option `" + option + "` " + fault);
    }

    /**
     * The session of a request.
     *
     * @param authorization the Authorization headers of the request
     * @throws ProblemException for a request that is refused
     */
    public Session session(List<String> authorization) {
        Map<String, Object> claims = verified(bearer(authorization));
        if (!(claims.get(options.claim) instanceof String token)) {
            throw problem("invalid-token", "the claim `" + options.claim + "` is missing");
        }
        if (ask("revocation-unavailable", () -> options.revoked.test(claims))) {
            throw problem("revoked-token", "the token was revoked");
        }
        Map<String, ?> facts = ask("facts-unavailable", () -> Objects.requireNonNull(options.facts.apply(claims)));
        Policy policy = options.policies.stream()
                .filter(one -> token.length() >= LAYOUT_LETTERS && token.startsWith(one.layout()))
                .findFirst().orElse(options.policies.get(0));
        try {
            return policy.restore(token, facts);
        } catch (PrivetException error) {
            if (Set.of("invalid-token", "stale-token", "conflicting-choice").contains(error.code())) {
                throw new ProblemException(error.code(), "", error.getMessage(), error);
            }
            throw failed("invalid-facts", error);
        }
    }

    /**
     * The session of a request to which an operation is allowed.
     *
     * @param discharged the obligations that the handler fulfils; others that are owed refuse the request
     * @throws ProblemException for a request that is refused
     * @throws PrivetException with the code {@code unknown-id} for an operation that no policy has
     */
    public Session require(List<String> authorization, String operation, String... discharged) {
        check(operation);
        Session session = session(authorization);
        if (!session.policy().operations().contains(operation)) {
            throw problem("stale-token", operation, "the token is older than `" + operation + "`");
        }
        Decision decision = session.decide(operation);
        if (decision.verdict() != Verdict.ALLOWED) {
            String code = decision.verdict() == Verdict.UNDECIDED ? "undecided" : "denied";
            throw problem(code, operation, "`" + operation + "` is " + code);
        }
        for (String owed : decision.obligations()) {
            if (!List.of(discharged).contains(owed)) {
                throw problem("obligation-owed", operation, "`" + operation + "` owes `" + owed + "`");
            }
        }
        return session;
    }

    /**
     * Checks that a policy has an operation, for routes when they are made.
     *
     * @throws PrivetException with the code {@code unknown-id}
     */
    public void check(String operation) {
        if (options.policies.stream().noneMatch(policy -> policy.operations().contains(operation))) {
            options.policies.get(0).session(Map.of()).decide(operation); // its error says what was probably meant
        }
    }

    private Map<String, Object> verified(String token) {
        try {
            if (!Claims.isCompact(token)) {
                throw new ParseException("not a compact JWS", 0);
            }
            JWSObject jws = JWSObject.parse(token);
            verifier.process(jws, null); // of Nimbus only the signature: the header and the claims are read by the rule of all guards
            JsonNode claims = Claims.of(token);
            Claims.check(claims, options.issuer, options.audience, options.clock.instant());
            return Collections.unmodifiableMap(Claims.JSON.convertValue(claims, new TypeReference<Map<String, Object>>() {}));
        } catch (ProblemException error) {
            throw error;
        } catch (KeySourceException error) {
            throw failed("keys-unavailable", error);
        } catch (ParseException | IOException | BadJOSEException | JOSEException | RuntimeException | StackOverflowError error) {
            throw new ProblemException("invalid-token", "", String.valueOf(error.getMessage()), error);
        }
    }

    private static String bearer(List<String> headers) {
        if (headers == null || headers.isEmpty()) {
            throw problem("missing-token", "no Authorization header was sent");
        }
        if (headers.size() > 1) {
            throw problem("invalid-token", "several Authorization headers were sent");
        }
        String header = headers.get(0);
        if (header.length() > MOST_LETTERS) {
            throw problem("oversized-token", "the Authorization header is too long");
        }
        String[] parts = header.split(" ", 2);
        if (parts.length < 2 || !parts[0].equalsIgnoreCase("bearer") || parts[1].isBlank()) {
            throw problem("missing-token", "no bearer token was sent");
        }
        return parts[1].trim();
    }

    private <T> T ask(String code, Supplier<T> hook) {
        try {
            return hook.get();
        } catch (RuntimeException error) {
            throw failed(code, error);
        }
    }

    private ProblemException failed(String code, Exception error) {
        options.onProblem.accept(error);
        return new ProblemException(code, "", String.valueOf(error.getMessage()), error);
    }

    static ProblemException problem(String code, String message) {
        return problem(code, "", message);
    }

    private static ProblemException problem(String code, String operation, String message) {
        return new ProblemException(code, operation, message, null);
    }
}
