package io.github.privetpolicy;

import java.util.List;

/** The decision on an operation, and the obligations that it owes. */
public record Decision(Verdict verdict, List<String> obligations) {}
