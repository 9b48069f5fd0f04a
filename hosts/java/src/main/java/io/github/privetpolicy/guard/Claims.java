package io.github.privetpolicy.guard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** The header and the claims of a JWT whose signature is valid, read by the rule of all guards (docs/host.md). */
final class Claims {
    private static final int MOST_DEPTH = 127;
    private static final double MOST_SECONDS = (1L << 53) - 1;
    private static final String PART =
            "(?:[A-Za-z0-9_-]{4})*+(?:[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?";
    private static final Pattern COMPACT = Pattern.compile(PART + "\\." + PART + "\\." + PART);

    /** Refuses a name that comes twice in an object, and too many levels. */
    static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH).maxNumberLength(Guard.MOST_LETTERS).build())
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Claims() {}

    /** Whether a text is a compact JWS whose parts are canonical base64url. */
    static boolean isCompact(String token) {
        return COMPACT.matcher(token).matches();
    }

    /** Reads the claims of a compact JWS, and its header, which must not have {@code crit}: no extension is understood. */
    static JsonNode of(String token) throws java.io.IOException {
        String[] parts = token.split("\\.");
        if (parse(parts[0]).has("crit")) {
            throw new java.io.IOException("`crit` is not understood");
        }
        return parse(parts[1]);
    }

    /** Parses a JSON object: in UTF-8, no name twice in an object, numbers of 64-bit floats, 127 levels at most. */
    private static JsonNode parse(String part) throws java.io.IOException {
        JsonNode value = JSON.readTree(utf8(Base64.getUrlDecoder().decode(part)));
        if (!value.isObject()) {
            throw new java.io.IOException("not an object");
        }
        checkNumbers(value);
        return value;
    }

    private static String utf8(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    private static void checkNumbers(JsonNode value) throws java.io.IOException {
        if (value.isNumber() && !Double.isFinite(value.doubleValue())) {
            throw new java.io.IOException("a number is too large");
        }
        for (JsonNode child : value) {
            checkNumbers(child);
        }
    }

    /** Checks the registered claims at a time. */
    static void check(JsonNode claims, String issuer, String audience, Instant now) {
        for (String name : List.of("iss", "sub", "jti")) {
            if (claims.has(name) && !claims.get(name).isTextual()) {
                throw Guard.problem("invalid-token", "`" + name + "` is no text");
            }
        }
        JsonNode audiences = claims.path("aud");
        boolean isFound = audiences.isTextual() && audiences.asText().equals(audience);
        boolean isText = audiences.isTextual() || audiences.isArray();
        for (JsonNode one : audiences) {
            isText = isText && one.isTextual();
            isFound = isFound || one.asText().equals(audience);
        }
        if (!isText) {
            throw Guard.problem("invalid-token", "`aud` is missing, or no text and no list of texts");
        }
        for (String name : List.of("exp", "nbf", "iat")) {
            if (claims.has(name) && !(claims.get(name).isNumber() && Math.abs(claims.get(name).doubleValue()) <= MOST_SECONDS)) {
                throw Guard.problem("invalid-token", "`" + name + "` is no number of seconds");
            }
        }
        if (!claims.has("iss") || !claims.has("exp")) {
            throw Guard.problem("invalid-token", "`iss` and `exp` are required");
        }
        if (!claims.get("iss").asText().equals(issuer)) {
            throw Guard.problem("wrong-issuer", "the issuer is another");
        }
        if (!isFound) {
            throw Guard.problem("wrong-audience", "the audience is another");
        }
        double seconds = now.toEpochMilli() / 1000.0;
        if (!(seconds < claims.get("exp").doubleValue())) {
            throw Guard.problem("expired-token", "the token is expired");
        }
        if (claims.has("nbf") && !(claims.get("nbf").doubleValue() <= seconds)) {
            throw Guard.problem("invalid-token", "the token is not valid yet");
        }
    }
}
