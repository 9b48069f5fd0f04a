/** A request that is not decided: the status, a stable code, and a message for the caller. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** A header of the response, as name and value. */
    readonly header?: readonly [name: string, value: string],
  ) {
    super(message);
  }

  /** The body of the response. */
  get text(): string {
    return `${this.code}: ${this.message}`;
  }
}
