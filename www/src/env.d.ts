/// <reference types="vite/client" />
declare module "virtual:described/*" {
  const described: import("privet/studio").PolicyDescription;
  export default described;
}
