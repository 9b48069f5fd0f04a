package io.github.privetpolicy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A menu item. Its state is {@code shown}, {@code hidden} or {@code undecided}; {@code meta} is data of the product, or null. */
public record MenuItem(String id, String label, JsonNode meta, String state, List<String> verbs, List<String> operations,
        List<MenuItem> children) {}
