/// <reference types="vite/client" />
declare module "virtual:described/*" {
  const described: import("privet/studio").PolicyDescription;
  export default described;
}
declare module "virtual:german/*" {
  export const pack: Uint8Array;
}
