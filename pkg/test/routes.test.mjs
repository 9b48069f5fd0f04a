// `privet/routes`, with the routers of each framework.
import { suite } from "./support/frameworks.mjs";

await suite("routes.mjs", {
  conditions: ["browser", "development"],
  external: ["happy-dom", "react-router", "vue-router"],
});
