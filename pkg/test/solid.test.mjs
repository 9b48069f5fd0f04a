// `privet/solid`.
import { suite } from "./support/frameworks.mjs";

await suite("solid.mjs", { conditions: ["browser", "development"] });
