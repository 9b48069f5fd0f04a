/** `true` when two types are the same, not only assignable to one another. */
export type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Does not compile unless what it is given is the type `true`. */
export declare function expect<T extends true>(): T;
