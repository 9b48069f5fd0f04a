package io.github.privetpolicy;

/** The decision on an operation. Only {@code ALLOWED} permits anything. */
public enum Verdict {
    ALLOWED,
    DENIED,
    /** It depends on a fact that is not known. */
    UNDECIDED
}
