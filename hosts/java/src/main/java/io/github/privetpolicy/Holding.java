package io.github.privetpolicy;

import com.fasterxml.jackson.databind.JsonNode;

/** What is granted of a privilege and what of it has an effect (a JSON null for nothing), and who gives it. */
public record Holding(JsonNode granted, JsonNode effective, JsonNode from) {}
