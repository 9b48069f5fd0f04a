/** `true` if two types are identical, which is stricter than mutually assignable. */
export type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only for the type `true`. */
export declare function expect<T extends true>(): T;
