// The part of Next that `privet/next` uses; with its file extension, so that Node.js finds it too.
declare module "next/headers.js" {
  /** The headers of the request that a server component, handler or action runs for. */
  export function headers(): Promise<Headers>;
}
