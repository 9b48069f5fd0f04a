// `privet/vue`.
import { suite } from "./support/frameworks.mjs";

await suite("vue.mjs");
